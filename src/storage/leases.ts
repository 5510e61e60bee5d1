/**
 * Who is bringing which article, and what is known of a message-ID: what shapes the answers to CHECK and IHAVE.
 * RFC 4644 2.4.2, RFC 3977 6.3.2.2
 */
import type { Clock } from '../clock.ts'

/** `gone`: was here, or was cancelled before it came. `committing`: submitted and not durable yet. */
export type Known = 'have' | 'gone' | 'committing' | 'new'

export interface History {
  /** Cheap for ids that were never seen. The id need not be well formed. */
  lookup(id: string): Known | Promise<Known>
}

interface Lease {
  readonly owner: symbol
  /** Monotonic milliseconds. */
  readonly ends: number
}

/** From the invitation to the first octet of the article. */
const toFirstOctet = 60_000
/** From the first octet to the last. */
const toLastOctet = 300_000

/**
 * Invitations that are out: while one is live, other connections are told to try later. A lease never decides what
 * is stored, so losing one costs at most a second transfer; the oldest goes where there are too many.
 */
export class Leases {
  readonly #clock: Clock
  readonly #limit: number
  readonly #leases = new Map<string, Lease>()
  readonly #owned = new Map<symbol, Set<string>>()

  constructor(clock: Clock, limit = 100_000) {
    this.#clock = clock
    this.#limit = limit
  }

  /** False while another owner's lease is live. Taking one's own again does not prolong it. */
  take(id: string, owner: symbol): boolean {
    const lease = this.#live(id)
    if (lease !== undefined) return lease.owner === owner
    if (this.#leases.size >= this.#limit) this.#dropOldest()
    this.#put(id, { owner, ends: this.#clock.monotonic() + toFirstOctet })
    return true
  }

  /** The first octet of the article came. */
  moving(id: string, owner: symbol): void {
    if (this.#live(id)?.owner !== owner) return
    this.#drop(id)
    this.#put(id, { owner, ends: this.#clock.monotonic() + toLastOctet })
  }

  release(id: string, owner: symbol): void {
    if (this.#leases.get(id)?.owner === owner) this.#drop(id)
  }

  held(id: string): boolean {
    return this.#live(id) !== undefined
  }

  /** The connection is gone, and with it all it was invited to send. */
  releaseAll(owner: symbol): void {
    for (const id of this.#owned.get(owner) ?? []) this.#leases.delete(id)
    this.#owned.delete(owner)
  }

  get size(): number {
    return this.#leases.size
  }

  #live(id: string): Lease | undefined {
    const lease = this.#leases.get(id)
    if (lease === undefined || lease.ends > this.#clock.monotonic()) return lease
    this.#drop(id)
    return undefined
  }

  #put(id: string, lease: Lease): void {
    this.#leases.set(id, lease)
    const owned = this.#owned.get(lease.owner)
    if (owned === undefined) this.#owned.set(lease.owner, new Set([id]))
    else owned.add(id)
  }

  #drop(id: string): void {
    const lease = this.#leases.get(id)
    if (lease === undefined) return
    this.#leases.delete(id)
    const owned = this.#owned.get(lease.owner)
    owned?.delete(id)
    if (owned?.size === 0) this.#owned.delete(lease.owner)
  }

  #dropOldest(): void {
    for (const id of this.#leases.keys()) {
      this.#drop(id)
      return
    }
  }
}
