/** DEFLATE in both directions over a stream, in bounded memory and proof against bombs. RFC 8054 2.2.2, 7; RFC 1951 */
import { Duplex } from 'node:stream'
import { constants, createDeflateRaw, createInflateRaw, type DeflateRaw, type InflateRaw } from 'node:zlib'

export interface DeflateOptions {
  /** Asked at each burst: whether the length of no write in it may tell anything of another. RFC 8054 6 */
  readonly apart?: () => boolean
}

/** Octets that are inflated at a time. */
const portion = 16_384
/** Text becomes shorter by a factor of 3 to 10; what the format can do at most is 1,032. */
const greatestRatio = 200
/** Octets that may come beyond that ratio: a large article of one repeated line is no attack. */
const mostExcess = 1024 * 1024

/** What came is not DEFLATE, or too much of it: the connection is to be closed without a word. RFC 8054 2.2.2 */
export class DeflateFault extends Error {
  override readonly name = 'DeflateFault'
}

/**
 * A stream whose octets go compressed over `below`, which belongs to it from now on: destroying it is enough. Each
 * write, or all writes between `cork` and `uncork`, can be read at once at the other end. Errors are those of `below`
 * and `DeflateFault`. A stream that the other end finishes is at its end, whatever still follows.
 */
export function deflateOver(below: Duplex, options: DeflateOptions = {}): Duplex {
  const outgoing = new Outgoing(below, options)
  const stream: Duplex = new Duplex({
    allowHalfOpen: true,
    read: () => incoming.resume(),
    write: (chunk: Buffer, _encoding, done) => outgoing.write(chunk, done),
    writev: (chunks, done) =>
      outgoing.writeAll(
        chunks.map(({ chunk }) => chunk),
        done,
      ),
    final(done) {
      below.end()
      done()
    },
    destroy(error, done) {
      incoming.close()
      outgoing.close()
      below.destroy()
      done(error)
    },
  })
  const incoming = new Incoming(below, stream)
  below.on('error', error => stream.destroy(error))
  below.once('close', () => {
    // What came before the end is still being inflated.
    if (below.readableEnded && !stream.readableEnded) stream.once('end', () => stream.destroy())
    else stream.destroy()
  })
  return stream
}

class Outgoing {
  readonly #below: Duplex
  readonly #apart: () => boolean
  readonly #deflate: DeflateRaw
  /** Chunks that `below` has not passed on. */
  #pending = 0
  #passed: (() => void) | undefined

  constructor(below: Duplex, { apart = () => false }: DeflateOptions) {
    this.#below = below
    this.#apart = apart
    // Half the memory of the usual 15 bits, 115 kB a connection; articles and overview get 4 to 15 % longer.
    this.#deflate = createDeflateRaw({
      memLevel: 4,
      windowBits: 13,
      chunkSize: portion,
      flush: constants.Z_SYNC_FLUSH,
    })
    this.#deflate.on('readable', () => this.#pass())
    this.#deflate.on('error', error => below.destroy(error))
  }

  /** `done` is called when `below` has passed all of it on. */
  write(octets: Buffer, done: () => void): void {
    if (this.#apart()) this.#writeApart([octets], done)
    else this.#deflate.write(octets, () => this.#deflated(done))
  }

  /** As `write`. */
  writeAll(writes: readonly Buffer[], done: () => void): void {
    if (this.#apart()) this.#writeApart(writes, done)
    else this.#deflate.write(Buffer.concat(writes), () => this.#deflated(done))
  }

  /** A full flush forgets what went before: nothing is told by how well the next repeats it. */
  #writeApart(writes: readonly Buffer[], done: () => void): void {
    this.#deflate.flush(constants.Z_FULL_FLUSH)
    for (const octets of writes.slice(0, -1)) {
      this.#deflate.write(octets)
      this.#deflate.flush(constants.Z_FULL_FLUSH)
    }
    this.#deflate.write(writes.at(-1) ?? Buffer.alloc(0))
    this.#deflate.flush(constants.Z_FULL_FLUSH, () => this.#deflated(done))
  }

  #deflated(done: () => void): void {
    this.#pass()
    this.#passed = done
    this.#settle()
  }

  close(): void {
    this.#deflate.destroy()
  }

  #pass(): void {
    for (let chunk = this.#read(); chunk !== null; chunk = this.#read()) {
      this.#pending++
      this.#below.write(chunk, () => {
        this.#pending--
        this.#settle()
      })
    }
  }

  #read(): Buffer | null {
    return this.#deflate.read()
  }

  #settle(): void {
    if (this.#pending > 0) return
    const passed = this.#passed
    this.#passed = undefined
    passed?.()
  }
}

class Incoming {
  readonly #below: Duplex
  readonly #above: Duplex
  readonly #inflate: InflateRaw
  #counted = 0
  #excess = 0

  constructor(below: Duplex, above: Duplex) {
    this.#below = below
    this.#above = above
    // A connection may end anywhere: without the flush an unfinished stream would be an error.
    this.#inflate = createInflateRaw({ chunkSize: portion, finishFlush: constants.Z_SYNC_FLUSH })
    this.#inflate.on('data', (octets: Buffer) => this.#inflated(octets))
    this.#inflate.once('end', () => this.#above.push(null))
    this.#inflate.on('error', error => above.destroy(new DeflateFault(`corrupt: ${error.message}`)))
    below.on('data', this.#received)
    below.once('end', () => this.#inflate.end())
    if (below.readableEnded) this.#inflate.end()
    else below.resume()
  }

  resume(): void {
    this.#inflate.resume()
  }

  close(): void {
    this.#below.off('data', this.#received)
    this.#inflate.destroy()
  }

  /** The next chunk is taken when this one is inflated and the reader has kept up. */
  #received = (chunk: Buffer): void => {
    // After the end of the stream: whatever it is, it is no part of it.
    if (this.#inflate.readableEnded || this.#inflate.writableEnded) return
    this.#below.pause()
    this.#inflate.write(chunk, () => this.#below.resume())
  }

  #inflated(octets: Buffer): void {
    const input = this.#inflate.bytesWritten - this.#counted
    this.#counted += input
    this.#excess = Math.max(0, this.#excess + octets.length - input * greatestRatio)
    if (this.#excess > mostExcess) this.#above.destroy(new DeflateFault('inflates to far more than it is'))
    else if (!this.#above.push(octets)) this.#inflate.pause()
  }
}
