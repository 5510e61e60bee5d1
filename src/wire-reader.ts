/** Lines and dot-terminated blocks found in what comes in, without sockets. RFC 3977 3.1, 3.1.1 */
import { BlockScanner } from './block-scanner.ts'
import type { Around } from './own-memory.ts'
import { PlainOctets } from './plain-octets.ts'
import type { ReasonName } from './reason.ts'
import { terminator } from './wire.ts'

export interface WireLimits {
  /** Octets of a command line with its CRLF. RFC 3977 3.1: 512 */
  readonly line: number
  /** Octets of a block; what is over is read to its end and dropped. */
  readonly block: number
}

export type WireEvent =
  /** Without its CRLF. */
  | { readonly type: 'line'; readonly line: Buffer }
  /** A line held a NUL, bare CR or bare LF: answer 501. */
  | { readonly type: 'bad line'; readonly fault: 'bad octet' }
  /** A line is over the limit, and its rest is passed over: answer 501. `start` is what the limit allows of it. */
  | { readonly type: 'bad line'; readonly fault: 'too long'; readonly start: Buffer }
  /** The block in wire form (CRLF, dot-stuffed) without the terminator. Owned by the receiver. */
  | { readonly type: 'block'; readonly block: Buffer; readonly around?: Around }
  /** The block was consumed to its true end; the fault names why it cannot be kept. */
  | { readonly type: 'bad block'; readonly fault: ReasonName }

const LF = 10
const CR = 13

/** Octets of a chunk that are not copied until the block is whole; what pins it is hardly smaller than the chunk. */
const largePiece = 4096

/** A block of so many octets that spans chunks stands behind room for what precedes an article in its record. */
const spacious = 32 * 1024
const room = Buffer.alloc(1024)

const nothing: Buffer = Buffer.alloc(0)
const crlf = Buffer.from('\r\n')

/**
 * Octets in, lines and blocks out; the same events for every chunking of the same octets.
 *
 * Who owns what: a pushed chunk belongs to the reader and must not be written again (sockets give fresh ones).
 * A line or block that lies in one chunk is a slice of it, so it pins the chunk: make a string of a line at
 * once, and copy (as `Article.edit` does) what stays longer than a commit. A line or block that spans chunks
 * is copied once into memory of its own. At rest the reader holds no chunk.
 */
export class WireReader {
  readonly limits: WireLimits
  /** Octets the next line may have. */
  #line: number
  #mode: 'line' | 'spoilt line' | 'block' = 'line'
  #blockNext = false
  /** The chunk under way, from `#at` on, and those behind it. */
  #chunk = nothing
  #at = 0
  /** Of that chunk, once a block was looked for in it. */
  #plain: PlainOctets | undefined
  #queue: Buffer[] = []
  #queued = 0
  /** The beginning of a line or block whose end has not come; then `#chunk` is used up. */
  #kept = nothing
  #keptLength = 0
  /** What stands before that of a block: pieces that are large enough to stay where they are. */
  #pieces: Buffer[] = []
  #piecesLength = 0
  /** The last octet of a spoilt line was CR. */
  #cr = false
  readonly #scanner = new BlockScanner()

  constructor(limits: WireLimits) {
    this.limits = limits
    this.#line = limits.line
  }

  push(chunk: Buffer): void {
    if (chunk.length === 0) return
    this.#queue.push(chunk)
    this.#queued += chunk.length
  }

  /** The next line may have so many octets, its CRLF counted; from then on the usual limit holds again. */
  expectLine(octets: number): void {
    this.#line = octets
  }

