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

  /** The share of one connection. */
  share(owner: Owner): OutputShare {
    return new OutputShare(this.#book, owner)
  }

  readonly #book: Book = {
    change: octets => this.#change(octets),
    waits: (share, waits) => this.#wait(share, waits),
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

/** Whose output it is, and who ends it. */
export interface Owner {
  cutOff(): void
}

/** Where shares are written down. */
interface Book {
  readonly change: (octets: number) => void
  readonly waits: (share: OutputShare, waits: boolean) => void
}

export class OutputShare {
  readonly #book: Book
  readonly #owner: Owner
  #held = 0
  #closed = false

  constructor(book: Book, owner: Owner) {
    this.#book = book
    this.#owner = owner
  }

  hold(octets: number): void {
    if (this.#closed) return
    this.#held += octets
    this.#book.change(octets)
  }

  release(octets: number): void {
    if (this.#closed) return
    this.#held -= octets
    this.#book.change(-octets)
  }

  /** Waits for its client from now on, or its client has just taken something. */
  waits(waits: boolean): void {
    this.#book.waits(this, waits && !this.#closed)
  }

  /** Counts as nothing at once, though its memory goes only when the stream lets go of it. */
  close(): void {
    this.release(this.#held)
    this.#closed = true
    this.waits(false)
  }

  cutOff(): void {
    this.close()
    this.#owner.cutOff()
  }
}
