/** The driver's side of a connection: counts octets and ends of answers, and understands as little as it can. */
import { connect, type Socket } from 'node:net'

const CRLF = '\r\n'
const endOfBlock = Buffer.from('\r\n.\r\n')

interface Asked {
  readonly ending: 'line' | 'block'
  readonly done: (answer: Answer) => void
}

export interface Answer {
  /** The status line with its CRLF, or what came of it first. */
  readonly status: string
  /** Octets of the whole answer. */
  readonly octets: number
}

/** One connection, asked one thing at a time, or handed over to a counter with `take`. */
export class Client {
  readonly socket: Socket
  #asked: Asked | undefined
  #octets = 0
  #head: Buffer = Buffer.alloc(0)
  #tail: Buffer = Buffer.alloc(0)
  #received: (chunk: Buffer) => void = chunk => this.#collect(chunk)
  #fail: (error: Error) => void = () => {}

  private constructor(socket: Socket) {
    this.socket = socket
    socket.setNoDelay(true)
    socket.on('data', chunk => this.#received(chunk))
    socket.on('error', error => this.#fail(error))
    socket.on('close', () => this.#fail(new Error('the server closed the connection')))
  }

  /** Resolves with the greeting behind it. */
  static async open(port: number): Promise<Client> {
    const client = new Client(connect(port, '127.0.0.1'))
    await client.#expect('line', '')
    return client
  }

  /** Greeted and switched to reading, where the server makes a difference. */
  static async reader(port: number): Promise<Client> {
    const client = await Client.open(port)
    await client.line('MODE READER')
    return client
  }

  async line(command: string): Promise<string> {
    return (await this.#expect('line', command + CRLF)).status
  }

  /** A command with a multi-line answer; rejects where it is refused. */
  async block(command: string): Promise<Answer> {
    const answer = await this.#expect('block', command + CRLF)
    if (!answer.status.startsWith('2')) throw new Error(`${command}: ${answer.status.trimEnd()}`)
    return answer
  }

  /** Every chunk goes to `received` from now on; `failed` is told once where the connection ends. */
  take(received: (chunk: Buffer) => void, failed: (error: Error) => void): void {
    this.#received = received
    this.#fail = failed
  }

  /** Back to one question at a time. */
  collect(): void {
    this.#received = chunk => this.#collect(chunk)
  }

  async quit(): Promise<void> {
    this.#fail = () => {}
    const closed = new Promise(resolve => this.socket.once('close', resolve))
    this.socket.end('QUIT\r\n')
    await closed
  }

  destroy(): void {
    this.#fail = () => {}
    this.socket.destroy()
  }

  #expect(ending: Asked['ending'], command: string): Promise<Answer> {
    this.#octets = 0
    this.#head = Buffer.alloc(0)
    this.#tail = Buffer.alloc(0)
    return new Promise((done, failed) => {
      this.#fail = failed
      this.#asked = { ending, done }
      if (command !== '') this.socket.write(command, 'latin1')
    })
  }

  #collect(chunk: Buffer): void {
    if (this.#octets === 0) this.#head = chunk
    this.#octets += chunk.length
    this.#tail = chunk.length >= 5 ? chunk : Buffer.concat([this.#tail, chunk]).subarray(-5)
    if (this.#asked === undefined || !this.#isWhole(this.#asked.ending)) return
    const { done } = this.#asked
    this.#asked = undefined
    const status = this.#head.subarray(0, 512).toString('latin1')
    done({ status, octets: this.#octets })
  }

  #isWhole(ending: Asked['ending']): boolean {
    const refused = this.#head[0] !== 0x32
    if (ending === 'line' || refused) return this.#tail[this.#tail.length - 1] === 0x0a
    return this.#tail.subarray(-5).equals(endOfBlock)
  }
}

/** Counts the ends of multi-line answers, wherever the chunks break. */
export class BlockCounter {
  #last: Buffer = Buffer.alloc(0)

  /** How many answers end in this chunk. */
  push(chunk: Buffer): number {
    let count = 0
    if (this.#last.length > 0) {
      const seam = Buffer.concat([this.#last, chunk.subarray(0, 4)])
      if (seam.indexOf(endOfBlock) !== -1) count++
    }
    for (let at = chunk.indexOf(endOfBlock); at !== -1; at = chunk.indexOf(endOfBlock, at + 5)) count++
    this.#last = chunk.length >= 4 ? chunk.subarray(-4) : Buffer.concat([this.#last, chunk]).subarray(-4)
    return count
  }
}

/** Counts one-line answers, and those that do not begin with the code that is wanted. */
export class LineCounter {
  readonly #wanted: Buffer
  #rest: Buffer = Buffer.alloc(0)
  #others = 0
  #other = ''

  constructor(code: string) {
    this.#wanted = Buffer.from(code)
  }

  get others(): number {
    return this.#others
  }

  /** The first answer that was not wanted. */
  get other(): string {
    return this.#other
  }

  /** How many lines end in this chunk. */
  push(chunk: Buffer): number {
    const octets = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    let count = 0
    let from = 0
    for (let end = octets.indexOf(10); end !== -1; end = octets.indexOf(10, from)) {
      this.#check(octets, from, end)
      count++
      from = end + 1
    }
    this.#rest = octets.subarray(from)
    return count
  }

  #check(octets: Buffer, from: number, end: number): void {
    for (let at = 0; at < this.#wanted.length; at++) {
      if (octets[from + at] === this.#wanted[at]) continue
      this.#others++
      if (this.#other === '') this.#other = octets.toString('latin1', from, end)
      return
    }
  }
}
