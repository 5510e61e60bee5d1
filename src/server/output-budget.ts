/** What all clients together may keep us from forgetting: a bound on the memory of answers that nobody reads. */

export class OutputBudget {
  readonly #limit: () => number
  #held = 0
  /** Who waits for its client, the one whose client took something longest ago first. */
  readonly #waiting = new Set<OutputShare>()

  /** Octets. */
  constructor(limit: () => number) {
    this.#limit = limit
  }

  /** The share of one connection; `cutOff` ends it. */
  share(cutOff: () => void): OutputShare {
    return new OutputShare({
      change: octets => this.#change(octets),
      waits: (share, waits) => this.#wait(share, waits),
      cutOff,
    })
  }

  /** Over the limit, the client that has been silent for the longest time goes; one that reads never does. */
  #change(octets: number): void {
    this.#held += octets
    if (octets <= 0 || this.#held <= this.#limit()) return
    const [longest] = this.#waiting
    longest?.cutOff()
  }

  #wait(share: OutputShare, waits: boolean): void {
    this.#waiting.delete(share)
    if (waits) this.#waiting.add(share)
  }
}

interface ShareParts {
  readonly change: (octets: number) => void
  readonly waits: (share: OutputShare, waits: boolean) => void
  readonly cutOff: () => void
}

export class OutputShare {
  readonly #parts: ShareParts
  #held = 0
  #closed = false

  constructor(parts: ShareParts) {
    this.#parts = parts
  }

  hold(octets: number): void {
    if (this.#closed) return
    this.#held += octets
    this.#parts.change(octets)
  }

  release(octets: number): void {
    if (this.#closed) return
    this.#held -= octets
    this.#parts.change(-octets)
  }

  /** Waits for its client from now on, or its client has just taken something. */
  waits(waits: boolean): void {
    this.#parts.waits(this, waits && !this.#closed)
  }

  /** Counts as nothing at once, though its memory goes only when the stream lets go of it. */
  close(): void {
    this.release(this.#held)
    this.#closed = true
    this.waits(false)
  }

  cutOff(): void {
    this.close()
    this.#parts.cutOff()
  }
}
