/** A server that answers by a script, can put TLS on its stream, and keeps every octet that came over the wire. */
import { Duplex, duplexPair, PassThrough } from 'node:stream'
import { TLSSocket } from 'node:tls'
import { deflateOver } from '../../src/deflate.ts'
import type { PemPair } from './certificate-files.ts'

export interface SecurePeerScript {
  readonly pair?: PemPair
  /** TLS from the first octet. */
  readonly implicit?: boolean
  /** Asks for a certificate. */
  readonly asks?: boolean
  /** What follows a line, with or without TLS; several lines at once; undefined: nothing. */
  readonly answer: (line: string, secure: boolean) => string | undefined
  readonly greeting?: string
}

export class SecurePeer {
  /** The end of the one who calls. */
  readonly stream: Duplex
  /** Lines in the order they came, those under TLS marked `tls:`. */
  readonly lines: string[] = []
  readonly #wire: Buffer[] = []
  readonly #script: SecurePeerScript
  #top: Duplex
  #rest = ''
  #secure = false

  constructor(script: SecurePeerScript) {
    const [ours, theirs] = duplexPair()
    const tap = new PassThrough()
    theirs.on('data', (chunk: Buffer) => this.#wire.push(chunk))
    theirs.on('close', () => ours.destroy())
    theirs.on('error', () => undefined)
    theirs.pipe(tap)
    const below = Duplex.from({ readable: tap, writable: theirs })
    below.on('error', () => undefined)
    this.stream = ours
    this.#script = script
    this.#top = below
    if (script.implicit) this.#secureOver(below)
    else this.#listen(below)
    this.#top.write(`${script.greeting ?? '200 hello'}\r\n`)
  }

  /** All that came over the wire, encrypted or not, one character an octet. */
  get wire(): string {
    return Buffer.concat(this.#wire).toString('latin1')
  }

  /** What the caller's certificate is issued to, where it showed one. */
  get shown(): string | undefined {
    return this.#top instanceof TLSSocket ? subjectOf(this.#top) : undefined
  }

  #secureOver(below: Duplex): void {
    const { pair, asks = false } = this.#script
    below.removeAllListeners('data')
    const options = { isServer: true, requestCert: asks, rejectUnauthorized: false, ALPNProtocols: ['nntp'] }
    this.#secure = true
    this.#listen(new TLSSocket(below, { ...options, cert: pair?.cert ?? '', key: pair?.key ?? '' }))
  }

  #listen(stream: Duplex): void {
    this.#top = stream
    stream.on('error', () => undefined)
    stream.on('data', (chunk: Buffer) => {
      this.#rest += chunk.toString('latin1')
      for (let end = this.#rest.indexOf('\r\n'); end >= 0; end = this.#rest.indexOf('\r\n')) {
        const line = this.#rest.slice(0, end)
        this.#rest = this.#rest.slice(end + 2)
        this.#hear(line)
      }
    })
  }

  #hear(line: string): void {
    this.lines.push(this.#secure ? `tls:${line}` : line)
    const answer = this.#script.answer(line, this.#secure)
    if (answer === undefined) return
    const below = this.#top
    below.write(`${answer}\r\n`, 'latin1')
    if (line === 'STARTTLS' && answer.startsWith('382')) this.#secureOver(below)
    if (line === 'COMPRESS DEFLATE' && answer.startsWith('206')) {
      below.removeAllListeners('data')
      this.#listen(deflateOver(below))
    }
  }
}

function subjectOf(stream: TLSSocket): string | undefined {
  const name: string | readonly string[] | undefined = stream.getPeerCertificate().subject?.CN
  return typeof name === 'string' ? name : name?.[0]
}
