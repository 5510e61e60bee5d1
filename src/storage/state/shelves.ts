/**
 * What a person keeps at this node: read marks, drafts, settings, sessions. Sealed values in `state`, each under its
 * owner and a name, which is what lists are sorted by.
 */
import { seal, unseal } from '../checksum.ts'
import type { RecordChanges, Store } from '../database/store.ts'
import { nameOfShelfKey, shelfKey, shelfRange } from '../keys.ts'

/** A value and its name. One that is damaged is passed over: it is one person's, and no reason to refuse all others. */
export interface Kept {
  readonly name: string
  readonly value: Buffer
}

/** By name; undefined takes one away. */
export type ShelfChanges = ReadonlyMap<string, Buffer | undefined>

export interface Shelves {
  /** Undefined where there is none, or it is damaged. */
  load(owner: string, name: string): Promise<Buffer | undefined>
  /** Those whose name begins so, in the order of the octets of their names, in batches. */
  list(owner: string, beginning?: string): AsyncIterable<readonly Kept[]>
  /**
   * All of them or none. Resolves when they are durable; rejects as a commit does, and with `StoreStuck` where that
   * would take too long.
   */
  save(owner: string, changes: ShelfChanges): Promise<void>
  /** The same for several owners. */
  saveAll(changes: ReadonlyMap<string, ShelfChanges>): Promise<void>
  /** Takes everything of this owner away, however long that takes: the next of that name must not have it. */
  clear(owner: string): Promise<void>
}

/** Under which the things of an account lie. */
export const accountShelf = (account: string): string => `account:${account}`

/** Octets of a name in UTF-8. */
export const longestName = 300
/** Octets of a value. */
const largestValue = 1_000_000

type Write = (changes: RecordChanges) => Promise<void>

export class StoredShelves implements Shelves {
  readonly #state: Pick<Store, 'get' | 'iterate' | 'keys'>
  readonly #write: { readonly save: Write; readonly clear: Write }

  constructor(
    state: Pick<Store, 'get' | 'iterate' | 'keys'>,
    write: { readonly save: Write; readonly clear: Write },
  ) {
    this.#state = state
    this.#write = write
  }

  async load(owner: string, name: string): Promise<Buffer | undefined> {
    const sealed = await this.#state.get(shelfKey(owner, name))
    return sealed && unseal(sealed)
  }

  async *list(owner: string, beginning = ''): AsyncGenerator<readonly Kept[]> {
    for await (const pairs of this.#state.iterate(shelfRange(owner, beginning), 256))
      yield pairs.flatMap(({ key, value: sealed }) => {
        const value = unseal(sealed)
        return value === undefined ? [] : [{ name: nameOfShelfKey(key), value }]
      })
  }

  save(owner: string, changes: ShelfChanges): Promise<void> {
    return this.saveAll(new Map([[owner, changes]]))
  }

  async saveAll(changes: ReadonlyMap<string, ShelfChanges>): Promise<void> {
    const rows = [...changes].flatMap(([owner, shelf]) => [...shelf].map(row => [owner, ...row] as const))
    const written = rows.map(([owner, name, value]) => {
      if (Buffer.byteLength(name) > longestName || (value?.length ?? 0) > largestValue)
        throw new RangeError(`too large to be kept: ${name.slice(0, 40)}`)
      return { database: 'state', key: shelfKey(owner, name), value: value && seal(value) } as const
    })
    if (written.length > 0) await this.#write.save(written)
  }

  async clear(owner: string): Promise<void> {
    for await (const keys of this.#state.keys(shelfRange(owner, ''), 256))
      await this.#write.clear(keys.map(key => ({ database: 'state', key, value: undefined })))
  }
}
