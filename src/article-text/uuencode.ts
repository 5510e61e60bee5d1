/** Files in text as uuencode writes them. IEEE Std 1003.1-2017, uuencode, "Historical" and base64 algorithms */
import { decodeRaw } from './charset.ts'
import { type Embedded, findLine, lineAt } from './embedded.ts'
import { decodeBase64 } from './transfer.ts'

/** Octets that a line says it holds; -1 where it is not a line of uuencode. */
function lineCount(octets: Buffer, at: number, stop: number): number {
  const first = octets[at] ?? 0
  if (stop === at || first < 0x20 || first > 0x60) return -1
  const count = (first - 0x20) & 0x3f
  const needed = Math.ceil((count * 4) / 3)
  const length = stop - at - 1
  // Blanks at the end may be lost on the way; one or two characters more are a sum that some encoders add.
  if (length > Math.ceil(count / 3) * 4 + 2 || length < 0) return -1
  if (length < needed && !isTrimmed(count, length)) return -1
  for (let each = at; each < stop; each++) {
    const octet = octets[each] ?? 0
    if (octet < 0x20 || octet > 0x60) return -1
  }
  return count
}

function isTrimmed(count: number, length: number): boolean {
  return count > 0 && length >= 0 && Math.ceil((count * 4) / 3) - length <= 12
}

interface Span {
  /** Of the data lines. */
  readonly from: number
  readonly to: number
  readonly end: number
  readonly size: number
}

/** The lines from `from` on up to `end`; a part that breaks off is taken where nothing else follows. */
function classicSpan(octets: Buffer, from: number): Span | undefined {
  let size = 0
  let at = from
  while (at < octets.length) {
    const { stop, next } = lineAt(octets, at)
    if (octets.toString('latin1', at, Math.min(stop, at + 4)).trimEnd() === 'end' && size > 0)
      return { from, to: at, end: next, size }
    const count = lineCount(octets, at, stop)
    if (count < 0 && stop > at) return undefined
    size += Math.max(count, 0)
    at = next
  }
  return size > 0 ? { from, to: at, end: at, size } : undefined
}

function openClassic(octets: Buffer, { from, to, size }: Span): Buffer {
  const out = Buffer.alloc(size + 3)
  let length = 0
  for (let at = from; at < to; ) {
    const { stop, next } = lineAt(octets, at)
    const count = Math.max(lineCount(octets, at, stop), 0)
    const six = (place: number) => (place < stop ? ((octets[place] ?? 0) - 0x20) & 0x3f : 0)
    for (let done = 0, place = at + 1; done < count; done += 3, place += 4) {
      const bits = (six(place) << 18) | (six(place + 1) << 12) | (six(place + 2) << 6) | six(place + 3)
      for (let octet = 0; octet < Math.min(3, count - done); octet++)
        out[length++] = (bits >> (16 - octet * 8)) & 0xff
    }
    at = next
  }
  return out.subarray(0, length)
}

/** Up to the line `====`; any other character ends the search, so that each octet is looked at once. */
function base64Span(octets: Buffer, from: number): Span | undefined {
  for (let at = from; at < octets.length; ) {
    const { stop, next } = lineAt(octets, at)
    const text = octets.toString('latin1', at, stop)
    if (text.trimEnd() === '====')
      return at === from ? undefined : { from, to: at, end: next, size: Math.floor(((at - from) * 73) / 100) }
    if (/[^A-Za-z0-9+/= ]/.test(text)) return undefined
    at = next
  }
  return undefined
}

const beginning = /^begin(-base64)? [0-7]{3,4} +(\S.*)$/

/** Lines that begin like a file and are none, behind which no more is looked for. */
const mostTries = 200

/** The first file at or behind `from`. */
export function findUuencoded(octets: Buffer, from: number): Embedded | undefined {
  let start = findLine(octets, 'begin', from)
  for (
    let tries = 0;
    start >= 0 && tries < mostTries;
    tries++, start = findLine(octets, 'begin', start + 5)
  ) {
    const { stop, next } = lineAt(octets, start)
    const match = beginning.exec(octets.toString('latin1', start, Math.min(stop, start + 300)))
    if (match === null) continue
    const base64 = match[1] !== undefined
    const span = base64 ? base64Span(octets, next) : classicSpan(octets, next)
    if (span === undefined) continue
    const open = () =>
      base64 ? decodeBase64(octets.subarray(span.from, span.to)) : openClassic(octets, span)
    return {
      start,
      end: span.end,
      name: decodeRaw(Buffer.from((match[2] ?? '').trim(), 'latin1'), ''),
      size: span.size,
      open: () => ({ octets: open(), intact: undefined }),
    }
  }
  return undefined
}
