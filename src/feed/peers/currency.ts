/** Which of the peers that feed us are up to date: what the age limit for articles waits for. RFC 5537 3.6 */
import type { Clock } from '../../clock.ts'
import type { MessageId } from '../../message-id.ts'

/** Told what happens on connections from peers. */
export interface Heard {
  entered(peer: string): void
  left(peer: string): void
  offered(peer: string): void
  /** What was offered is known here already. */
  had(peer: string, id: MessageId): void
  /** An article came, taken or not; `date` in seconds since 1970. */
  received(peer: string, date: number): void
}

interface Watched {
  connections: number
  /** Monotonic milliseconds: since when it is here, or its last offer. */
  quietSince: number
  /** Seconds since 1970; 0 = never. */
  lastCurrent: number
  /** Monotonic milliseconds: when the date of an article that it offered in vain was looked up. */
  sampled: number
}

/** A peer whose newest article is younger, in seconds, has nothing left from an absence. */
const fresh = 3600
/** A peer that is here and offers nothing for so long, in milliseconds, has nothing left either. */
const quiet = 600_000
/** Of a peer that always comes second only some articles are looked up: one in so many milliseconds. */
const sampling = 60_000

export interface CurrencyParts {
  readonly clock: Clock
  /** What an earlier run has seen. */
  readonly known: ReadonlyMap<string, number>
  /** Seconds since 1970; undefined where the article is gone. */
  readonly dateOf: (id: MessageId) => Promise<number | undefined>
  /** False while the wall clock is not to be believed: nobody becomes current meanwhile. */
  readonly isTimeKnown?: () => boolean
}

export class Currency implements Heard {
  readonly #clock: Clock
  readonly #dateOf: CurrencyParts['dateOf']
  readonly #isTimeKnown: () => boolean
  readonly #peers = new Map<string, Watched>()

  constructor({ clock, known, dateOf, isTimeKnown = () => true }: CurrencyParts) {
    this.#clock = clock
    this.#dateOf = dateOf
    this.#isTimeKnown = isTimeKnown
    for (const [peer, lastCurrent] of known) this.#of(peer).lastCurrent = lastCurrent
  }

  entered(peer: string): void {
    const watched = this.#of(peer)
    if (watched.connections === 0) watched.quietSince = this.#clock.monotonic()
    watched.connections += 1
  }

  left(peer: string): void {
    const watched = this.#of(peer)
    this.#look(watched)
    watched.connections = Math.max(0, watched.connections - 1)
  }

  offered(peer: string): void {
    this.#of(peer).quietSince = this.#clock.monotonic()
  }

  had(peer: string, id: MessageId): void {
    const watched = this.#of(peer)
    const now = this.#clock.monotonic()
    if (now - watched.sampled < sampling) return
    watched.sampled = now
    const dated = (date?: number) => date !== undefined && this.received(peer, date)
    // Another one is looked up in a minute.
    this.#dateOf(id).then(dated, () => undefined)
  }

  received(peer: string, date: number): void {
    const watched = this.#of(peer)
    watched.quietSince = this.#clock.monotonic()
    const now = Math.floor(this.#clock.now() / 1000)
    if (now > watched.lastCurrent && now - date < fresh && this.#isTimeKnown()) watched.lastCurrent = now
  }

  /** Seconds since 1970; 0 = never. */
  lastCurrent(peer: string): number {
    const watched = this.#of(peer)
    this.#look(watched)
    return watched.lastCurrent
  }

  #look(watched: Watched): void {
    if (watched.connections === 0 || this.#clock.monotonic() - watched.quietSince < quiet) return
    if (!this.#isTimeKnown()) return
    watched.lastCurrent = Math.max(watched.lastCurrent, Math.floor(this.#clock.now() / 1000))
  }

  #of(peer: string): Watched {
    const known = this.#peers.get(peer)
    if (known !== undefined) return known
    const watched = { connections: 0, quietSince: 0, lastCurrent: 0, sampled: Number.NEGATIVE_INFINITY }
    this.#peers.set(peer, watched)
    return watched
  }
}
