/** Who is bringing which article: what shapes the answers to CHECK and IHAVE. RFC 4644 2.4.2, RFC 3977 6.3.2.2 */
import type { Clock } from '../../clock.ts'
import { type Holder, LeaseTable } from './lease-table.ts'

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
  readonly #table: LeaseTable
  readonly #holders = new Map<symbol, Holder>()
  /** Connections that are gone: what was looked up for one of them meanwhile is not promised to it. */
  readonly #left = new WeakSet<symbol>()

  constructor(clock: Clock, limit = 100_000) {
    this.#clock = clock
    this.#table = new LeaseTable(limit, ({ owner, gone }) => {
      if (!gone) this.#holders.delete(owner)
    })
  }

  /** False while another owner's lease is live, and for one who is gone. Taking one's own again does not prolong it. */
  take(id: string, owner: symbol): boolean {
    const now = this.#clock.monotonic()
    const row = this.#live(id, now)
    if (row !== 0) return this.#table.holder(row)?.owner === owner
    const holder = this.#holder(owner)
    if (holder === undefined) return false
    this.#table.add(holder, now + toFirstOctet)
    return true
  }

  /** The first octet of the article came. */
  moving(id: string, owner: symbol): void {
    const now = this.#clock.monotonic()
    const row = this.#live(id, now)
    const holder = row === 0 ? undefined : this.#table.holder(row)
    if (holder?.owner !== owner) return
    this.#table.remove(row)
    this.#table.add(this.#holder(owner) ?? holder, now + toLastOctet)
  }

  release(id: string, owner: symbol): void {
    const row = this.#table.find(id)
    if (row !== 0 && this.#table.holder(row)?.owner === owner) this.#table.remove(row)
  }

  held(id: string): boolean {
    return this.#live(id, this.#clock.monotonic()) !== 0
  }

  /** The connection is gone, and with it all it was invited to send. */
  releaseAll(owner: symbol): void {
    const holder = this.#holders.get(owner)
    if (holder !== undefined) holder.gone = true
    this.#holders.delete(owner)
    this.#left.add(owner)
  }

  get size(): number {
    let size = 0
    for (const { leases } of this.#holders.values()) size += leases
    return size
  }

  /** The row of a lease that counts; 0 where there is none, and one that counted before has gone. */
  #live(id: string, now: number): number {
    const row = this.#table.find(id)
    if (row === 0) return 0
    if (this.#table.ends(row) > now && this.#table.holder(row)?.gone === false) return row
    this.#table.remove(row)
    return 0
  }

  #holder(owner: symbol): Holder | undefined {
    const known = this.#holders.get(owner)
    if (known !== undefined) return known
    if (this.#left.has(owner)) return undefined
    const holder = { owner, leases: 0, gone: false }
    this.#holders.set(owner, holder)
    return holder
  }
}
