/** How long a login waits after failures: by name and by network, known and unknown names alike. */

import { networkOf } from '../address.ts'
import type { Clock } from '../clock.ts'
import { Recent } from '../recent.ts'

export interface Attempt {
  readonly name: string
  readonly address: string
}

/** Failures without a delay. */
const free = 5
const longestDelay = 60_000
/** One failure less counts after so many milliseconds. */
const forgetting = 60_000
/** Names, and networks, that are remembered. */
const remembered = 10_000

interface Record {
  /** Counted down with time. */
  readonly failures: number
  /** When `failures` was right. */
  readonly at: number
  /** When the next attempt may be looked at. */
  readonly next: number
}

export class Throttle {
  readonly #clock: Clock
  readonly #names = new Recent<string, Record>(remembered)
  readonly #networks = new Recent<string, Record>(remembered)

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Milliseconds this attempt must wait; undefined where so many wait already that it would be over a minute. */
  turn({ name, address }: Attempt): number | undefined {
    const places = [
      { table: this.#names, key: name },
      { table: this.#networks, key: networkOf(address) },
    ]
    const now = this.#clock.monotonic()
    const known = places.map(place => ({ ...place, record: this.#current(place.table.get(place.key), now) }))
    const start = known.reduce((latest, { record }) => Math.max(latest, record?.next ?? now), now)
    if (start - now > longestDelay) return undefined
    // One behind the other: many connections try no faster than one.
    for (const { table, key, record } of known)
      if (record !== undefined) table.set(key, { ...record, next: start + delayAfter(record.failures) })
    return start - now
  }

  failed({ name, address }: Attempt): void {
    const now = this.#clock.monotonic()
    this.#count(this.#names, name, now)
    this.#count(this.#networks, networkOf(address), now)
  }

  /** Of the network too little is known by one login: its own account would open it to an attacker. */
  succeeded({ name }: Attempt): void {
    this.#names.delete(name)
  }

  #count(table: Recent<string, Record>, key: string, now: number): void {
    const record = this.#current(table.get(key), now)
    const failures = (record?.failures ?? 0) + 1
    const next = Math.max(record?.next ?? now, now + delayAfter(failures))
    table.set(key, { failures, at: now, next })
  }

  #current(record: Record | undefined, now: number): Record | undefined {
    if (record === undefined) return undefined
    const forgotten = Math.floor((now - record.at) / forgetting)
    if (forgotten === 0) return record
    const failures = record.failures - forgotten
    return failures <= 0 ? undefined : { ...record, failures, at: record.at + forgotten * forgetting }
  }
}

/** 1, 2, 4 ... 60 seconds from the fifth failure on. */
function delayAfter(failures: number): number {
  return failures < free ? 0 : Math.min(longestDelay, 1000 * 2 ** Math.min(failures - free, 10))
}
