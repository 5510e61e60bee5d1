/** A plain HTTP client that can say anything. */
import { request } from 'node:http'
import { request as requestSecurely } from 'node:https'

export interface Reply {
  readonly status: number
  readonly headers: NodeJS.Dict<string | string[]>
  readonly body: Buffer
  readonly text: string
}

export interface Ask {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Fields of a form. */
  readonly form?: Readonly<Record<string, string>>
  /** The length of what is sent is not said before. RFC 9112 7.1 */
  readonly chunked?: boolean
  /** Over TLS, whatever the certificate. */
  readonly secure?: boolean
}

/** `host` is `host:port`. */
export function askHttp(host: string, path: string, ask: Ask = {}): Promise<Reply> {
  const { hostname, port } = new URL(`http://${host}`)
  const body = ask.form === undefined ? '' : new URLSearchParams(ask.form).toString()
  const type = ask.form === undefined ? {} : { 'Content-Type': 'application/x-www-form-urlencoded' }
  const method = ask.method ?? (ask.form === undefined ? 'GET' : 'POST')
  const length: Record<string, string> = ask.chunked
    ? { 'Transfer-Encoding': 'chunked' }
    : { 'Content-Length': String(Buffer.byteLength(body)) }
  const headers = { ...type, ...length, ...ask.headers }
  return new Promise((resolve, reject) => {
    const where = { hostname, port, path, method, headers, agent: false, rejectUnauthorized: false }
    const sending = (ask.secure ? requestSecurely : request)(where, incoming => {
      const chunks: Buffer[] = []
      incoming.on('data', chunk => chunks.push(chunk))
      incoming.on('error', reject)
      incoming.on('end', () => {
        const whole = Buffer.concat(chunks)
        const status = incoming.statusCode ?? 0
        resolve({ status, headers: incoming.headers, body: whole, text: whole.toString() })
      })
    })
    sending.on('error', reject)
    sending.end(body)
  })
}
