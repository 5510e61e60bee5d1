/** Blocks in wire form: lines end in CRLF and are stuffed; from plain octets and text, and back. RFC 3977 3.1.1 */
import { BlockScanner } from './block-scanner.ts'
import type { ReasonName } from './reason.ts'

const LF = 10
const CR = 13
const DOT = 46

const crlfDot = Buffer.from('\r\n.')

/** The end of a block. */
export const terminator: Buffer = Buffer.from('.\r\n')

/** What makes octets in wire form (without terminator) unfit to be sent as a block; undefined: nothing. */
export function scanBlock(wire: Buffer): ReasonName | undefined {
  const scanner = new BlockScanner()
  const ended = scanner.scan(wire, 0) !== -1
  return scanner.fault ?? (ended ? 'not-dot-stuffed' : scanner.openEnd)
}

/** Plain octets with CRLF lines made fit for the wire; the argument itself where no line begins with a dot. */
export function stuff(plain: Buffer): Buffer {
  const dots = dotsAtLineStart(plain)
  if (dots.length === 0) return plain
  const wire = Buffer.allocUnsafe(plain.length + dots.length)
  let from = 0
  let to = 0
  for (const dot of dots) {
    // RFC 3977 3.1.1: a line that begins with a dot gets another one.
    to += plain.copy(wire, to, from, dot + 1)
    from = dot
  }
  plain.copy(wire, to, from)
  return wire
}

/** The reverse of `stuff`; the argument itself where no line begins with a dot. */
export function unstuff(wire: Buffer): Buffer {
  const dots = dotsAtLineStart(wire)
  if (dots.length === 0) return wire
  const plain = Buffer.allocUnsafe(wire.length - dots.length)
  let from = 0
  let to = 0
  for (const dot of dots) {
    to += wire.copy(plain, to, from, dot)
    from = dot + 1
  }
  wire.copy(plain, to, from)
  return plain
}

/** Offsets of dots that begin a line. */
function dotsAtLineStart(octets: Buffer): number[] {
  const dots: number[] = octets[0] === DOT ? [0] : []
  for (let at = octets.indexOf(crlfDot); at !== -1; at = octets.indexOf(crlfDot, at + 3)) dots.push(at + 2)
  return dots
}

/**
 * Text of a file or form (LF or CRLF, last line possibly open) as wire-form octets. A bare CR stays. The
 * argument itself where nothing is to be changed.
 */
export function wireFromText(text: Buffer): Buffer {
  const ends = lineEnds(text)
  if (isWire(text, ends)) return text
  // Each line can grow by a dot and a CR, and the last one by its end.
  const wire = Buffer.allocUnsafe(text.length + 2 * ends.length + 3)
  let from = 0
  let to = 0
  const line = (stop: number) => {
    if (text[from] === DOT) wire[to++] = DOT
    wire.set(text.subarray(from, stop), to)
    to += stop - from
    wire[to++] = CR
    wire[to++] = LF
  }
  for (const end of ends) {
    line(end > from && text[end - 1] === CR ? end - 1 : end)
    from = end + 1
  }
  if (from < text.length) line(text.length)
  return wire.subarray(0, to)
}

/** Offsets of LF. To search natively costs a third of looking at each octet. */
function lineEnds(text: Buffer): number[] {
  const ends: number[] = []
  for (let at = text.indexOf(LF); at !== -1; at = text.indexOf(LF, at + 1)) ends.push(at)
  return ends
}

function isWire(text: Buffer, ends: readonly number[]): boolean {
  if (text.length === 0) return true
  if (ends.at(-1) !== text.length - 1 || text[0] === DOT) return false
  return ends.every(end => text[end - 1] === CR && text[end + 1] !== DOT)
}

/** Wire-form octets as text with LF line ends and without stuffing, for files. A bare CR or LF stays. */
export function textFromWire(wire: Buffer): Buffer {
  const text = Buffer.allocUnsafe(wire.length)
  let to = 0
  let starts = true
  for (let at = 0; at < wire.length; at++) {
    const octet = wire[at] as number
    const ends = octet === CR && wire[at + 1] === LF
    if (ends) at++
    if (!(starts && octet === DOT)) text[to++] = ends ? LF : octet
    starts = ends
  }
  return text.subarray(0, to)
}
