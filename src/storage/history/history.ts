/** Whether a message-ID is known: present, gone, or on its way into the store (or its index). RFC 5537 3.3 */

import type { Stores } from '../database/store.ts'
import { goneKey, historyKey, messageIdHash } from '../keys.ts'
import { decodeGone, type Gone } from '../state/gone.ts'
import type { Committing } from './committing.ts'
import type { HistoryFilter } from './history-filter.ts'
import type { RecentIds } from './recent-ids.ts'

/** `gone`: was here, or was cancelled before it came. `committing`: submitted and not durable yet. */
export type Seen = 'have' | 'gone' | 'committing' | 'new'

export interface HistoryParts {
  readonly stores: Stores
  readonly committing: Pick<Committing, 'has'>
  readonly filter: Pick<HistoryFilter, 'mayHold'>
  readonly recent: Pick<RecentIds, 'has'>
  /** Whether the index is being made: what is not in it yet may be here. */
  readonly unfinished: () => boolean
}

export class History {
  readonly #parts: HistoryParts

  constructor(parts: HistoryParts) {
    this.#parts = parts
  }

  /**
   * `have` and `gone` are promises: both are durable. Of most new ids, and of those that came last, it is known at
   * once: whatever is among these the filter holds too. The id need not be well formed.
   */
  lookup(id: string): Seen | Promise<Seen> {
    const { committing, filter, recent } = this.#parts
    if (committing.has(id)) return 'committing'
    const hash = messageIdHash(id)
    if (!filter.mayHold(hash)) return 'new'
    return recent.has(hash) ? 'have' : this.#read(id, hash)
  }

  async #read(id: string, hash: string): Promise<Seen> {
    const { stores, committing, unfinished } = this.#parts
    if (await stores.index.get(historyKey(hash))) return 'have'
    if (await stores.state.get(goneKey(hash))) return 'gone'
    return unfinished() || committing.has(id) ? 'committing' : 'new'
  }

  /** Since when and why it is gone, where that is remembered. */
  async gone(id: string): Promise<Gone | undefined> {
    const value = await this.#parts.stores.state.get(goneKey(messageIdHash(id)))
    return value && decodeGone(value)
  }
}
