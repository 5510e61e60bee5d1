/** An NNTP client that knows nothing but octets, so that our own codec is not tested against itself. */
import type { Duplex } from 'node:stream'
import { expect } from 'chai'

export class RawClient {
  readonly #stream: Duplex
  #received = Buffer.alloc(0)
  #ended = false
  #wake: (() => void) | undefined

  constructor(stream: Duplex) {
    this.#stream = stream
    stream.on('data', (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk])
      this.#wake?.()
    })
    const ended = () => {
      this.#ended = true
      this.#wake?.()
    }
    stream.on('end', ended)
    stream.on('close', ended)
    stream.on('error', ended)
  }

  send(text: string | Buffer): void {
    this.#stream.write(text)
  }

  /** Closes our side; answers still come. */
  end(): void {
    this.#stream.end()
  }

  destroy(): void {
    this.#stream.destroy()
  }

  /** The next line, its CRLF taken off, one character an octet. Rejects where the connection ends before. */
  async line(): Promise<string> {
    for (;;) {
      const end = this.#received.indexOf('\r\n')
      if (end >= 0) {
        const text = this.#received.toString('latin1', 0, end)
        this.#received = this.#received.subarray(end + 2)
        return text
      }
      if (this.#ended)
        throw new Error(
          `the connection ended, left over: ${JSON.stringify(this.#received.toString('latin1'))}`,
        )
      await this.#more()
    }
  }

  /** Lines up to the one that is a dot alone, stuffing taken off. */
  async block(): Promise<string[]> {
    const lines: string[] = []
    for (let text = await this.line(); text !== '.'; text = await this.line()) {
      lines.push(text.startsWith('.') ? text.slice(1) : text)
    }
    return lines
  }

  /** Everything up to the end of the connection. */
  async rest(): Promise<string> {
    while (!this.#ended) await this.#more()
    const text = this.#received.toString('latin1')
    this.#received = Buffer.alloc(0)
    return text
  }

  /** Octets that came and were not asked for. */
  get unread(): string {
    return this.#received.toString('latin1')
  }

  /**
   * Plays a dialogue: `C: ` lines are sent, `S: ` lines expected, where `*` stands for any text. `C:` alone is an
   * empty line, `S: <end>` the end of the connection. Lines are trimmed on the left only.
   */
  async play(script: string): Promise<void> {
    for (const step of script
      .split('\n')
      .map(text => text.trimStart())
      .filter(text => text !== '')) {
      const text = step.slice(3)
      if (step.startsWith('C:')) this.send(`${text}\r\n`)
      else if (step === 'S: <end>') expect(await this.rest(), 'before the end').to.equal('')
      else if (step.startsWith('S:')) expectLine(await this.line(), text, script)
      else throw new Error(`neither C: nor S: ${step}`)
    }
  }

  #more(): Promise<void> {
    return new Promise(resolve => {
      this.#wake = resolve
    })
  }
}

/** `pattern` may hold `*` for any text. */
function expectLine(found: string, pattern: string, script: string): void {
  const parts = pattern.split('*')
  let rest = found
  const fits = parts.every((part, index) => {
    const at = index === 0 ? (rest.startsWith(part) ? 0 : -1) : rest.indexOf(part)
    if (at < 0) return false
    rest = rest.slice(at + part.length)
    return true
  })
  const last = parts.at(-1) ?? ''
  const whole = parts.length === 1 ? found === pattern : found.endsWith(last)
  expect(fits && whole ? pattern : found, script).to.equal(pattern)
}
