/** Many requests on one connection with a bounded number unanswered. */
import type { Client } from './client.ts'

export interface Pipeline {
  readonly client: Client
  readonly requests: number
  /** Most requests that are sent and not answered. */
  readonly depth: number
  readonly request: (index: number) => Buffer | string
  /** How many answers end in a chunk. */
  readonly count: (chunk: Buffer) => number
}

/** Requests are gathered into writes of about this size. */
const writeOctets = 64 * 1024

/** Resolves when every request is answered. Rejects where the connection ends before. */
export function pipeline({ client, requests, depth, request, count }: Pipeline): Promise<void> {
  const { socket } = client
  return new Promise((resolve, reject) => {
    let sent = 0
    let answered = 0
    let full = false
    const send = () => {
      if (full) return
      while (sent < requests && sent - answered < depth) {
        if (!socket.write(gather())) {
          full = true
          return
        }
      }
    }
    const gather = (): Buffer => {
      const parts: Buffer[] = []
      let octets = 0
      while (sent < requests && sent - answered < depth && octets < writeOctets) {
        const part = request(sent++)
        const buffer = typeof part === 'string' ? Buffer.from(part, 'latin1') : part
        parts.push(buffer)
        octets += buffer.length
      }
      return parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts)
    }
    const drained = () => {
      full = false
      send()
    }
    socket.on('drain', drained)
    client.take(chunk => {
      answered += count(chunk)
      if (answered < requests) return send()
      socket.off('drain', drained)
      resolve()
    }, reject)
    send()
  })
}