  /** After the command line of POST, IHAVE, TAKETHIS: the next event is a block. */
  expectBlock(): void {
    if (this.#mode === 'block') return
    this.#blockNext = true
    if (this.#mode === 'spoilt line') return
    // What was taken for the beginning of a line is looked at again.
    if (this.#keptLength > 0) {
      this.#chunk = this.#kept.subarray(0, this.#keptLength)
      this.#plain = undefined
      this.#forgetKept()
    }
    this.#beginNext()
  }

  /** The next event; undefined until more is pushed. */
  next(): WireEvent | undefined {
    for (;;) {
      if (this.#chunk.length === 0 && !this.#advance()) return undefined
      const event = this.#read()
      if (event === undefined) continue
      this.#line = this.limits.line
      return event
    }
  }

  /**
   * Octets pushed and not yet given out: must be 0 before a change of transport. Of an unfinished line or
   * block that is being dropped, one is counted.
   */
  get buffered(): number {
    const dropping = this.#mode === 'spoilt line' || (this.#mode === 'block' && this.#scanner.octets > 0)
    return this.#queued + this.#chunk.length - this.#at + (this.#keptOctets || (dropping ? 1 : 0))
  }

  #read(): WireEvent | undefined {
    if (this.#mode === 'line') return this.#readLine()
    if (this.#mode === 'block') return this.#readBlock()
    this.#skipSpoilt()
    return undefined
  }

  #readLine(): WireEvent | undefined {
    const chunk = this.#chunk
    const from = this.#at
    const end = Math.min(chunk.length, from + this.#line - this.#keptLength)
    let cr = this.#keptLength > 0 && this.#kept[this.#keptLength - 1] === CR
    for (let at = from; at < end; at++) {
      const octet = chunk[at] as number
      if (octet > CR && !cr) continue
      if (octet === LF && cr) return { type: 'line', line: this.#take(at + 1, 2) }
      // RFC 3977 3.1: CR and LF only as CRLF, no NUL. Told at once: a client that ends lines with LF waits.
      if (cr || octet === LF || octet === 0) return this.#badOctet(at)
      cr = octet === CR
    }
    if (this.#keptLength + end - from >= this.#line) return this.#tooLong(end, cr)
    this.#keep(end, this.#line)
    return undefined
  }

  /** One event for a bad line, as early as it is known to be bad; the rest of it is passed over. */
  #badOctet(at: number): WireEvent {
    this.#forgetKept()
    this.#mode = 'spoilt line'
    this.#cr = false
    this.#consume(at)
    return { type: 'bad line', fault: 'bad octet' }
  }

  #tooLong(end: number, cr: boolean): WireEvent {
    this.#mode = 'spoilt line'
    this.#cr = cr
    return { type: 'bad line', fault: 'too long', start: this.#take(end, 0) }
  }

  #skipSpoilt(): void {
    const chunk = this.#chunk
    if (this.#cr && chunk[this.#at] === LF) {
      this.#consume(this.#at + 1)
      this.#beginNext()
      return
    }
    const end = chunk.indexOf(crlf, this.#at)
    if (end === -1) {
      this.#cr = chunk[chunk.length - 1] === CR
      this.#consume(chunk.length)
      return
    }
    this.#consume(end + 2)
    this.#beginNext()
  }

  #readBlock(): WireEvent | undefined {
    const scanner = this.#scanner
    this.#plain ??= new PlainOctets(this.#chunk)
    const end = scanner.scan(this.#chunk, this.#at, this.#plain)
    const octets = scanner.octets
    if (end === -1) {
      // A terminator may have begun, so two more octets than the limit are kept.
      const keep = scanner.fault === undefined && octets - 2 <= this.limits.block
      if (keep) this.#keep(this.#chunk.length, this.limits.block + 2)
      else this.#drop(this.#chunk.length)
      return undefined
    }
    const fault = this.#blockFault(octets - terminator.length)
    scanner.reset()
    this.#beginNext()
    if (fault === undefined) return this.#takeBlock(end)
    this.#drop(end)
    return { type: 'bad block', fault }
  }

  /** A fault behind the limit does not count: there the block was too large already. */
  #blockFault(octets: number): ReasonName | undefined {
    const { fault, faultAt } = this.#scanner
    if (fault !== undefined && faultAt <= this.limits.block) return fault
    return octets > this.limits.block ? 'article-too-large' : undefined
  }

  #beginNext(): void {
    this.#mode = this.#blockNext ? 'block' : 'line'
    this.#blockNext = false
  }

  #advance(): boolean {
    const chunk = this.#queue.shift()
    if (chunk === undefined) return false
    this.#chunk = chunk
    this.#plain = undefined
    this.#queued -= chunk.length
    return true
  }

  #consume(to: number): void {
    const done = to === this.#chunk.length
    if (done) {
      this.#chunk = nothing
      this.#plain = undefined
    }
    this.#at = done ? 0 : to
  }

  #drop(to: number): void {
    this.#forgetKept()
    this.#consume(to)
  }

  #takeBlock(to: number): WireEvent {
    if (this.#keptOctets === 0 || this.#keptOctets + to - this.#at < spacious)
      return { type: 'block', block: this.#take(to, terminator.length) }
    const last = this.#chunk.subarray(this.#at, to)
    const memory = Buffer.concat([room, ...this.#pieces, this.#kept.subarray(0, this.#keptLength), last])
    this.#drop(to)
    const block = memory.subarray(room.length, memory.length - terminator.length)
    return { type: 'block', block, around: { memory, before: room.length } }
  }

  /** Everything kept and the chunk up to `to`, without the last `less` octets. */
  #take(to: number, less: number): Buffer {
    const chunk = this.#chunk
    const at = this.#at
    this.#consume(to)
    if (this.#keptOctets === 0) return chunk.subarray(at, to - less)
    const slice = chunk.subarray(at, to)
    const parts = [...this.#pieces, this.#kept.subarray(0, this.#keptLength), slice]
    const length = this.#keptOctets + slice.length - less
    this.#forgetKept()
    return Buffer.concat(parts, length)
  }

  get #keptOctets(): number {
    return this.#piecesLength + this.#keptLength
  }

  #forgetKept(): void {
    this.#pieces = []
    this.#piecesLength = 0
    this.#kept = nothing
    this.#keptLength = 0
  }

  /** Keeps the chunk up to `to`; large pieces of a block stay where they are, and are copied once, when it is whole. */
  #keep(to: number, most: number): void {
    if (this.#mode === 'block' && to - this.#at >= largePiece) {
      this.#setAside(this.#kept.subarray(0, this.#keptLength))
      this.#kept = nothing
      this.#keptLength = 0
      this.#setAside(this.#chunk.subarray(this.#at, to))
    } else this.#copy(to, most)
    this.#consume(to)
  }

  #setAside(piece: Buffer): void {
    if (piece.length === 0) return
    this.#pieces.push(piece)
    this.#piecesLength += piece.length
  }

  /** Behind what is copied already; that grows by doubling, so a trickle costs no more. */
  #copy(to: number, most: number): void {
    const length = this.#keptLength + to - this.#at
    if (length > this.#kept.length) {
      const room = Math.max(length, Math.min(Math.max(2 * length, 512), most))
      const grown = Buffer.allocUnsafeSlow(room)
      this.#kept.copy(grown, 0, 0, this.#keptLength)
      this.#kept = grown
    }
    this.#chunk.copy(this.#kept, this.#keptLength, this.#at, to)
    this.#keptLength = length
  }
}
