/** Works the age limit out once an hour and stores it as an entry of the log. RFC 5537 3.6 */
import type { Clock, Timer } from '../../clock.ts'
import type { Config } from '../../config/config.ts'
import { feedsUs } from '../../config/sections/exchange.ts'
import type { Entry, Outcome } from '../../storage/entry.ts'
import type { HorizonState } from '../../storage/state/horizon-state.ts'
import type { Currency } from '../peers/currency.ts'
import type { ClockWatch } from './clock-watch.ts'
import { horizon } from './horizon.ts'

export interface HorizonKeeperParts {
  readonly config: () => Config
  readonly clock: Clock
  readonly watch: ClockWatch
  readonly currency: Currency
  readonly stored: () => HorizonState
  readonly submit: (entry: Entry) => Promise<Outcome>
}

const interval = 3_600_000

export class HorizonKeeper implements AsyncDisposable {
  readonly #parts: HorizonKeeperParts
  #timer: Timer | undefined
  #storing: Promise<void> = Promise.resolve()
  #stopped = false

  constructor(parts: HorizonKeeperParts) {
    this.#parts = parts
  }

  /** Articles from peers with an earlier date, in seconds since 1970, are refused; 0 = none. */
  get limit(): number {
    return this.#parts.config().history.cutoff_days === 0 ? 0 : this.#parts.stored().horizon
  }

  /** Resolves when the limit of now is stored, or cannot be. */
  async start(): Promise<void> {
    this.#tick()
    await this.#storing
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true
    this.#timer?.cancel()
    await this.#storing
    await this.#store()
  }

  #tick(): void {
    this.#storing = this.#storing.then(() => this.#store())
    if (!this.#stopped) this.#timer = this.#parts.clock.timer(interval, () => this.#tick())
  }

  async #store(): Promise<void> {
    const { submit, stored, watch } = this.#parts
    // The limit never goes back: a clock that runs ahead for a moment would move it for good.
    if (watch.doubt() !== undefined) return
    const { horizon: previous, peers: before } = stored()
    const time = Math.floor(this.#parts.clock.now() / 1000)
    const peers = this.#lastCurrent()
    const next = this.#horizon(time, { horizon: previous, peers })
    if (next === previous && sameTimes(before, peers)) return
    // Not taken now (no space, a fault): an hour later then. An old limit lets more in, never less.
    await submit({ kind: 'horizon', time, source: 'node', horizon: next, peers })
  }

  /** Of those that may feed us. */
  #lastCurrent(): Map<string, number> {
    const { config, currency } = this.#parts
    const feeding = config().peer.filter(feedsUs)
    return new Map(feeding.map(({ name }) => [name, currency.lastCurrent(name)]))
  }

  #horizon(now: number, { horizon: previous, peers }: HorizonState): number {
    const { cutoff_days, max_absence_days } = this.#parts.config().history
    return horizon({
      now,
      cutoffDays: cutoff_days,
      absenceDays: max_absence_days,
      peersLastCurrent: peers.values(),
      previous,
    })
  }
}

function sameTimes(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): boolean {
  return a.size === b.size && [...a].every(([name, time]) => b.get(name) === time)
}
