/** A progress bar with rate and time left, on a terminal only. The one place that knows cli-progress. */
import { SingleBar } from 'cli-progress'
import { duration } from './amounts.ts'
import type { Surroundings } from './surroundings.ts'

export interface ProgressBar {
  /** `text` stands behind the bar. */
  update(done: number, total: number, text: string): void
  stop(): void
}

/** Draws on standard error; nothing at all where that is no terminal. */
export function progressBar({ stderr, clock }: Surroundings): ProgressBar {
  if (stderr.isTTY !== true) return { update: () => {}, stop: () => {} }
  const bar = new SingleBar({
    stream: stderr,
    format: '{bar} {percentage}%  {text}  {left} left',
    hideCursor: true,
    stopOnComplete: false,
    etaBuffer: 1,
  })
  const start = clock.monotonic()
  bar.start(1, 0, { text: '', left: '?' })
  return {
    update(done, total, text) {
      const seconds = (clock.monotonic() - start) / 1000
      const left = done > 0 && total > 0 ? duration((seconds / done) * Math.max(0, total - done)) : '?'
      bar.setTotal(Math.max(1, total))
      bar.update(Math.min(done, Math.max(1, total)), { text, left })
    },
    stop: () => bar.stop(),
  }
}
