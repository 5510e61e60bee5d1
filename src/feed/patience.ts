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
export function acceptPatiently(incoming: Incoming, patience: Patience): Promise<Verdict> {
  // One promise for each of many thousands that are accepted at once.
  return patience.accept(incoming).then(
    verdict => (verdict.kind === 'deferred' ? again(verdict, incoming, patience) : verdict),
    error => again(fault(error), incoming, patience),
  )
}

async function again(first: Verdict, incoming: Incoming, patience: Patience): Promise<Verdict> {
  const { accept, clock, signal } = patience
  let verdict = first
  let pause = firstPause
  for (let left = tries; left > 0 && verdict.kind === 'deferred' && !signal.aborted; left--) {
    await clock.sleep(pause, signal)
    pause = Math.min(lastPause, pause * 2)
    verdict = await accept(incoming).catch(fault)
  }
  return verdict
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
