/**
 * What was refused from a peer and would be refused again, so that it is not asked for twice. Of each peer by itself:
 * nobody can keep the copy of another one out. In memory, bounded. RFC 5537 3.6
 */
import { Recent } from '../recent.ts'

export interface DeclinedOptions {
  /** Another number whenever what was refused may be welcome now. */
  readonly version: () => number
  /** Ids remembered of a peer. */
  readonly most?: number
}

export class Declined {
  readonly #options: DeclinedOptions
  readonly #peers = new Map<string, Recent<string, true>>()
  #version = 0

  constructor(options: DeclinedOptions) {
    this.#options = options
  }

  add(peer: string, messageId: string): void {
    this.#refresh()
    const known = this.#peers.get(peer) ?? new Recent<string, true>(this.#options.most ?? 10_000)
    this.#peers.set(peer, known)
    known.set(messageId, true)
  }

  has(peer: string, messageId: string): boolean {
    this.#refresh()
    return this.#peers.get(peer)?.get(messageId) ?? false
  }

  /** What is agreed with the peers may have changed. */
  clear(): void {
    this.#peers.clear()
  }

  #refresh(): void {
    const version = this.#options.version()
    if (version === this.#version) return
    this.#version = version
    this.clear()
  }
}
