/** Whether a message-ID is known: present, gone, or on its way into the store. RFC 5537 3.3 */
import type { Committing } from './committing.ts'
import { decodeGone, type Gone } from './gone.ts'
import { goneKey, historyKey, messageIdHash } from './keys.ts'
import type { Stores } from './store.ts'

export type Seen = 'have' | 'gone' | 'committing' | 'new'

export class History {
  readonly #stores: Stores
  readonly #committing: Pick<Committing, 'has'>

  constructor(stores: Stores, committing: Pick<Committing, 'has'>) {
    this.#stores = stores
    this.#committing = committing
  }

  /** `have` and `gone` are promises: both are durable. */
  async lookup(id: string): Promise<Seen> {
    if (this.#committing.has(id)) return 'committing'
    const hash = messageIdHash(id)
    if (await this.#stores.index.get(historyKey(hash))) return 'have'
    if (await this.#stores.state.get(goneKey(hash))) return 'gone'
    return this.#committing.has(id) ? 'committing' : 'new'
  }

  /** Since when and why it is gone, where that is remembered. */
  async gone(id: string): Promise<Gone | undefined> {
    const value = await this.#stores.state.get(goneKey(messageIdHash(id)))
    return value && decodeGone(value)
  }
}
