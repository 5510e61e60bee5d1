/** What one commit group changes in overview: a run of appended rows, blocks that fill, blocks that a cancel rewrites. */

import type { Change, Store } from '../database/store.ts'
import { blockKey, runKey } from '../keys.ts'
import { readBlock } from '../overview/overview.ts'
import { blockOf, blockSize, encodeBlock, type Row, slotOf } from '../overview/overview-block.ts'
import type { GroupId } from '../reading.ts'

interface BlockDraft {
  readonly group: GroupId
  readonly block: number
  sealed: boolean
  changed: boolean
  /** Every row, once the block was read; otherwise only the rows added here. In ascending order of number. */
  rows: Row[]
  /** Slots at which runs of loose rows stand in the database; undefined until the block was read. */
  runs: readonly number[] | undefined
}

/** The rows of a block from the articles, where those of the database are damaged. */
export type RowsFromArticles = (group: GroupId, block: number) => Promise<readonly Row[]>

export class DraftOverview {
  readonly #index: Pick<Store, 'iterate'>
  readonly #rowsFromArticles: RowsFromArticles
  readonly #blocks = new Map<string, BlockDraft>()
  /** The block of each group that was asked for last. */
  readonly #last = new Map<GroupId, BlockDraft>()

  constructor(index: Pick<Store, 'iterate'>, rowsFromArticles: RowsFromArticles) {
    this.#index = index
    this.#rowsFromArticles = rowsFromArticles
  }

  /** Adds the line of `number` to a group whose high mark was `high`. A promise only where a block is read. */
  add(group: GroupId, number: number, line: Buffer, high: number): Promise<void> | undefined {
    const block = this.#block(group, blockOf(number))
    const before = number > high && blockOf(number) > blockOf(high) && high > 0
    // A number behind the high mark comes from an import: its block may be sealed.
    if (before || number < high || slotOf(number) === blockSize - 1)
      return this.#addToRead(block, { number, line }, high)
    set(block, number, line)
    return undefined
  }

  async #addToRead(block: BlockDraft, { number, line }: Row, high: number): Promise<void> {
    const { group } = block
    if (number < high) await this.#read(block)
    else if (blockOf(number) > blockOf(high) && high > 0) await this.#seal(this.#block(group, blockOf(high)))
    set(block, number, line)
    if (slotOf(number) === blockSize - 1 || blockOf(number) < blockOf(high)) await this.#seal(block)
  }

  async replace(group: GroupId, number: number, line: Buffer): Promise<void> {
    const block = this.#block(group, blockOf(number))
    await this.#read(block)
    set(block, number, line)
  }

  async remove(group: GroupId, number: number): Promise<void> {
    const block = this.#block(group, blockOf(number))
    await this.#read(block)
    block.rows = block.rows.filter(row => row.number !== number)
    block.changed = true
  }

  /** The changes to `index`, as absolute values. */
  changes(): Change[] {
    const changes: Change[] = []
    for (const block of this.#blocks.values())
      if (block.changed) changes.push(...(block.sealed ? sealedChanges(block) : looseChanges(block)))
    return changes
  }

  #block(group: GroupId, block: number): BlockDraft {
    const last = this.#last.get(group)
    if (last?.block === block) return last
    const found = this.#named(group, block)
    this.#last.set(group, found)
    return found
  }

  #named(group: GroupId, block: number): BlockDraft {
    const name = `${group}/${block}`
    const known = this.#blocks.get(name)
    if (known) return known
    const made: BlockDraft = { group, block, sealed: false, changed: false, rows: [], runs: undefined }
    this.#blocks.set(name, made)
    return made
  }

  async #seal(block: BlockDraft): Promise<void> {
    await this.#read(block)
    if (block.sealed && block.runs?.length === 0) return
    block.sealed = true
    block.changed = true
  }

  async #read(block: BlockDraft): Promise<void> {
    if (block.runs) return
    const found = await readBlock(this.#index, block.group, block.block)
    // Nobody's post and no cancel may fail because of it; and what is rewritten is whole again.
    const rows = found.damaged ? await this.#rowsFromArticles(block.group, block.block) : found.rows
    if (found.damaged) block.changed = true
    const added = block.rows
    block.rows = []
    for (const row of rows) place(block.rows, row)
    for (const row of added) place(block.rows, row)
    block.runs = found.runs
    block.sealed ||= found.sealed
  }
}

function set(block: BlockDraft, number: number, line: Buffer): void {
  place(block.rows, { number, line })
  block.changed = true
}

/** In the place of the row of that number, or in order; almost always it is the highest so far. */
function place(rows: Row[], row: Row): void {
  let at = rows.length
  while (at > 0 && (rows[at - 1]?.number ?? 0) > row.number) at--
  if (rows[at - 1]?.number === row.number) rows[at - 1] = row
  else if (at === rows.length) rows.push(row)
  else rows.splice(at, 0, row)
}

function sealedChanges(draft: BlockDraft): Change[] {
  const { group, block, rows, runs = [] } = draft
  const value = rows.length === 0 ? undefined : encodeBlock(rows)
  return [{ key: blockKey(group, block), value }, ...runs.map(slot => runGone(draft, slot))]
}

/** Everything that was read or added here becomes one run. */
function looseChanges(draft: BlockDraft): Change[] {
  const { group, block, rows, runs = [] } = draft
  const [first] = rows
  if (first === undefined) return runs.map(slot => runGone(draft, slot))
  const start = slotOf(first.number)
  return [
    { key: runKey(group, block, start), value: encodeBlock(rows) },
    ...runs.filter(slot => slot !== start).map(slot => runGone(draft, slot)),
  ]
}

const runGone = ({ group, block }: BlockDraft, slot: number): Change => ({
  key: runKey(group, block, slot),
  value: undefined,
})
