/** A local log that hands out what it holds as one group, when told to: so that a test decides what commits together. */

import type { Ordered, SharedLog } from '../../src/storage/commit/shared-log.ts'
import type { Entry } from '../../src/storage/entry.ts'

export class HeldLog implements SharedLog {
  #held: Ordered[] = []
  #released: (readonly Ordered[])[] = []
  #position = 0
  #wake = () => {}

  async append(entry: Entry): Promise<void> {
    this.#held.push({ position: ++this.#position, entry })
  }

  /** Everything appended so far is the next group. */
  release(): void {
    this.#released.push(this.#held)
    this.#held = []
    this.#wake()
  }

  async *follow(_after: number, signal: AbortSignal): AsyncGenerator<readonly Ordered[]> {
    signal.addEventListener('abort', () => this.#wake(), { once: true })
    for (;;) {
      const group = this.#released.shift()
      if (group) yield group
      else if (signal.aborted) return
      else
        await new Promise<void>(resolve => {
          this.#wake = resolve
        })
    }
  }
}
