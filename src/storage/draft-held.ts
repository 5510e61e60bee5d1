/** What one commit group changes of the held postings, over what is committed. */
import type { Committed, Draft } from './draft.ts'
import type { HeldPost } from './entry.ts'
import { encodeHeld } from './held.ts'
import { heldKey } from './keys.ts'

export class DraftHeld {
  /** More of them, or fewer where negative. */
  added = 0
  readonly #base: Pick<Committed, 'stores' | 'held'>
  readonly #draft: Pick<Draft, 'put' | 'delete'>
  readonly #changed = new Map<string, boolean>()

  constructor(base: Pick<Committed, 'stores' | 'held'>, draft: Pick<Draft, 'put' | 'delete'>) {
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
