/** Lines and dot-terminated blocks, in both directions, without sockets. RFC 3977 3.1, 3.1.1 */
import type { ReasonName } from './reason.ts'

export interface WireLimits {
  /** Octets of a command line with its CRLF. RFC 3977 3.1: 512 */
  readonly line: number
  /** Octets of a block; what is over is read to its end and dropped. */
  readonly block: number
}

export type WireEvent =
  /** Without its CRLF. */
  | { readonly type: 'line'; readonly line: Buffer }
  /** A line over the limit was read to its end, or one held a NUL, bare CR or bare LF: answer 501. */
  | { readonly type: 'bad line'; readonly fault: 'too long' | 'bad octet' }
  /** The block in wire form (CRLF, dot-stuffed) without the terminator. Owned by the receiver. */
  | { readonly type: 'block'; readonly block: Buffer }
  /** The block was consumed to its true end; the fault names why it cannot be kept. */
  | { readonly type: 'bad block'; readonly fault: ReasonName }

export class WireReader {
  readonly limits: WireLimits
  constructor(limits: WireLimits) {
    this.limits = limits
  }
  push(_chunk: Buffer): void {
    throw new Error('not yet')
  }
  /** After the command line of POST, IHAVE, TAKETHIS: the next event is a block. */
  expectBlock(): void {}
  next(): WireEvent | undefined {
    throw new Error('not yet')
  }
  /** Octets pushed and not yet given out: must be 0 before a change of transport. */
  get buffered(): number {
    return 0
  }
}

/** The end of a block. */
export const terminator: Buffer = Buffer.from('.\r\n')

/** Plain octets with CRLF lines made fit for the wire. */
export function stuff(_plain: Buffer): Buffer {
  throw new Error('not yet')
}

/** The reverse of `stuff`. */
export function unstuff(_wire: Buffer): Buffer {
  throw new Error('not yet')
}

/** Text of a file or form (LF or CRLF, last line possibly open) as wire-form octets. A bare CR stays. */
export function wireFromText(_text: Buffer): Buffer {
  throw new Error('not yet')
}
