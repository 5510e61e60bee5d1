/** When a simulated disk fails: single calls on demand, and all of them once the power is gone. */

export type DiskCall = 'open' | 'append' | 'sync' | 'truncate' | 'read' | 'remove' | 'syncDirectory'

/** Thrown by every call from the moment the power went. */
export class PowerLost extends Error {
  constructor() {
    super('the power is gone')
    this.name = 'PowerLost'
  }
}

export class Power {
  readonly #faults = new Map<DiskCall, Error>()
  #changesLeft = Number.POSITIVE_INFINITY
  #on = true

  failNext(call: DiskCall, error: Error): void {
    this.#faults.set(call, error)
  }

  loseAfter(changes: number): void {
    this.#changesLeft = changes
  }

  cut(): void {
    this.#on = false
  }

  /** Throws when there is no power, or when this call is to fail; `failing` is done before that. */
  enter(call: DiskCall, failing?: () => void): void {
    if (!this.#on) throw new PowerLost()
    const fault = this.#faults.get(call)
    if (fault === undefined) return
    this.#faults.delete(call)
    failing?.()
    throw fault
  }

  /** A change that the power may go in: a write may be under way by then, a sync has not happened. */
  change(call: DiskCall, work: () => void, failing?: () => void): void {
    this.enter(call, failing)
    const last = this.#changesLeft === 0
    this.#changesLeft--
    if (!last || (call !== 'sync' && call !== 'syncDirectory')) work()
    if (!last) return
    this.#on = false
    throw new PowerLost()
  }
}

/** An error such as the system gives. */
export function systemError(code: string, what: string): Error {
  return Object.assign(new Error(`${code}: ${what}`), { code })
}
