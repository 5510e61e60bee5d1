/** A browser as far as a bench needs one: asks for pages, compressed, on connections that stay. */
import { Agent, get } from 'node:http'

export interface Fetched {
  readonly status: number
  /** As it came, compressed. */
  readonly octets: number
}

export class Browser implements Disposable {
  readonly #agent: Agent
  readonly #port: number

  constructor(port: number, connections: number) {
    this.#port = port
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections })
  }

  get(path: string): Promise<Fetched> {
    const headers = { 'Accept-Encoding': 'gzip', 'Accept-Language': 'en' }
    const where = { host: '127.0.0.1', port: this.#port, path, headers, agent: this.#agent }
    return new Promise((resolve, reject) => {
      get(where, incoming => {
        let octets = 0
        incoming.on('data', (chunk: Buffer) => {
          octets += chunk.length
        })
        incoming.on('error', reject)
        incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, octets }))
      }).on('error', reject)
    })
  }

  [Symbol.dispose](): void {
    this.#agent.destroy()
  }
}
