/** A progress bar with rate and time left, on a terminal only. The one place that knows cli-progress. */
import { SingleBar } from 'cli-progress'
import { duration } from './amounts.ts'
import type { Surroundings } from './surroundings.ts'

export interface ProgressBar {
  /** `text` stands behind the bar; it stands alone where the total is 0, for unknown. */
  update(done: number, total: number, text: string): void
  stop(): void
}

const width = 32

/** Draws on standard error; nothing at all where that is no terminal. */
export function progressBar({ stderr, clock }: Surroundings): ProgressBar {
  if (stderr.isTTY !== true) return { update: () => {}, stop: () => {} }
  const bar = new SingleBar({
    stream: stderr,
    format: (_options, { progress, total }, { text, left }) => {
      if (total === 0) return String(text)
      const full = Math.round(progress * width)
      const drawn = '='.repeat(full) + '-'.repeat(width - full)
      return `${drawn} ${Math.floor(progress * 100)}%  ${text}  ${left} left`
    },
    hideCursor: true,
    // Signals are for the command, which stops the bar.
    gracefulExit: false,
    stopOnComplete: false,
    etaBuffer: 1,
  })
  const start = clock.monotonic()
  bar.start(0, 0, { text: '', left: '?' })
  return {
    update(done, total, text) {
      const seconds = (clock.monotonic() - start) / 1000
      const left = done > 0 && total > 0 ? duration((seconds / done) * Math.max(0, total - done)) : '?'
      bar.setTotal(total)
      bar.update(Math.min(done, total), { text, left })
    },
    stop: () => bar.stop(),
  }
}
