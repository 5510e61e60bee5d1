/**
 * Walks a dot-terminated block once, octet by octet: finds its true end and the first fault in it, whatever
 * the chunking. RFC 3977 3.1.1, 3.6
 */
import { PlainOctets } from './plain-octets.ts'
import type { ReasonName } from './reason.ts'

const NUL = 0
const LF = 10
const CR = 13
const DOT = 46

/** Where in a line the next octet stands. */
const lineStart = 0
const inText = 1
const afterCr = 2
const afterDot = 3
const afterDotCr = 4

export class BlockScanner {
  #state = lineStart
  #octets = 0
  #fault: ReasonName | undefined
  #faultAt = 0

  /** Octets scanned since `reset`, the terminator included once it was found. */
  get octets(): number {
    return this.#octets
  }

  /** The first fault so far. */
  get fault(): ReasonName | undefined {
    return this.#fault
  }

  /** Offset in the block where that fault showed. */
  get faultAt(): number {
    return this.#faultAt
  }

  /** What is wrong if the octets end here: nothing where they are whole lines. */
  get openEnd(): ReasonName | undefined {
    if (this.#state === lineStart) return undefined
    return this.#state === afterCr || this.#state === afterDotCr ? 'bare-cr' : 'open-line'
  }

  reset(): void {
    this.#state = lineStart
    this.#octets = 0
    this.#fault = undefined
    this.#faultAt = 0
  }

  /**
   * Scans `chunk` from an offset; gives the offset behind the terminator, or -1 where it is not in here. `plain` is of
   * `chunk`: whoever scans many blocks of one chunk makes it once.
   */
  scan(chunk: Buffer, from: number, plain: PlainOctets = new PlainOctets(chunk)): number {
    const end = chunk.length
    let state = this.#state
    let at = from
    while (at < end) {
      if (state === inText) {
        at = plain.end(at)
        if (at === end) break
        if (beginsPlainLine(chunk, at)) {
          at += 3
          continue
        }
      }
      const octet = chunk[at] as number
      if (octet === LF && state === afterDotCr) {
        this.#octets += at + 1 - from
        this.#state = lineStart
        return at + 1
      }
      // RFC 3977 3.1.1: only CRLF ends a line, so no variant of the terminator ends a block early.
      const next = after(state, octet)
      if (next < 0) this.#note(state, octet, this.#octets + at - from)
      state = next < 0 ? ~next : next
      at++
    }
    this.#octets += end - from
    this.#state = state
    return -1
  }

  #note(state: number, octet: number, at: number): void {
    if (this.#fault !== undefined) return
    this.#faultAt = at
    if (state === afterCr || state === afterDotCr) this.#fault = 'bare-cr'
    else if (octet === LF) this.#fault = 'bare-lf'
    else this.#fault = octet === NUL ? 'nul' : 'not-dot-stuffed'
  }
}

/** CRLF and an octet that means nothing: the usual end of a line, so worth a short cut. */
function beginsPlainLine(chunk: Buffer, at: number): boolean {
  if (at + 2 >= chunk.length || chunk[at] !== CR || chunk[at + 1] !== LF) return false
  const octet = chunk[at + 2] as number
  return octet > CR && octet !== DOT
}

/** The state behind an octet; its complement where the octet shows a fault. */
function after(state: number, octet: number): number {
  if (octet === LF) return state === afterCr ? lineStart : ~inText
  if (state === afterCr || state === afterDotCr) return octet === CR ? ~afterCr : ~inText
  if (octet === CR) return state === afterDot ? afterDotCr : afterCr
  if (octet === NUL) return ~inText
  if (octet === DOT && state === lineStart) return afterDot
  // INN refuses it too: a sender that does not stuff dots ends the block early the next time.
  return state === afterDot && octet !== DOT ? ~inText : inText
}
