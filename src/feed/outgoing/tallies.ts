/**
 * What each peer brings and is sent, counted from the day it was configured: over restarts, and at no cost to a single
 * article. The counts are stored a minute after they changed and at the end, so a crash loses a minute of them.
 */
import type { Clock, Timer } from '../../clock.ts'
import type { Log } from '../../log.ts'
import { safeText } from '../../reason.ts'
import type { Notes } from '../../storage/state/notes.ts'
import { Intake } from '../peers/intake.ts'
import { readTally, type Tally } from '../peers/tally.ts'
import { Sent } from './sent.ts'

export interface TalliesParts {
  readonly notes: Notes
  readonly clock: Clock
  readonly log: Log
}

const saveEvery = 60_000

const noteName = (peer: string): string => `counts:${peer.toLowerCase()}`

export class Tallies implements AsyncDisposable {
  readonly intake: Intake
  readonly #parts: TalliesParts
  readonly #sent = new Map<string, Sent>()
  /** As it was stored last, by peer. */
  readonly #stored = new Map<string, string>()
  #timer: Timer | undefined
  #saving: Promise<void> = Promise.resolve()
  #ended = false

  constructor(parts: TalliesParts) {
    this.#parts = parts
    this.intake = new Intake(parts.clock, () => this.#later())
  }

  /** Counts on for these peers, and begins for those that were never counted. A damaged count begins anew. */
  async follow(peers: readonly string[]): Promise<void> {
    for (const peer of peers) if (!this.#stored.has(peer)) await this.#take(peer)
  }

  /** Lets go of all other peers: put back, they are counted on. */
  async keep(peers: readonly string[]): Promise<void> {
    await this.#save()
    for (const peer of [...this.#stored.keys()].filter(known => !peers.includes(known))) {
      this.#stored.delete(peer)
      this.#sent.delete(peer)
    }
    this.intake.keep(peers)
  }

  /** What `peer` is sent; the same for every feed to it. */
  sent(peer: string): Sent {
    const known = this.#sent.get(peer)
    if (known !== undefined) return known
    const sent = new Sent(this.#parts.clock, () => this.#later())
    this.#sent.set(peer, sent)
    return sent
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended = true
    this.#timer?.cancel()
    await this.#save()
  }

  async #take(peer: string): Promise<void> {
    const text = (await this.#parts.notes.load(noteName(peer)))?.toString() ?? ''
    const tally = readTally(text)
    this.#stored.set(peer, tally === undefined ? '' : text)
    this.intake.begin(peer, tally?.in)
    if (tally !== undefined) this.sent(peer).restore(tally.out)
    else this.#later()
  }

  #later(): void {
    if (this.#timer !== undefined || this.#ended) return
    this.#timer = this.#parts.clock.timer(saveEvery, () => {
      this.#timer = undefined
      void this.#save()
    })
  }

  #save(): Promise<void> {
    this.#saving = this.#saving.then(() => this.#saveAll())
    return this.#saving
  }

  async #saveAll(): Promise<void> {
    try {
      for (const [peer, before] of this.#stored) {
        const tally: Tally = { in: this.intake.tally(peer), out: this.sent(peer).tally() }
        const text = JSON.stringify(tally)
        if (text === before) continue
        await this.#parts.notes.save(noteName(peer), Buffer.from(text))
        this.#stored.set(peer, text)
      }
    } catch (error) {
      const why = safeText(error instanceof Error ? error.message : 'fault')
      this.#parts.log.warn({ why }, 'counts of peers not stored')
      this.#later()
    }
  }
}
