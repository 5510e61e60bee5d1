/** Those who wait for something to happen, until it does or they want it no more. */
export class Waiters {
  readonly #waiting = new Set<() => void>()

  /** Resolves with the next `wake`, or when `signal` aborts, at once where it has. Never rejects. */
  wait(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve()
    return new Promise(resolve => {
      const done = () => {
        this.#waiting.delete(done)
        signal.removeEventListener('abort', done)
        resolve()
      }
      this.#waiting.add(done)
      signal.addEventListener('abort', done, { once: true })
    })
  }

  /** Whoever begins to wait meanwhile waits for the next one. */
  wake(): void {
    for (const done of [...this.#waiting]) done()
  }
}
