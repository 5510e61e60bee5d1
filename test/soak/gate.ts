/** Lets clients go on, turn by turn, or makes all of them wait at the end of their turn. */
export class Gate {
  #clients = 0
  #waiting: (() => void)[] = []
  #closed = false
  #allWait: () => void = () => {}
  #over = false

  /** Turns, one after the other, until `end`. Rejects where one does. */
  async repeat(turn: () => Promise<void>): Promise<void> {
    this.#clients += 1
    try {
      while (!this.#over) {
        if (this.#closed) await this.#wait()
        else await turn()
      }
    } finally {
      this.#clients -= 1
      this.#look()
    }
  }

  /** Resolves when all wait. */
  async close(): Promise<void> {
    this.#closed = true
    await new Promise<void>(resolve => {
      this.#allWait = resolve
      this.#look()
    })
  }

  open(): void {
    this.#closed = false
    for (const goOn of this.#waiting.splice(0)) goOn()
  }

  end(): void {
    this.#over = true
    this.open()
  }

  #wait(): Promise<void> {
    return new Promise(resolve => {
      this.#waiting.push(resolve)
      this.#look()
    })
  }

  #look(): void {
    if (this.#closed && this.#waiting.length >= this.#clients) this.#allWait()
  }
}
