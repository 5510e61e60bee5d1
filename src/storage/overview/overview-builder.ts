/** Collects the overview of many articles into sealed blocks, in bounded memory, for an index that is made again. */

import type { Change, Store } from '../database/store.ts'
import { blockKey } from '../keys.ts'
import type { GroupId } from '../reading.ts'
import { Block, blockOf, blockSize, encodeBlock, type Row } from './overview-block.ts'

/** Octets of lines in memory before all of them are written. */
const limit = 32 * 1024 * 1024
/** What a row costs besides its line, octets. */
const rowCost = 64

interface Building {
  readonly group: GroupId
  readonly block: number
  readonly rows: Map<number, Buffer>
}

export class BlockBuilder {
  readonly #index: Store
  readonly #building = new Map<string, Building>()
  #octets = 0
  #full: Building[] = []

  constructor(index: Store) {
    this.#index = index
  }

  add(group: GroupId, number: number, line: Buffer): void {
    const block = blockOf(number)
    const name = `${group}/${block}`
    let building = this.#building.get(name)
    if (building === undefined) {
      building = { group, block, rows: new Map() }
      this.#building.set(name, building)
    }
    building.rows.set(number, line)
    this.#octets += line.length + rowCost
    if (building.rows.size === blockSize) {
      this.#full.push(building)
      this.#building.delete(name)
    }
  }

  /** The blocks that are full, and all of them where memory is short. What was taken before must be written by now. */
  async takeFull(): Promise<Change[]> {
    if (this.#octets > limit) return await this.takeAll()
    const full = this.#full
    this.#full = []
    for (const { rows } of full) for (const line of rows.values()) this.#octets -= line.length + rowCost
    return await this.#changesOf(full)
  }

  async takeAll(): Promise<Change[]> {
    const all = [...this.#full, ...this.#building.values()]
    this.#full = []
    this.#building.clear()
    this.#octets = 0
    return await this.#changesOf(all)
  }

  #changesOf(buildings: readonly Building[]): Promise<Change[]> {
    return Promise.all(buildings.map(building => this.#changeOf(building)))
  }

  /** A block that was written before, when memory was short, is joined. */
  async #changeOf({ group, block, rows }: Building): Promise<Change> {
    const key = blockKey(group, block)
    const written = await this.#index.get(key)
    const earlier: Row[] = (written && Block.decode(block, written)?.rows()) ?? []
    const all = new Map(earlier.map(({ number, line }) => [number, line]))
    for (const [number, line] of rows) all.set(number, line)
    const ordered = [...all].sort(([a], [b]) => a - b).map(([number, line]) => ({ number, line }))
    return { key, value: encodeBlock(ordered) }
  }
}
