/** Virtual time: events in the order of their time, and of two at the same time the one that was made first. */
import type { Timer } from '../../src/clock.ts'

interface Event {
  readonly at: number
  readonly order: number
  action: (() => void) | undefined
}

/** Turns of the event loop after each event: more than any chain of immediates in the node needs. */
const turns = 3

export class EventQueue {
  /** Milliseconds since the beginning. */
  elapsed = 0
  /** Events that have happened. */
  happened = 0
  readonly #heap: Event[] = []
  #made = 0

  after(milliseconds: number, action: () => void): Timer {
    const event: Event = { at: this.elapsed + Math.max(0, milliseconds), order: this.#made++, action }
    this.#push(event)
    return {
      cancel: () => {
        event.action = undefined
      },
    }
  }

  /** The next event and all that follows from it without time passing; false where there is none. */
  async step(): Promise<boolean> {
    for (;;) {
      const event = this.#pop()
      if (event === undefined) return false
      const { action } = event
      if (action === undefined) continue
      this.elapsed = event.at
      this.happened++
      action()
      await this.settle()
      return true
    }
  }

  async settle(): Promise<void> {
    // Promises and ticks of a turn run to their end before the next turn begins.
    for (let turn = 0; turn < turns; turn++) await new Promise(resolve => setImmediate(resolve))
  }

  #push(event: Event): void {
    const heap = this.#heap
    let at = heap.push(event) - 1
    while (at > 0) {
      const parent = (at - 1) >> 1
      const above = heap[parent]
      if (above === undefined || isBefore(above, event)) break
      heap[at] = above
      at = parent
    }
    heap[at] = event
  }

  #pop(): Event | undefined {
    const heap = this.#heap
    const first = heap[0]
    const last = heap.pop()
    if (first === undefined || last === undefined || heap.length === 0) return first
    let at = 0
    for (;;) {
      const left = heap[2 * at + 1]
      const right = heap[2 * at + 2]
      const isRight = left !== undefined && right !== undefined && isBefore(right, left)
      const below = isRight ? right : left
      if (below === undefined || isBefore(last, below)) break
      heap[at] = below
      at = 2 * at + (isRight ? 2 : 1)
    }
    heap[at] = last
    return first
  }
}

function isBefore(a: Event, b: Event): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order)
}
