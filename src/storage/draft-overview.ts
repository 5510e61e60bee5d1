/** What one commit group changes in overview: appended rows, blocks that fill, blocks that a cancel rewrites. */
import { blockKey, rowKey } from './keys.ts'
import { readBlock } from './overview.ts'
import { blockOf, blockSize, encodeBlock, encodeRow, slotOf } from './overview-block.ts'
import type { GroupId } from './reading.ts'
import type { Change, Store } from './store.ts'

interface BlockDraft {
  readonly group: GroupId
  readonly block: number
  sealed: boolean
  /** Every row, once the block was read; otherwise only the rows added here. */
  readonly rows: Map<number, Buffer>
  /** Numbers that stand in the database as loose rows; undefined until the block was read. */
  stored?: ReadonlySet<number>
}

export class DamagedOverview extends Error {
  override readonly name = 'DamagedOverview'
}

export class DraftOverview {
  readonly #index: Pick<Store, 'iterate'>
  readonly #blocks = new Map<string, BlockDraft>()

  constructor(index: Pick<Store, 'iterate'>) {
    this.#index = index
  }

  /** Adds the line of `number` to a group whose high mark was `high`. */
  async add(group: GroupId, number: number, line: Buffer, high: number): Promise<void> {
    const block = this.#block(group, blockOf(number))
    // A number behind the open block comes from an import: its block is sealed, so it is read and written whole.
    if (blockOf(number) < blockOf(high)) await this.#read(block)
    else if (blockOf(number) > blockOf(high) && high > 0) await this.#seal(this.#block(group, blockOf(high)))
    block.rows.set(number, line)
    if (slotOf(number) === blockSize - 1 || blockOf(number) < blockOf(high)) await this.#seal(block)
  }

  async replace(group: GroupId, number: number, line: Buffer): Promise<void> {
    const block = this.#block(group, blockOf(number))
    await this.#read(block)
    block.rows.set(number, line)
  }

  async remove(group: GroupId, number: number): Promise<void> {
    const block = this.#block(group, blockOf(number))
    await this.#read(block)
    block.rows.delete(number)
  }

  /** The changes to `index`, as absolute values. */
  changes(): Change[] {
    return [...this.#blocks.values()].flatMap(block =>
      block.sealed ? sealedChanges(block) : looseChanges(block),
    )
  }

  #block(group: GroupId, block: number): BlockDraft {
    const name = `${group}/${block}`
    const known = this.#blocks.get(name)
    if (known) return known
    const made: BlockDraft = { group, block, sealed: false, rows: new Map() }
    this.#blocks.set(name, made)
    return made
  }

  async #seal(block: BlockDraft): Promise<void> {
    await this.#read(block)
    block.sealed = true
  }

  async #read(block: BlockDraft): Promise<void> {
    if (block.stored) return
    const found = await readBlock(this.#index, block.group, block.block)
    if (found === undefined) throw new DamagedOverview(`block ${block.block} of group ${block.group}`)
    const added = [...block.rows]
    block.rows.clear()
    for (const { number, line } of found.rows) block.rows.set(number, line)
    for (const [number, line] of added) block.rows.set(number, line)
    block.stored = new Set(found.sealed ? [] : found.rows.map(row => row.number))
    block.sealed ||= found.sealed
  }
}

function sealedChanges({ group, block, rows, stored }: BlockDraft): Change[] {
  const ordered = [...rows].sort(([a], [b]) => a - b).map(([number, line]) => ({ number, line }))
  return [
    { key: blockKey(group, block), value: ordered.length === 0 ? undefined : encodeBlock(ordered) },
    ...[...(stored ?? [])].map(number => ({ key: rowKey(group, block, slotOf(number)), value: undefined })),
  ]
}

function looseChanges({ group, block, rows, stored }: BlockDraft): Change[] {
  const puts = [...rows].map(([number, line]) => ({
    key: rowKey(group, block, slotOf(number)),
    value: encodeRow(line),
  }))
  const gone = [...(stored ?? [])].filter(number => !rows.has(number))
  return [...puts, ...gone.map(number => ({ key: rowKey(group, block, slotOf(number)), value: undefined }))]
}
