/** Answers made smaller: the one file that meets node:zlib. RFC 1952, RFC 9110 8.4.1 */
import { pipeline, Readable } from 'node:stream'
import { createGzip } from 'node:zlib'

/** Read on only as fast as it is taken; `source` ends at once where nobody takes it any more. */
export function gzipped(source: AsyncIterable<Buffer | string>): AsyncIterable<Buffer> {
  return {
    [Symbol.asyncIterator]() {
      const input = Readable.from(source, { highWaterMark: 1 })
      const gzip = createGzip()
      // An error of the source destroys both, and so is thrown by what is read below.
      pipeline(input, gzip, () => undefined)
      const output = gzip[Symbol.asyncIterator]()
      return {
        next: () => output.next(),
        // Not that of the output, which would wait until there is a whole chunk of it.
        async return() {
          input.destroy()
          gzip.destroy()
          return { done: true, value: undefined }
        },
      }
    },
  }
}
