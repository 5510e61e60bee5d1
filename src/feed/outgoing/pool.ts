/** The connections to one peer: opened when there is work, one dial at a time, with backoff. */
import type { Duplex } from 'node:stream'
import type { Clock, Timer } from '../../clock.ts'
import { safeText } from '../../reason.ts'
import { type Backoff, delayAfter } from '../backoff.ts'
import { LinkFacts, type LinkState } from '../link/facts.ts'
import type { Link } from '../link/link.ts'
import { PeerConnection, type Work } from './peer-connection.ts'

const redial: Backoff = { first: 30_000, most: 3_600_000 }
const dialTimeout = 30_000
/** What a stop waits for the answers that are due. */
const stopTimeout = 5_000

export interface PoolParts {
  readonly clock: Clock
  readonly random: () => number
  readonly link: Link
  readonly work: Work
  /** Articles wait to be offered. */
  readonly hasWork: () => boolean
  /** Tried in turn; the backoff begins when all have failed. */
  readonly addresses: readonly string[]
  readonly bind: string
  readonly streaming: boolean
  readonly maxConnections: number
  /** In words, where a connection could not be made or went wrong. */
  readonly failed: (why: string) => void
}

export type PoolState = 'idle' | 'connecting' | 'feeding' | 'waiting' | 'stopped'

export class Pool {
  readonly #parts: PoolParts
  readonly #connections = new Map<PeerConnection, LinkFacts>()
  readonly #stopping = new AbortController()
  #streaming: boolean
  /** From the dial until the peer has let us in. */
  #opening = false
  /** The later part of it: connected, and not let in yet. */
  #greeting = false
  #failures = 0
  /** Monotonic milliseconds. */
  #retryAt = Number.NEGATIVE_INFINITY
  #timer: Timer | undefined
  #address = 0

  constructor(parts: PoolParts) {
    this.#parts = parts
    this.#streaming = parts.streaming
  }

  /** Those that feed. */
  get connections(): number {
    return this.#connections.size - (this.#greeting ? 1 : 0)
  }

  /** What those that feed stand on, one each. */
  get links(): readonly LinkState[] {
    return [...this.#connections.values()].slice(0, this.connections).map(({ state }) => state)
  }

  get state(): PoolState {
    if (this.#stopping.signal.aborted) return 'stopped'
    if (this.connections > 0) return 'feeding'
    if (this.#opening) return 'connecting'
    return this.retryIn > 0 ? 'waiting' : 'idle'
  }

  /** Milliseconds until the next dial is allowed. */
  get retryIn(): number {
    return Math.max(0, this.#retryAt - this.#parts.clock.monotonic())
  }

  /** There is work: gives it to the connections, and opens another one where they are busy. */
  wake(): void {
    for (const connection of this.#connections.keys()) connection.wake()
    if (this.#opening || this.#stopping.signal.aborted || !this.#parts.hasWork()) return
    if (this.#connections.size >= this.#parts.maxConnections) return
    if (this.retryIn > 0) this.#wakeLater()
    else void this.#open()
  }

  /** The peer gave an answer that counts: the next failure is a first one. */
  succeeded(): void {
    this.#failures = 0
  }

  /** Calls again at once, however often it has failed. */
  retryNow(): void {
    this.#failures = 0
    this.#retryAt = Number.NEGATIVE_INFINITY
    this.#timer?.cancel()
    this.#timer = undefined
    this.wake()
  }

  /** Waits a short while for answers that are due, then hangs up. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    this.#timer?.cancel()
    const open = [...this.#connections.keys()]
    for (const connection of open) connection.finish()
    const ended = Promise.all(open.map(connection => connection.ended))
    const enough = new AbortController()
    await Promise.race([ended, this.#parts.clock.sleep(stopTimeout, enough.signal)])
    enough.abort()
    for (const connection of this.#connections.keys()) connection.destroy('stopped')
    await ended
  }

  #wakeLater(): void {
    if (this.#timer !== undefined) return
    this.#timer = this.#parts.clock.timer(this.retryIn, () => {
      this.#timer = undefined
      this.wake()
    })
  }

  async #open(): Promise<void> {
    this.#opening = true
    const address = this.#parts.addresses[this.#address % this.#parts.addresses.length] ?? ''
    const facts = new LinkFacts(address)
    try {
      const stream = await this.#dial(address, facts)
      if (this.#stopping.signal.aborted) stream.destroy()
      else this.#use(stream, facts)
    } catch (error) {
      this.#opening = false
      this.#fail(`${address}: ${safeText(error instanceof Error ? error.message : 'fault')}`)
    }
  }

  async #dial(address: string, { add }: LinkFacts): Promise<Duplex> {
    const { clock, link, bind } = this.#parts
    const giveUp = new AbortController()
    const timer = clock.timer(dialTimeout, () => giveUp.abort())
    const stop = () => giveUp.abort()
    this.#stopping.signal.addEventListener('abort', stop, { once: true })
    const dialled = link.dial(address, { bind, signal: giveUp.signal }, add)
    const aborted = new Promise<never>((_, reject) => {
      giveUp.signal.addEventListener('abort', () => reject(new Error('no connection in time')), {
        once: true,
      })
    })
    try {
      return await Promise.race([dialled, aborted])
    } catch (error) {
      dialled.then(
        late => late.destroy(),
        () => undefined,
      )
      throw error
    } finally {
      timer.cancel()
      this.#stopping.signal.removeEventListener('abort', stop)
    }
  }

  #use(stream: Duplex, facts: LinkFacts): void {
    const { clock, work, link } = this.#parts
    const { address } = facts.state
    const streaming = this.#streaming
    let opened = false
    this.#greeting = true
    const connection = new PeerConnection(stream, {
      clock,
      work,
      open: (below, parts) =>
        link.open(below, address, { goal: 'feed', streaming, told: facts.add, ...parts }),
      opened: () => {
        opened = true
        this.#opening = false
        this.#greeting = false
        // Others are opened where this one is not enough: not before it has had its turn.
        queueMicrotask(() => this.wake())
      },
    })
    this.#connections.set(connection, facts)
    void connection.ended.then(({ ok, why, unableToStream }) => {
      this.#connections.delete(connection)
      if (!opened) this.#opening = this.#greeting = false
      if (unableToStream) this.#streaming = false
      if (!ok) this.#fail(`${address}: ${why}`)
      this.wake()
    })
  }

  #fail(why: string): void {
    if (this.#stopping.signal.aborted) return
    const { addresses, clock, random } = this.#parts
    this.#parts.failed(why)
    this.#address += 1
    this.#failures += 1
    const rounds = this.#failures / addresses.length
    if (Number.isInteger(rounds)) this.#retryAt = clock.monotonic() + delayAfter(rounds, redial, random)
    this.wake()
  }
}
