/**
 * Cancels whose article has not come: pairs of a message-ID and a lock that their keys open, in a ring, so that whoever
 * sends them without end displaces older ones and no more. RFC 5537 5.3, RFC 8315 3.5
 */
import { seal, unseal } from '../checksum.ts'
import type { DatabaseName, Stores } from '../database/store.ts'
import type { HistoryFilter } from '../history/history-filter.ts'
import { type Counter, cancelKey, cancelSlotKey, messageIdHash } from '../keys.ts'

/** Pairs that are remembered; the oldest makes room. */
export const mostRemembered = 65_536

/** What was remembered before the group. */
interface Before {
  readonly stores: Pick<Stores, 'state'>
  readonly filter: Pick<HistoryFilter, 'add'>
}

/** Takes the changes of the group. */
interface Changes {
  next(counter: Counter): number
  put(database: DatabaseName, key: Buffer, value: Buffer): void
  delete(database: DatabaseName, key: Buffer): void
}

export class DraftCancels {
  readonly #base: Before
  readonly #draft: Changes
  /** Values this group has written, by key in hexadecimal. */
  readonly #written = new Map<string, Buffer | undefined>()

  constructor(base: Before, draft: Changes) {
    this.#base = base
    this.#draft = draft
  }

  /** `lock` as RFC 8315 2.1 writes it. */
  async remember(messageId: string, lock: string): Promise<void> {
    const id = messageIdHash(messageId)
    const key = cancelKey(id, messageIdHash(lock))
    if ((await this.#get(key)) !== undefined) return
    const slot = (this.#draft.next('cancel') - 1) % mostRemembered
    const slotKey = cancelSlotKey(slot)
    const oldest = await this.#get(slotKey)
    // It may have been taken out and remembered again elsewhere in the ring.
    if (oldest !== undefined && (await this.#get(oldest))?.equals(slotKey)) this.#set(oldest, undefined)
    this.#base.filter.add(id)
    this.#set(key, slotKey)
    this.#set(slotKey, key)
  }

  /** The first of the locks that a cancel of the article has a key for. */
  async find(messageId: string, locks: readonly string[]): Promise<string | undefined> {
    const id = messageIdHash(messageId)
    for (const lock of locks)
      if ((await this.#get(cancelKey(id, messageIdHash(lock)))) !== undefined) return lock
    return undefined
  }

  /** It was carried out. */
  forget(messageId: string, lock: string): void {
    this.#set(cancelKey(messageIdHash(messageId), messageIdHash(lock)), undefined)
  }

  /** A damaged value counts as none: what it was to keep out stays in. */
  async #get(key: Buffer): Promise<Buffer | undefined> {
    const name = key.toString('hex')
    if (this.#written.has(name)) return this.#written.get(name)
    const sealed = await this.#base.stores.state.get(key)
    return sealed && unseal(sealed)
  }

  #set(key: Buffer, value: Buffer | undefined): void {
    this.#written.set(key.toString('hex'), value)
    if (value === undefined) this.#draft.delete('state', key)
    else this.#draft.put('state', key, seal(value))
  }
}
