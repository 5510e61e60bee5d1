/** What one commit group changes in overview: a run of appended rows, blocks that fill, blocks that a cancel rewrites. */
import { blockKey, runKey } from './keys.ts'
import { readBlock } from './overview/overview.ts'
import { blockOf, blockSize, encodeBlock, type Row, slotOf } from './overview/overview-block.ts'
import type { GroupId } from './reading.ts'
import type { Change, Store } from './store.ts'

interface BlockDraft {
  readonly group: GroupId
  readonly block: number
  sealed: boolean
  changed: boolean
  /** Every row, once the block was read; otherwise only the rows added here. */
  readonly rows: Map<number, Buffer>
  /** Slots at which runs of loose rows stand in the database; undefined until the block was read. */
  runs?: readonly number[]
}

/** The rows of a block from the articles, where those of the database are damaged. */
export type RowsFromArticles = (group: GroupId, block: number) => Promise<readonly Row[]>

export class DraftOverview {
  readonly #index: Pick<Store, 'iterate'>
  readonly #rowsFromArticles: RowsFromArticles
  readonly #blocks = new Map<string, BlockDraft>()

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
    block.rows.delete(number)
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
    const name = `${group}/${block}`
    const known = this.#blocks.get(name)
    if (known) return known
    const made: BlockDraft = { group, block, sealed: false, changed: false, rows: new Map() }
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
    const added = [...block.rows]
    block.rows.clear()
    for (const { number, line } of rows) block.rows.set(number, line)
    for (const [number, line] of added) block.rows.set(number, line)
    block.runs = found.runs
    block.sealed ||= found.sealed
  }
}

function set(block: BlockDraft, number: number, line: Buffer): void {
  block.rows.set(number, line)
  block.changed = true
}

function sealedChanges(draft: BlockDraft): Change[] {
  const { group, block, rows, runs = [] } = draft
  const value = rows.size === 0 ? undefined : encodeBlock(inOrder(rows))
  return [{ key: blockKey(group, block), value }, ...runs.map(slot => runGone(draft, slot))]
}

/** Everything that was read or added here becomes one run. */
function looseChanges(draft: BlockDraft): Change[] {
  const { group, block, rows, runs = [] } = draft
  const ordered = inOrder(rows)
  const [first] = ordered
  if (first === undefined) return runs.map(slot => runGone(draft, slot))
  const start = slotOf(first.number)
  return [
    { key: runKey(group, block, start), value: encodeBlock(ordered) },
    ...runs.filter(slot => slot !== start).map(slot => runGone(draft, slot)),
  ]
}

const runGone = ({ group, block }: BlockDraft, slot: number): Change => ({
  key: runKey(group, block, slot),
  value: undefined,
})

function inOrder(rows: ReadonlyMap<number, Buffer>): Row[] {
  const ordered: Row[] = []
  let last = -1
  let sorted = true
  for (const [number, line] of rows) {
    sorted &&= number > last
    last = number
    ordered.push({ number, line })
  }
  return sorted ? ordered : ordered.sort((a, b) => a.number - b.number)
}
