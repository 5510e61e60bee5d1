/** Numbers of articles in groups as one commit group leaves them, over what is committed. RFC 3977 6 */

import type { DatabaseName, Stores } from '../database/store.ts'
import { numberKey, numberOfKey, readWide } from '../keys.ts'
import type { Arrival, GroupId } from '../reading.ts'

/** Takes the changes of the group. */
interface Changes {
  /** Eight octets. */
  wide(arrival: Arrival): Buffer
  put(database: DatabaseName, key: Buffer, value: Buffer): void
  delete(database: DatabaseName, key: Buffer): void
}

export class DraftNumbers {
  readonly #index: Stores['index']
  readonly #draft: Changes
  readonly #added = new Map<GroupId, number[]>()
  readonly #removed = new Set<string>()

  constructor(index: Stores['index'], draft: Changes) {
    this.#index = index
    this.#draft = draft
  }

  put(group: GroupId, number: number, arrival: Arrival): void {
    this.#draft.put('index', numberKey(group, number), this.#draft.wide(arrival))
    const added = this.#added.get(group)
    if (added) added.push(number)
    else this.#added.set(group, [number])
  }

  async taken(group: GroupId, number: number): Promise<boolean> {
    if (this.#added.get(group)?.includes(number)) return true
    return (await this.#index.get(numberKey(group, number))) !== undefined
  }

  remove(group: GroupId, number: number): void {
    this.#draft.delete('index', numberKey(group, number))
    this.#removed.add(`${group}/${number}`)
  }

  /** The lowest number above `number`; undefined where there is none. */
  async next(group: GroupId, number: number): Promise<number | undefined> {
    const committed = await this.#nextCommitted(group, number)
    const added = [...(this.#added.get(group) ?? [])].filter(it => it > number)
    return added.reduce((lowest, it) => Math.min(lowest ?? it, it), committed)
  }

  async #nextCommitted(group: GroupId, number: number): Promise<number | undefined> {
    const range = { gt: numberKey(group, number), lte: numberKey(group, 0xffff_ffff) }
    for await (const keys of this.#index.keys(range, 16))
      for (const key of keys) {
        const found = numberOfKey(key)
        if (!this.#removed.has(`${group}/${found}`)) return found
      }
    return undefined
  }

  /** The article that has a committed number. */
  async arrivalOf(group: GroupId, number: number): Promise<Arrival | undefined> {
    const value = await this.#index.get(numberKey(group, number))
    return value?.length === 8 ? (readWide(value) as Arrival) : undefined
  }
}
