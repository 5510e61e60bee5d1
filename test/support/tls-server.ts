/** A server over a fake node that listens on loopback, plain and under TLS, and its clients. */
import { connect as connectTcp, type Socket } from 'node:net'
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from 'node:tls'
import { systemClock } from '../../src/clock.ts'
import { silentLog } from '../../src/log.ts'
import { NntpServer, type NntpServerOptions } from '../../src/server/server.ts'
import type { KeyPair } from '../../src/tls/key-pair.ts'
import { keyPair, pemPair } from './certificates.ts'
import { FakeNode, fakeConfig } from './fake-node.ts'

export interface TlsServerOptions {
  readonly config?: Record<string, unknown>
  readonly node?: FakeNode
  readonly server?: Partial<NntpServerOptions>
}

export class TlsServer implements AsyncDisposable {
  readonly node: FakeNode
  readonly server: NntpServer
  /** What the next handshake shows. */
  pair: KeyPair = keyPair(pemPair())

  private constructor({ config = {}, node, server = {} }: TlsServerOptions) {
    const listen = { nntp: ['127.0.0.1:0'], nntps: ['127.0.0.1:0'] }
    this.node = node ?? new FakeNode(systemClock, fakeConfig({ listen, tls: { cert: 'a' }, ...config }))
    const { services } = this.node
    this.server = new NntpServer({ services, log: silentLog, keyPair: () => this.pair, ...server })
  }

  static async start(options: TlsServerOptions = {}): Promise<TlsServer> {
    const started = new TlsServer(options)
    await started.server.listen()
    return started
  }

  plain(): Socket {
    return connectTcp(portOf(this.server.addresses), '127.0.0.1')
  }

  /** Resolves after the handshake; rejects where there is none. Trusts any certificate. */
  secure(options: ConnectionOptions = {}): Promise<TLSSocket> {
    const port = portOf(this.server.secureAddresses)
    return shaken(connectTls({ host: '127.0.0.1', port, rejectUnauthorized: false, ...options }))
  }

  /** For listeners that are secure from the start. */
  securePlain(): Socket {
    return connectTcp(portOf(this.server.secureAddresses), '127.0.0.1')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server.close()
  }
}

/** TLS from now on, for a client that has read 382. */
export function upgraded(socket: Socket, options: ConnectionOptions = {}): Promise<TLSSocket> {
  socket.removeAllListeners('data')
  return shaken(connectTls({ socket, rejectUnauthorized: false, ...options }))
}

function shaken(socket: TLSSocket): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    socket.once('secureConnect', () => resolve(socket))
    socket.once('error', reject)
    socket.once('close', () => reject(new Error('closed in the handshake')))
  })
}

const portOf = ([address = '']: readonly string[]) => Number(address.split(':').at(-1))
