/** A file with its beginning read, which is all of it for most files of a spool. */
import { close, createReadStream, open, read } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { WalkedFile } from './walk.ts'

export interface Opened {
  readonly file: WalkedFile
  /** The first octets, in memory of their own. */
  readonly head: Buffer
  /** There is nothing behind them. */
  readonly whole: boolean
}

const headOctets = 65_536

/**
 * Reads files by their beginning into buffers that are used again. Without handles and streams: for small files
 * these cost more than the reading.
 */
export class Opener {
  readonly #buffers: Buffer[] = []

  /** Rejects where the file cannot be read. */
  async open(file: WalkedFile): Promise<Opened> {
    const buffer = this.#buffers.pop() ?? Buffer.allocUnsafeSlow(headOctets)
    const descriptor = await opened(file.path)
    try {
      const octets = await readInto(descriptor, buffer)
      const head = Buffer.from(buffer.subarray(0, octets))
      this.#buffers.push(buffer)
      return { file, head, whole: octets < headOctets }
    } finally {
      await closed(descriptor)
    }
  }
}

/**
 * The octets of the file from its beginning, as far as it goes now: what is refused may be appended to the very file
 * that is read, without end.
 */
export async function* chunksOf({ file, head, whole }: Opened): AsyncGenerator<Buffer> {
  const end = whole ? head.length : (await stat(file.path)).size
  yield head
  if (end > head.length) yield* createReadStream(file.path, { start: head.length, end: end - 1 })
}

function opened(path: string): Promise<number> {
  return new Promise((resolve, reject) =>
    open(path, 'r', (error, descriptor) => (error ? reject(error) : resolve(descriptor))),
  )
}

/** As much as there is and fits. */
async function readInto(descriptor: number, buffer: Buffer): Promise<number> {
  let octets = 0
  while (octets < buffer.length) {
    const count = await readOnce(descriptor, buffer, octets)
    if (count === 0) break
    octets += count
  }
  return octets
}

function readOnce(descriptor: number, buffer: Buffer, at: number): Promise<number> {
  return new Promise((resolve, reject) =>
    read(descriptor, buffer, at, buffer.length - at, at, (error, count) =>
      error ? reject(error) : resolve(count),
    ),
  )
}

function closed(descriptor: number): Promise<void> {
  return new Promise((resolve, reject) => close(descriptor, error => (error ? reject(error) : resolve())))
}
