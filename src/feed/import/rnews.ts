/** Batches as UUCP sites exchange them: `#! rnews OCTETS` and so many octets, over and over; whole ones compressed. */
import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { standsAt } from '../../field-octets.ts'
import type { Found } from './found.ts'
import { OctetSource } from './octet-source.ts'

const longestLine = 1000
const batchMark = '#! rnews '
const mostDigits = 15
const zero = 0x30
const gzipMagic = Buffer.from([0x1f, 0x8b])

/** Articles that are given out at once. */
const atOnce = 64

/** `most`: octets of an article; what is longer is passed over and reported. */
export async function* readRnews(
  source: OctetSource,
  name: string,
  most: number,
): AsyncGenerator<readonly Found[]> {
  let found: Found[] = []
  for (let count = 1; ; count++) {
    const next = found.length < atOnce ? articleAhead(source, most) : undefined
    if (next !== undefined) {
      found.push({ text: next, where: `${name}: article ${count}` })
      continue
    }
    if (found.length > 0) yield found
    found = []
    const line = (await source.line(longestLine))?.toString('latin1').trim()
    if (line === undefined) return
    const where = `${name}: article ${count}`
    if (/^#! (?:c|g|z)unbatch\b/.test(line)) {
      yield* compressed(source, name, most)
      return
    }
    const octets = /^#! rnews (\d{1,15})\b/.exec(line)?.[1]
    // What follows cannot be told apart any more.
    if (octets === undefined) return yield [{ text: Buffer.alloc(0), where, fault: 'bad-header' }]
    yield [await article(source, { where, octets: Number(octets), most })]
  }
}

/** The next article where all of it has been read: without a promise for each of many thousands a second. */
function articleAhead(source: OctetSource, most: number): Buffer | undefined {
  const { ahead } = source
  const lf = ahead.indexOf(0x0a)
  if (lf < 0 || lf >= longestLine) return undefined
  const octets = octetsIn(ahead, lf)
  if (octets < 0 || octets > most || lf + 1 + octets > ahead.length) return undefined
  source.skip(lf + 1)
  return source.take(octets)
}

/** The number behind `#! rnews `, where nothing but digits stands before the end of the line; -1 for any other line. */
function octetsIn(line: Buffer, end: number): number {
  const start = batchMark.length
  if (end <= start || end > start + mostDigits || !standsAt(line, 0, batchMark)) return -1
  let octets = 0
  for (let at = start; at < end; at++) {
    const digit = (line[at] as number) - zero
    if (digit < 0 || digit > 9) return -1
    octets = octets * 10 + digit
  }
  return octets
}

interface Piece {
  readonly where: string
  readonly octets: number
  readonly most: number
}

async function article(source: OctetSource, { where, octets, most }: Piece): Promise<Found> {
  if (octets > most) {
    await source.pass(octets)
    return { text: Buffer.alloc(0), where, fault: 'article-too-large' }
  }
  const whole = await source.need(octets)
  const text = source.take(octets)
  return whole
    ? { text, where }
    : { text: Buffer.alloc(0), where: `${where} (cut short)`, fault: 'no-body-separator' }
}

/** Only gzip: what compress(1) made says so by its first octets and is refused. */
async function* compressed(
  source: OctetSource,
  name: string,
  most: number,
): AsyncGenerator<readonly Found[]> {
  await source.need(gzipMagic.length)
  if (!isGzip(source.ahead)) {
    return yield [{ text: Buffer.alloc(0), where: `${name}: not compressed by gzip`, fault: 'bad-header' }]
  }
  yield* readRnews(new OctetSource(gunzip(source.rest(), name)), name, most)
}

export function isGzip(head: Buffer): boolean {
  return head.subarray(0, gzipMagic.length).equals(gzipMagic)
}

/** Unpacks as it is read, so that memory is bounded whatever the octets turn into. `name` is that of the file. */
export async function* gunzip(chunks: AsyncIterable<Buffer>, name: string): AsyncGenerator<Buffer> {
  const unpacked: AsyncIterable<Buffer> = pipeline(Readable.from(chunks), createGunzip(), () => {
    // The reader of the result gets the error.
  })
  try {
    yield* unpacked
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new Error(`${name}: cannot be unpacked: ${why}; take it away, then import the rest`, {
      cause: error,
    })
  }
}
