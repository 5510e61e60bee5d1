/** Where a durable consumer stands in the arrival log: a cursor and a bounded set of exceptions behind it. */
import type { Arrival } from '../reading.ts'

/** An arrival behind the cursor that is not done. */
export interface Exception {
  readonly arrival: Arrival
  /** Times it was tried. */
  readonly tries: number
}

export interface Place {
  /** A restore begins a new epoch; a place of another epoch is not valid any more. */
  readonly epoch: number
  /** Everything up to here is done, but for the exceptions. */
  readonly cursor: Arrival
  /** At most `maxExceptions`; when they are that many the cursor waits. */
  readonly exceptions: readonly Exception[]
}

export const maxExceptions = 10_000

export interface Places {
  readonly epoch: number
  load(name: string): Promise<Place | undefined>
  /** Durable with the next commit; a place may repeat after a crash and never skips. */
  save(name: string, place: Place): Promise<void>
  remove(name: string): Promise<void>
}
