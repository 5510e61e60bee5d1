/** A stream of octets read by lines, counts and marks, in memory bounded by the largest piece asked for. */

const first = 65_536

export class OctetSource {
  readonly #chunks: AsyncIterator<Buffer>
  #buffer = Buffer.allocUnsafe(first)
  #start = 0
  #end = 0
  #over = false

  constructor(chunks: AsyncIterable<Buffer>) {
    this.#chunks = chunks[Symbol.asyncIterator]()
  }

  /** What has been read and not yet taken: valid until the next call. */
  get ahead(): Buffer {
    return this.#buffer.subarray(this.#start, this.#end)
  }

  /** Reads until `octets` are ahead; false where the stream ends before. */
  async need(octets: number): Promise<boolean> {
    while (this.#end - this.#start < octets) if (!(await this.more())) return false
    return true
  }

  /** Reads one more chunk; false at the end. */
  async more(): Promise<boolean> {
    if (this.#over) return false
    const { value, done } = await this.#chunks.next()
    if (done === true) {
      this.#over = true
      return false
    }
    this.#append(value)
    return true
  }

  /** The first `octets` of what is ahead, in memory of their own. */
  take(octets: number): Buffer {
    const taken = Buffer.from(this.#buffer.subarray(this.#start, this.#start + octets))
    this.skip(octets)
    return taken
  }

  /** Passes over octets that are ahead. */
  skip(octets: number): void {
    this.#start = Math.min(this.#end, this.#start + octets)
  }

  /** Passes over octets whether they are ahead or not; gives how many there were. */
  async pass(octets: number): Promise<number> {
    let left = octets
    for (;;) {
      const step = Math.min(left, this.#end - this.#start)
      this.skip(step)
      left -= step
      if (left === 0 || !(await this.more())) return octets - left
    }
  }

  /** The next line with its LF (the last one perhaps without), at most `most` octets of it; undefined at the end. */
  async line(most: number): Promise<Buffer | undefined> {
    let from = 0
    for (;;) {
      const lf = this.ahead.indexOf(0x0a, from)
      if (lf >= 0) return this.take(Math.min(lf + 1, most))
      from = this.ahead.length
      if (from >= most) return this.take(most)
      if (!(await this.more())) return from === 0 ? undefined : this.take(from)
    }
  }

  /** The chunks that are left, for a stream that takes over. */
  async *rest(): AsyncGenerator<Buffer> {
    do {
      const chunk = this.take(this.#end - this.#start)
      if (chunk.length > 0) yield chunk
    } while (await this.more())
  }

  async close(): Promise<void> {
    this.#over = true
    await this.#chunks.return?.()
  }

  #append(chunk: Buffer): void {
    const length = this.#end - this.#start
    if (length + chunk.length > this.#buffer.length) {
      const grown = Buffer.allocUnsafe(Math.max(2 * this.#buffer.length, length + chunk.length))
      this.#buffer.copy(grown, 0, this.#start, this.#end)
      this.#buffer = grown
    } else if (this.#end + chunk.length > this.#buffer.length) {
      this.#buffer.copyWithin(0, this.#start, this.#end)
    } else {
      this.#end += chunk.copy(this.#buffer, this.#end)
      return
    }
    this.#start = 0
    this.#end = length
    this.#end += chunk.copy(this.#buffer, this.#end)
  }
}
