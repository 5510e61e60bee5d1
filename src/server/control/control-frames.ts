/**
 * Stands between a client of the control socket and net-ipc, which trusts the lengths it reads: only whole, small
 * frames of the kinds that our own program sends get through, everything else closes the connection.
 */

import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { maxFrame } from './control-message.ts'

/** What net-ipc's client sends first, outside any frame. */
const opening = Buffer.from('IPC')

/** Kinds of net-ipc frames (its `t`). */
const kinds = { connection: 0, message: 1, end: 6 } as const

export class FrameFault extends Error {}

/** Splits octets into net-ipc frames: a length in base 128, the last digit with its high bit set, and JSON. */
export class FrameReader {
  #held: Buffer = Buffer.alloc(0)
  #opened = false
  #connected = false

  /** Octets that net-ipc may see: whole frames only. Throws a `FrameFault` at the first thing that is wrong. */
  push(chunk: Buffer): Buffer[] {
    this.#held = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk])
    const passed: Buffer[] = []
    if (!this.#opened) {
      const begin = this.#held.subarray(0, opening.length)
      if (!opening.subarray(0, begin.length).equals(begin)) throw new FrameFault('does not begin as net-ipc')
      if (begin.length < opening.length) return passed
      this.#opened = true
      this.#held = this.#held.subarray(opening.length)
      passed.push(opening)
    }
    for (let frame = this.#frame(); frame !== undefined; frame = this.#frame()) passed.push(frame)
    return passed
  }

  /** Whether the client has said what it is. */
  get connected(): boolean {
    return this.#connected
  }

  #frame(): Buffer | undefined {
    const head = frameLength(this.#held)
    if (head === undefined || this.#held.length < head.digits + head.length) return undefined
    const frame = this.#held.subarray(0, head.digits + head.length)
    this.#check(frame.subarray(head.digits))
    this.#held = this.#held.subarray(frame.length)
    return frame
  }

  #check(json: Buffer): void {
    const { t, d } = parseFrame(json)
    if (!this.#connected) {
      if (t !== kinds.connection) throw new FrameFault('frame before the first one')
      // No compression, no msgpack (their decoders trust their input), and no identity chosen by the client.
      if (
        typeof d !== 'object' ||
        d === null ||
        Object.values(d).some(value => value !== null && value !== false)
      )
        throw new FrameFault('first frame asks for something')
      this.#connected = true
      return
    }
    if (t !== kinds.message && t !== kinds.end) throw new FrameFault(`frame of kind ${String(t)}`)
  }
}

function frameLength(octets: Buffer): { digits: number; length: number } | undefined {
  let length = 0
  for (const [at, octet] of octets.subarray(0, 4).entries()) {
    length = length * 128 + (octet & 127)
    if (length > maxFrame) break
    if (octet < 128) continue
    // net-ipc waits for ever for the second octet of an empty frame.
    if (length < 2) throw new FrameFault('empty frame')
    return { digits: at + 1, length }
  }
  if (length > maxFrame || octets.length >= 4) throw new FrameFault(`frame over ${maxFrame} octets`)
  return undefined
}

function parseFrame(json: Buffer): { t?: unknown; d?: unknown } {
  try {
    const value: unknown = JSON.parse(json.toString())
    if (typeof value === 'object' && value !== null) return value
  } catch (error) {
    throw new FrameFault('frame is not JSON', { cause: error })
  }
  throw new FrameFault('frame is not an object')
}

interface Guarding {
  /** The client has said what it is: give the stream to net-ipc. */
  readonly connected: (stream: Duplex) => void
  readonly fault: (error: FrameFault) => void
}

/** Passes checked frames from `socket` on; closes it at the first fault. */
export function guardFrames(socket: Socket, { connected, fault }: Guarding): void {
  const reader = new FrameReader()
  const stream = new Duplex({
    read: () => void socket.resume(),
    write: (chunk: Buffer, _encoding, done) => void socket.write(chunk, () => done()),
    final: done => void socket.end(() => done()),
    destroy: (error, done) => {
      socket.destroy()
      done(error)
    },
  })
  // net-ipc listens only once it has the stream.
  stream.on('error', () => {})
  socket.on('error', () => stream.destroy())
  socket.on('close', () => stream.destroy())
  socket.on('end', () => stream.push(null))
  socket.on('data', (chunk: Buffer) => {
    const waiting = !reader.connected
    try {
      let room = true
      for (const frame of reader.push(chunk)) room = stream.push(frame)
      if (!room) socket.pause()
    } catch (error) {
      stream.destroy()
      if (!(error instanceof FrameFault)) throw error
      fault(error)
      return
    }
    if (waiting && reader.connected) connected(stream)
  })
}
