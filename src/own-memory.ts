/** Memory around octets that is theirs alone: who changes them may write there instead of copying them. */

export interface Around {
  readonly memory: Buffer
  /** So many octets of it stand before them. */
  readonly before: number
}

/** A block as it came from the network, in wire form without terminator. */
export interface Arrived {
  readonly wire: Buffer
  /** Where it has one owner, who may write over `wire` too. */
  readonly around?: Around | undefined
}

/** Where octets are written anew, and how many are to stay free before and behind them. */
export interface Into {
  readonly room: (octets: number) => Buffer
  readonly before: number
  readonly behind: number
}

export function newMemory(size: number, into: Into | undefined): Buffer {
  return into === undefined ? Buffer.allocUnsafe(size) : into.room(into.before + size + into.behind)
}
