/** The server side of TLS on connections that were accepted already. RFC 8446, RFC 7301, RFC 4642 2.2.2, RFC 8143 3 */
import type { Socket } from 'node:net'
import { createServer, type Server, type TLSSocket } from 'node:tls'
import type { ClientCertificate } from '../client.ts'
import type { Clock } from '../clock.ts'
import { hostNames, keyFingerprint } from './certificate.ts'
import { contextOptions, type KeyPair } from './key-pair.ts'

export interface Secured {
  readonly stream: TLSSocket
  readonly certificate?: ClientCertificate
}

const handshakeSeconds = 10

/**
 * Clients that name no protocol (RFC 7301) are let in, those that name others alone are not: what a browser was led to
 * send here must not be taken for ours. A certificate is asked for and need not be given.
 */
export class TlsDoor {
  readonly #server: Server
  readonly #clock: Clock
  /** Connections whose handshake is under way, by their two ends. */
  readonly #under = new Map<string, (stream: TLSSocket) => void>()
  #trusts = false

  constructor(pair: KeyPair, { protocol, clock }: { readonly protocol: string; readonly clock: Clock }) {
    this.#clock = clock
    this.#server = createServer({
      ...this.#context(pair),
      ALPNProtocols: [protocol],
      requestCert: true,
      rejectUnauthorized: false,
    })
    this.#server.on('secureConnection', stream => this.#under.get(endsOf(stream))?.(stream))
    this.#server.on('tlsClientError', (_error, stream) => stream.destroy())
  }

  /** What handshakes that begin from now on are made with. */
  renew(pair: KeyPair): void {
    this.#server.setSecureContext(this.#context(pair))
  }

  /** Rejects where the client does not manage it, or takes longer than 10 seconds; then the socket is closed. */
  async secure(socket: Socket): Promise<Secured> {
    const trusts = this.#trusts
    const stream = await this.#handshake(socket)
    const certificate = stream.getPeerX509Certificate()
    if (certificate === undefined) return { stream }
    return {
      stream,
      certificate: {
        names: hostNames(certificate),
        fingerprint: keyFingerprint(certificate),
        trusted: trusts && stream.authorized,
      },
    }
  }

  #handshake(socket: Socket): Promise<TLSSocket> {
    const ends = endsOf(socket)
    socket.on('error', () => socket.destroy())
    // Who ends his side now has no answers to wait for: TLS takes this over from the socket when it begins.
    const { allowHalfOpen } = socket
    socket.allowHalfOpen = false
    return new Promise((resolve, reject) => {
      if (socket.destroyed) return reject(new Error('the client is gone'))
      const timer = this.#clock.timer(handshakeSeconds * 1000, () => socket.destroy())
      const settle = () => {
        timer.cancel()
        this.#under.delete(ends)
        socket.off('close', closed)
      }
      const closed = () => {
        settle()
        reject(new Error('no TLS handshake'))
      }
      socket.once('close', closed)
      this.#under.set(ends, stream => {
        settle()
        socket.allowHalfOpen = allowHalfOpen
        stream.allowHalfOpen = allowHalfOpen
        resolve(stream)
      })
      this.#server.emit('connection', socket)
    })
  }

  #context(pair: KeyPair) {
    this.#trusts = pair.authorities !== undefined
    // An empty list trusts nobody; none would trust every authority that browsers do.
    return { ...contextOptions(pair), ca: pair.authorities ?? [] }
  }
}

function endsOf({ remoteAddress, remotePort, localAddress, localPort }: Socket): string {
  return [remoteAddress, remotePort, localAddress, localPort].join(' ')
}
