/** Articles of an import or a pull wait for trouble of our own to pass: there is nobody who would offer them again. */
import type { Clock } from '../clock.ts'
import { Reason } from '../reason.ts'
import type { Accept, Incoming } from './accept.ts'
import type { Verdict } from './feed.ts'

const firstPause = 500
const lastPause = 15_000
const tries = 10

export interface Patience {
  readonly accept: Accept
  readonly clock: Pick<Clock, 'sleep'>
  readonly signal: AbortSignal
}

/** A deferred article is tried again while there is hope: the store may be full for a moment. Never rejects. */
export async function acceptPatiently(
  incoming: Incoming,
  { accept, clock, signal }: Patience,
): Promise<Verdict> {
  let pause = firstPause
  for (let left = tries; ; left--) {
    const verdict = await accept(incoming).catch(fault)
    if (verdict.kind !== 'deferred' || left === 0 || signal.aborted) return verdict
    await clock.sleep(pause, signal)
    pause = Math.min(lastPause, pause * 2)
  }
}

/** Sleeps of which all that begin at the same time are one, as long as the first: one timer, one listener. */
export function sharedSleep(clock: Pick<Clock, 'sleep'>): Pick<Clock, 'sleep'> {
  let sleeping: Promise<void> | undefined
  return {
    sleep(milliseconds, signal) {
      sleeping ??= clock.sleep(milliseconds, signal).finally(() => {
        sleeping = undefined
      })
      return sleeping
    },
  }
}

function fault(cause: unknown): Verdict {
  return { kind: 'deferred', reason: new Reason('fault', cause instanceof Error ? cause.message : '') }
}
