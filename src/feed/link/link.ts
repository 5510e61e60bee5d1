/** How one other server is called: with which TLS, login and compression, as its section says. RFC 4642, RFC 4643, RFC 8054 */
import { readFileSync } from 'node:fs'
import type { Duplex } from 'node:stream'
import type { PeerConfig } from '../../config/config.ts'
import { readSecret, secretProblem } from '../../config/file.ts'
import { deflateOver } from '../../deflate.ts'
import { isLoopbackAddress } from '../../host.ts'
import type { KeyPair } from '../../tls/key-pair.ts'
import { Handshake, type HandshakeOptions } from './handshake.ts'
import type { Credentials } from './login.ts'
import { LinkFault, type OpenedLink, type OpenParts, openLink } from './open.ts'
import { type Dial, type DialOptions, parseAddress } from './peer-dial.ts'
import { secure, type Trust } from './secure.ts'

/** The keys of a section that are about the way, not about what is exchanged. */
export type LinkConfig = Pick<
  PeerConfig,
  'tls' | 'tls_name' | 'ca_file' | 'pin' | 'user' | 'password_file' | 'compress'
>

export interface LinkParts {
  readonly dial: Dial
  /** Our own certificate, shown where the other side asks for one. */
  readonly pair?: (() => KeyPair | undefined) | undefined
}

export type Told = OpenParts['told']

export class Link {
  readonly #config: LinkConfig
  readonly #parts: LinkParts

  constructor(config: LinkConfig, parts: LinkParts) {
    this.#config = config
    this.#parts = parts
  }

  /** Connects, with TLS where it comes first. Rejects with an error that says why in words. */
  async dial(address: string, options: DialOptions, told?: Told): Promise<Duplex> {
    // Secrets first: a file that others may read is no reason to call anybody.
    this.#credentials(address)
    const stream: Duplex & { readonly localAddress?: string; readonly remoteAddress?: string } =
      await this.#parts.dial(address, options)
    const { localAddress: local = '', remoteAddress: remote = '' } = stream
    told?.({ kind: 'connected', local, remote })
    if (this.#config.tls !== 'implicit') return stream
    return this.#secure(stream, { address, signal: options.signal, ...(told && { told }) })
  }

  /** Says what is to be said on a stream from `dial` until it is ready for `goal`. */
  async open(
    stream: Duplex,
    address: string,
    {
      goal,
      streaming,
      ...parts
    }: Pick<HandshakeOptions, 'goal' | 'streaming'> & Omit<OpenParts, 'transports'>,
  ): Promise<OpenedLink> {
    const { tls, compress } = this.#config
    const login = this.#credentials(address)
    const handshake = new Handshake({
      goal,
      ...(streaming !== undefined && { streaming }),
      starttls: tls === 'starttls',
      secure: tls === 'implicit' || isLoopbackAddress(address),
      compress,
      ...(login && { login }),
    })
    const { told } = parts
    return openLink(stream, handshake, {
      ...parts,
      transports: {
        tls: (below, signal) => this.#secure(below, { address, signal, ...(told && { told }) }),
        deflate: below => deflateOver(below),
      },
    })
  }

  async #secure(
    below: Duplex,
    { address, signal, told }: { address: string; signal: AbortSignal; told?: NonNullable<Told> },
  ): Promise<Duplex> {
    const { stream, report } = await secure(below, this.#trust(address), signal)
    told?.({ kind: 'tls', report })
    return stream
  }

  #trust(address: string): Trust {
    const { tls_name, ca_file, pin } = this.#config
    const pair = this.#parts.pair?.()
    return {
      name: tls_name === '' ? (parseAddress(address)?.host ?? address) : tls_name,
      pins: new Set(pin.map(each => each.toLowerCase())),
      ...(ca_file !== '' && { ca: readFileSync(ca_file, 'utf8') }),
      ...(pair && { pair }),
    }
  }

  /** Read anew each time, so that a changed password counts. */
  #credentials(address: string): Credentials | undefined {
    const { user, password_file, tls } = this.#config
    if (user === '') return undefined
    if (tls === 'off' && !isLoopbackAddress(address))
      throw new LinkFault('no password goes to another host without TLS: set tls = "implicit" or "starttls"')
    if (password_file === '') return { user }
    const problem = secretProblem(password_file)
    if (problem !== undefined) throw new LinkFault(`password_file: ${problem}`)
    return { user, password: readSecret(password_file) }
  }
}

/** Neither TLS nor login. */
export const plainLink: LinkConfig = {
  tls: 'off',
  tls_name: '',
  ca_file: '',
  pin: [],
  user: '',
  password_file: '',
  compress: false,
}
