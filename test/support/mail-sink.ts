/** A mail server on this machine that keeps what it gets. */
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'

export interface Received {
  readonly from: string
  readonly to: readonly string[]
  readonly octets: Buffer
}

/** A mail server that keeps what it gets; recipients beginning with `no` are refused. */
export class MailSink implements AsyncDisposable {
  readonly received: Received[] = []
  readonly #server: SMTPServer
  down = false
  #waiting: (() => void)[] = []

  constructor() {
    this.#server = new SMTPServer({
      authOptional: true,
      disableReverseLookup: true,
      logger: false,
      onMailFrom: (_address, _session, callback) => callback(this.down ? refusal(451) : null),
      onRcptTo: ({ address }, _session, callback) => callback(address.startsWith('no') ? refusal(550) : null),
      onData: (stream, { envelope }, callback) => {
        const chunks: Buffer[] = []
        stream.on('data', (chunk: Buffer) => chunks.push(chunk))
        stream.on('end', () => {
          const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address
          const to = envelope.rcptTo.map(({ address }) => address)
          this.received.push({ from, to, octets: Buffer.concat(chunks) })
          callback()
          for (const wake of this.#waiting.splice(0)) wake()
        })
      },
    })
  }

  async listen(): Promise<string> {
    await new Promise<void>(resolve => this.#server.listen(0, '127.0.0.1', resolve))
    return `smtp://127.0.0.1:${(this.#server.server.address() as AddressInfo).port}`
  }

  /** The n-th mail, counted from one, once it is there. */
  async mail(count: number): Promise<Received> {
    for (;;) {
      const mail = this.received[count - 1]
      if (mail !== undefined) return mail
      await new Promise<void>(resolve => this.#waiting.push(resolve))
    }
  }

  async close(): Promise<void> {
    await new Promise<void>(resolve => this.#server.close(resolve))
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}

function refusal(responseCode: number): Error {
  return Object.assign(new Error('not now'), { responseCode })
}
