/** Words, numbers and marks of a date, with white space and comments skipped in front of each. RFC 5322 3.2.2, 4.3 */

export class DateScanner {
  readonly #text: string
  #at = 0
  #failed = false

  constructor(text: string) {
    this.#text = text
    this.#skip()
  }

  /** The letters that come next, or ''. */
  word(): string {
    return this.#run(isLetter)
  }

  /** The number that comes next if it has `least` to `most` digits; else the scan has failed. */
  number(least: number, most: number): number | undefined {
    const digits = this.ahead
    if (digits < least || digits > most) return this.fail()
    return Number(this.#run(isDigit))
  }

  /** Whether `mark` came next; if so it is behind us. */
  take(mark: string): boolean {
    if (this.#text.charAt(this.#at) !== mark) return false
    this.#at++
    this.#skip()
    return true
  }

  /** How many digits come next, at most 5. */
  get ahead(): number {
    let digits = 0
    while (digits < 5 && isDigit(this.#text.charCodeAt(this.#at + digits))) digits++
    return digits
  }

  fail(): undefined {
    this.#failed = true
    return undefined
  }

  get failed(): boolean {
    return this.#failed
  }

  /** Whether all was read and nothing was wrong. */
  get done(): boolean {
    return !this.#failed && this.#at >= this.#text.length
  }

  #run(wanted: (c: number) => boolean): string {
    const start = this.#at
    while (wanted(this.#text.charCodeAt(this.#at))) this.#at++
    const end = this.#at
    this.#skip()
    return this.#text.slice(start, end)
  }

  #skip(): void {
    while (this.#at < this.#text.length) {
      const c = this.#text.charAt(this.#at)
      if (c === '(') this.#skipComment()
      else if (c === ' ' || c === '\t' || c === '\r' || c === '\n') this.#at++
      else return
    }
  }

  /** RFC 5322 3.2.2: comments nest, and a backslash quotes. One left open reaches to the end. */
  #skipComment(): void {
    let depth = 0
    while (this.#at < this.#text.length) {
      const c = this.#text.charAt(this.#at++)
      if (c === '\\') this.#at++
      else if (c === '(') depth++
      else if (c === ')' && --depth === 0) return
    }
  }
}

/** NaN, past the end, is neither. */
export function isDigit(c: number): boolean {
  return c >= 0x30 && c <= 0x39
}

function isLetter(c: number): boolean {
  return (c >= 0x41 && c <= 0x5a) || (c >= 0x61 && c <= 0x7a)
}
