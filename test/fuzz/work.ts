/** How much our code does, counted and not timed: parts of functions that were run, as the engine's coverage tells. */
import { Session } from 'node:inspector'

export class WorkCounter implements Disposable {
  readonly #session = new Session()

  constructor() {
    this.#session.connect()
    this.#session.post('Profiler.enable')
    this.#session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true })
  }

  /** Since the last time. */
  take(): number {
    let count = 0
    this.#session.post('Profiler.takePreciseCoverage', (error, { result }) => {
      if (error !== null) throw error
      for (const { url, functions } of result)
        if (url.includes('/dist/src/'))
          for (const { ranges } of functions) for (const range of ranges) count += range.count
    })
    return count
  }

  [Symbol.dispose](): void {
    this.#session.post('Profiler.stopPreciseCoverage')
    this.#session.post('Profiler.disable')
    this.#session.disconnect()
  }
}
