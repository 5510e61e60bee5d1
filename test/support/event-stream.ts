/** A client of server-sent events that keeps all it is told. WHATWG HTML 9.2 */
import { type IncomingMessage, request } from 'node:http'

/** An open stream of events, and what has come of it. */
export class EventStream implements AsyncDisposable {
  readonly status: number
  readonly headers: NodeJS.Dict<string | string[]>
  #text = ''
  #over = false
  #wake = () => {}
  readonly #destroy: () => void

  private constructor(incoming: IncomingMessage) {
    this.status = incoming.statusCode ?? 0
    this.headers = incoming.headers
    this.#destroy = () => incoming.destroy()
    incoming.on('data', chunk => {
      this.#text += chunk
      this.#wake()
    })
    incoming.on('error', () => {})
    incoming.on('close', () => {
      this.#over = true
      this.#wake()
    })
  }

  static open(address: string, headers: Record<string, string> = {}): Promise<EventStream> {
    return new Promise((resolve, reject) => {
      request(address, { headers, agent: false }, incoming => resolve(new EventStream(incoming)))
        .on('error', reject)
        .end()
    })
  }

  /** All that has come, once it has this in it. */
  async shows(part: string): Promise<string> {
    while (!this.#text.includes(part)) {
      if (this.#over) throw new Error(`ended without ${part}: ${this.#text}`)
      await this.#more()
    }
    return this.#text
  }

  async ended(): Promise<string> {
    while (!this.#over) await this.#more()
    return this.#text
  }

  #more(): Promise<void> {
    return new Promise(resolve => {
      this.#wake = resolve
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#destroy()
  }
}
