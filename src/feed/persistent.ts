/** Work in the background that outlives faults of our own storage: what failed is tried again after a pause. */
import type { Clock } from '../clock.ts'

export interface Persistent {
  readonly clock: Clock
  readonly signal: AbortSignal
  /** Done again and again until `signal` aborts. */
  readonly step: () => Promise<void>
  /** Told of each fault before the pause. */
  readonly failed: (error: unknown) => void
}

/** After a fault, milliseconds. */
const pause = 10_000

/** Never rejects, but where `failed` throws. */
export async function persist({ clock, signal, step, failed }: Persistent): Promise<void> {
  while (!signal.aborted) {
    try {
      await step()
    } catch (error) {
      if (signal.aborted) return
      failed(error)
      await clock.sleep(pause, signal)
    }
  }
}
