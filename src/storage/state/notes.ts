/** Small values under a name of their own in `state`: what a part of the node counts and may lose the newest of. */
import { seal, unseal } from '../checksum.ts'
import type { RecordChanges, Store } from '../database/store.ts'
import { noteKey } from '../keys.ts'

export interface Notes {
  /** Undefined where there is none, or it is damaged. */
  load(name: string): Promise<Buffer | undefined>
  /** Resolves when it is durable; rejects as a commit does. */
  save(name: string, value: Buffer): Promise<void>
}

export class StoredNotes implements Notes {
  readonly #state: Pick<Store, 'get'>
  readonly #write: (changes: RecordChanges) => Promise<void>

  constructor(state: Pick<Store, 'get'>, write: (changes: RecordChanges) => Promise<void>) {
    this.#state = state
    this.#write = write
  }

  async load(name: string): Promise<Buffer | undefined> {
    const sealed = await this.#state.get(noteKey(name))
    return sealed && unseal(sealed)
  }

  save(name: string, value: Buffer): Promise<void> {
    return this.#write([{ database: 'state', key: noteKey(name), value: seal(value) }])
  }
}
