/** Time as a value that is passed in, so that tests and simulations can turn it. */

export interface Timer {
  cancel(): void
}

export interface Clock {
  /** Wall clock, milliseconds since 1970-01-01 UTC. May jump. */
  now(): number
  /** Milliseconds from an arbitrary start. Never goes back. */
  monotonic(): number
  /** Calls `action` once after `milliseconds`. */
  timer(milliseconds: number, action: () => void): Timer
  /** Resolves after `milliseconds`, or at once when `signal` aborts. Never rejects. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>
}

/** One for each connection at least: small. */
class SystemTimer implements Timer {
  readonly #handle: NodeJS.Timeout

  constructor(handle: NodeJS.Timeout) {
    this.#handle = handle
  }

  cancel(): void {
    clearTimeout(this.#handle)
  }
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  timer(milliseconds, action) {
    return new SystemTimer(setTimeout(action, milliseconds))
  },
  sleep(milliseconds, signal) {
    return new Promise(resolve => {
      if (signal?.aborted) return resolve()
      const done = () => {
        clearTimeout(handle)
        signal?.removeEventListener('abort', done)
        resolve()
      }
      const handle = setTimeout(done, milliseconds)
      signal?.addEventListener('abort', done, { once: true })
    })
  },
}
