/** What one commit group changes of the held postings, over what is committed. */

import type { DatabaseName, Stores } from '../database/store.ts'
import { heldKey } from '../keys.ts'
import { encodeHeld, type HeldPost } from '../state/held.ts'

/** What was held before the group. */
interface Before {
  readonly stores: Pick<Stores, 'state'>
  readonly held: number
}

/** Takes the changes of the group. */
interface Changes {
  put(database: DatabaseName, key: Buffer, value: Buffer): void
  delete(database: DatabaseName, key: Buffer): void
}

export class DraftHeld {
  /** More of them, or fewer where negative. */
  added = 0
  readonly #base: Before
  readonly #draft: Changes
  readonly #changed = new Map<string, boolean>()

  constructor(base: Before, draft: Changes) {
    this.#base = base
    this.#draft = draft
  }

  get count(): number {
    return this.#base.held + this.added
  }

  async has(messageId: string): Promise<boolean> {
    const key = heldKey(messageId)
    return this.#changed.get(messageId) ?? (await this.#base.stores.state.get(key)) !== undefined
  }

  /** One that is not held yet. */
  put(post: HeldPost): void {
    this.#changed.set(post.messageId, true)
    this.added++
    this.#draft.put('state', heldKey(post.messageId), encodeHeld(post))
  }

  /** One that is held. */
  delete(messageId: string): void {
    this.#changed.set(messageId, false)
    this.added--
    this.#draft.delete('state', heldKey(messageId))
  }
}
