/** The admin listener: /metrics, /healthz and /readyz over plain HTTP, for monitoring and never for the public. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { isIP } from 'node:net'
import { addressOf, hasLastDescriptor, listen, type Place } from '../listen.ts'
import type { Log } from '../log.ts'
import type { Metrics } from './metrics.ts'

export interface AdminOptions {
  readonly listen: readonly Place[]
  readonly metrics: Metrics
  /** Why the node should get no new clients now; empty = it is ready. */
  readonly troubles: () => readonly string[] | Promise<readonly string[]>
  /** Names this listener may be asked for, besides addresses and localhost. */
  readonly hosts: readonly string[]
  readonly log: Log
  /** File descriptors that this process may have; no limit where absent. */
  readonly descriptors?: number
}

interface Answer {
  readonly status: number
  readonly type?: string
  readonly text: string
}

export class Admin implements AsyncDisposable {
  readonly #servers: Server[] = []

  private constructor() {}

  /** Rejects where an address cannot be listened on; then nothing is left open. */
  static async open(options: AdminOptions): Promise<Admin> {
    const admin = new Admin()
    try {
      for (const place of options.listen) {
        const opened = server(options)
        await listen(opened, { key: 'listen.admin', place })
        admin.#servers.push(opened)
      }
    } catch (error) {
      await admin.close()
      throw error
    }
    return admin
  }

  /** `host:port` with the port that the system chose. */
  get addresses(): string[] {
    return this.#servers.map(addressOf)
  }

  async close(): Promise<void> {
    await Promise.all(
      this.#servers.map(each => {
        each.closeAllConnections()
        return new Promise<void>(resolve => each.close(() => resolve()))
      }),
    )
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}

function server(options: AdminOptions): Server {
  const made = createServer(
    { headersTimeout: 10_000, requestTimeout: 60_000, maxHeaderSize: 8_192 },
    (request, response) => {
      answer(request, options)
        .catch((error: unknown): Answer => {
          options.log.error({ err: error, path: request.url }, 'admin request failed')
          return { status: 500, text: 'internal error\n' }
        })
        .then(each => send(response, each))
        .catch((error: unknown) => options.log.debug({ err: error }, 'admin answer not sent'))
    },
  )
  made.maxConnections = 64
  made.on('connection', socket => {
    if (hasLastDescriptor(socket, options.descriptors ?? Number.POSITIVE_INFINITY)) socket.destroy()
  })
  return made
}

async function answer(request: IncomingMessage, options: AdminOptions): Promise<Answer> {
  // DNS rebinding: a page whose name was pointed at this address does not know our names.
  if (!knownHost(request.headers.host ?? '', options.hosts)) return { status: 421, text: 'unknown host\n' }
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return { status: 405, text: 'only GET and HEAD\n' }
  switch (request.url?.split('?', 1)[0]) {
    case '/metrics':
      return { status: 200, type: options.metrics.contentType, text: await options.metrics.text() }
    case '/healthz':
      return { status: 200, text: 'ok\n' }
    case '/readyz': {
      const troubles = await options.troubles()
      return troubles.length === 0
        ? { status: 200, text: 'ready\n' }
        : { status: 503, text: `${troubles.join('\n')}\n` }
    }
    default:
      return { status: 404, text: 'here are /metrics, /healthz and /readyz\n' }
  }
}

function knownHost(header: string, names: readonly string[]): boolean {
  const host = (/^\[([^\]]+)\](?::\d+)?$/.exec(header)?.[1] ?? header.replace(/:\d+$/, '')).toLowerCase()
  return isIP(host) !== 0 || host === 'localhost' || names.some(name => name.toLowerCase() === host)
}

function send(response: ServerResponse, { status, type, text }: Answer): void {
  response.writeHead(status, {
    'Content-Type': type ?? 'text/plain; charset=utf-8',
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    ...(status === 405 ? { Allow: 'GET, HEAD' } : {}),
  })
  response.end(text)
}
