/** Lines of a server's replies, split from chunks, with a bound on each. RFC 3977 3.1 */

/** RFC 3977 3.1 says 512 for the first line of a reply; lines of CAPABILITIES have no limit of their own. */
export const longestReply = 1024

export class ReplyTooLong extends Error {
  constructor() {
    super(`the peer sent a line of more than ${longestReply} octets`)
    this.name = 'ReplyTooLong'
  }
}

export class ReplyReader {
  #rest = Buffer.alloc(0)

  /** The lines that this chunk completes, one character an octet. Throws `ReplyTooLong`; holds at most one line. */
  push(chunk: Buffer): string[] {
    const all = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    const lines: string[] = []
    let from = 0
    for (let end = all.indexOf(10); end >= 0; end = all.indexOf(10, from)) {
      if (end - from > longestReply) throw new ReplyTooLong()
      const last = end > from && all[end - 1] === 13 ? end - 1 : end
      lines.push(all.toString('latin1', from, last))
      from = end + 1
    }
    if (all.length - from > longestReply) throw new ReplyTooLong()
    this.#rest = Buffer.from(all.subarray(from))
    return lines
  }
}

export interface Reply {
  readonly code: number
  /** What follows the code and its blank. */
  readonly text: string
}

/** Undefined where the line is no reply. RFC 3977 3.2 */
export function parseReply(line: string): Reply | undefined {
  if (!/^[1-5]\d\d( |$)/.test(line)) return undefined
  return { code: Number(line.slice(0, 3)), text: line.slice(4) }
}
