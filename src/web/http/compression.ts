/**
 * Answers made smaller: the one file that meets node:zlib. RFC 1952, RFC 9110 8.4.1, 12.5.3
 *
 * A page that says both what a stranger asked for and something secret would let its size tell the secret. Ours hold
 * one secret, the token of a form, which is masked anew in every answer (`token.ts`).
 */
import { pipeline, Readable } from 'node:stream'
import { promisify } from 'node:util'
import { constants, createGzip, gzip, gzipSync } from 'node:zlib'

/** Below this a packet carries it either way. */
const least = 1200

const pack = promisify(gzip)

/** `accepted` is the field Accept-Encoding. */
export function takesGzip(accepted: string): boolean {
  const found = /(?:^|,)\s*(?:x-)?gzip\s*(?:;\s*q=([\d.]{1,6})\s*)?(?:,|$)/i.exec(accepted)
  return found !== null && Number(found[1] ?? 1) > 0
}

/** Up to this, handing it to another thread takes longer than doing it. */
const mostAtOnce = 24_000

/**
 * What zlib sets up for each page costs more than packing it, so less of it than usual. The usual level takes twice the
 * time, for a twentieth less of a page.
 */
const settings = { windowBits: 14, memLevel: 7, level: 3 } as const

/** Undefined where it would not be smaller. */
export async function compressed(body: Buffer): Promise<Buffer | undefined> {
  if (body.length < least) return undefined
  const smaller = body.length > mostAtOnce ? await pack(body, settings) : gzipSync(body, settings)
  return smaller.length < body.length ? smaller : undefined
}

/** Once, at start. */
export function compressedOnce(body: Buffer): Buffer {
  return gzipSync(body, { level: 9 })
}

export interface Gzipped {
  /** Each piece is sent as it comes, so that a page is read while it grows. */
  readonly flushing: boolean
}

/** Read on only as fast as it is taken; `source` ends at once where nobody takes it any more. */
export function gzipped(
  source: AsyncIterable<Buffer | string>,
  { flushing }: Gzipped = { flushing: false },
): AsyncIterable<Buffer> {
  return {
    [Symbol.asyncIterator]() {
      const input = Readable.from(source, { highWaterMark: 1 })
      const packer = createGzip(flushing ? { flush: constants.Z_SYNC_FLUSH } : {})
      // An error of the source destroys both, and so is thrown by what is read below.
      pipeline(input, packer, () => undefined)
      const output = packer[Symbol.asyncIterator]()
      return {
        next: () => output.next(),
        // Not that of the output, which would wait until there is a whole chunk of it.
        async return() {
          input.destroy()
          packer.destroy()
          return { done: true, value: undefined }
        },
      }
    },
  }
}
