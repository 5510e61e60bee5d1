/** Notices that the wall clock was moved: what counts in days must not believe it at once. */
import type { Clock } from '../../clock.ts'

/** Milliseconds. */
const day = 86_400_000

/** Told once when the wall clock is not believed any more, with the reason, and once when it is again. */
export type DoubtChanged = (why: string | undefined) => void

export class ClockWatch {
  readonly #clock: Clock
  readonly #changed: DoubtChanged
  #isDoubted = false
  /** Wall clock minus monotonic clock, when it was last trusted. */
  #trusted: number
  /** Monotonic time until which the clock of a new start is not trusted. */
  #doubtedUntil = 0

  constructor(clock: Clock, changed: DoubtChanged = () => {}) {
    this.#clock = clock
    this.#changed = changed
    this.#trusted = this.#offset
  }

  /** `last`: seconds since 1970 of the wall clock when it was last trusted, in an earlier life; 0 = never. */
  begin(last: number): void {
    if (last === 0 || Math.abs(this.#clock.now() - last * 1000) <= day) return
    // Either the node was down that long or the clock is wrong: a day of grace, so that somebody may look.
    this.#doubtedUntil = this.#clock.monotonic() + day
  }

  /** Why the wall clock is not to be believed now, in words; undefined where it is, and it is believed from now on. */
  doubt(): string | undefined {
    const offset = this.#offset
    const why = this.#doubt(offset)
    if (why === undefined) this.#trust(offset)
    else if (!this.#isDoubted) {
      this.#isDoubted = true
      this.#changed(why)
    }
    return why
  }

  /** Somebody has looked at the clock. */
  trust(): void {
    this.#trust(this.#offset)
  }

  #trust(offset: number): void {
    this.#trusted = offset
    this.#doubtedUntil = 0
    if (!this.#isDoubted) return
    this.#isDoubted = false
    this.#changed(undefined)
  }

  #doubt(offset: number): string | undefined {
    const moved = offset - this.#trusted
    if (Math.abs(moved) > day)
      return `the clock was moved by ${Math.round(moved / day)} days while the node was running`
    if (this.#doubtedUntil === 0) return undefined
    const left = this.#doubtedUntil - this.#clock.monotonic()
    if (left > 0)
      return `the clock is more than a day away from the last run: it goes on in ${Math.ceil(left / 3_600_000)} hours`
    return undefined
  }

  get #offset(): number {
    return this.#clock.now() - this.#clock.monotonic()
  }
}
