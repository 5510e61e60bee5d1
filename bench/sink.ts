/** A peer that takes everything and keeps nothing: a process of its own, so that it does not slow the driver. RFC 4644 */
import { createServer, type Socket } from 'node:net'

const lineEnd = Buffer.from('\r\n')
const blockEnd = Buffer.from('\r\n.\r\n')

/** What it tells its parent when it has so many articles. */
export interface Taken {
  readonly articles: number
  /** Seconds from the first octet of an article to the end of the last one. */
  readonly seconds: number
}

class Count {
  articles = 0
  first = 0
  /** How many are waited for; none where 0. */
  #wanted = 0

  begin(wanted: number): void {
    this.articles = 0
    this.first = 0
    this.#wanted = wanted
  }

  add(): void {
    if (++this.articles !== this.#wanted) return
    const taken: Taken = { articles: this.articles, seconds: (performance.now() - this.first) / 1000 }
    process.send?.(taken)
  }
}

class Connection {
  readonly #socket: Socket
  readonly #count: Count
  #held: Buffer = Buffer.alloc(0)
  /** The message-ID of the article that is coming. */
  #coming: string | undefined

  constructor(socket: Socket, count: Count) {
    this.#socket = socket
    this.#count = count
    socket.setNoDelay(true)
    socket.write('200 sink\r\n')
    socket.on('data', chunk => this.#take(chunk))
    socket.on('error', () => socket.destroy())
  }

  #take(chunk: Buffer): void {
    const octets = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk])
    let answers = ''
    let at = 0
    for (;;) {
      const end = octets.indexOf(this.#coming === undefined ? lineEnd : blockEnd, at)
      if (end === -1) break
      if (this.#coming === undefined) {
        answers += this.#command(octets.toString('latin1', at, end))
        at = end + lineEnd.length
      } else {
        answers += `239 ${this.#coming}\r\n`
        this.#coming = undefined
        this.#count.add()
        at = end + blockEnd.length
      }
    }
    this.#held = octets.subarray(at)
    if (answers !== '') this.#socket.write(answers, 'latin1')
  }

  #command(line: string): string {
    const [verb = '', argument = ''] = line.split(' ')
    switch (verb) {
      case 'TAKETHIS':
        if (this.#count.first === 0) this.#count.first = performance.now()
        this.#coming = argument
        return ''
      case 'CHECK':
        if (this.#count.first === 0) this.#count.first = performance.now()
        return `238 ${argument}\r\n`
      case 'CAPABILITIES':
        return '101 capabilities\r\nVERSION 2\r\nIHAVE\r\nSTREAMING\r\n.\r\n'
      case 'MODE':
        return '203 streaming\r\n'
      case 'QUIT':
        return '205 bye\r\n'
      default:
        return '500 what?\r\n'
    }
  }
}

const count = new Count()
process.on('message', wanted => {
  if (typeof wanted === 'number') count.begin(wanted)
  process.send?.('begun')
})
const server = createServer(socket => new Connection(socket, count))
server.listen(0, '127.0.0.1', () => process.send?.(server.address()))
