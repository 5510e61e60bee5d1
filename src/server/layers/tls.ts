/** TLS below the dialogue, with the certificate as it is when the handshake begins. RFC 4642 2.2.2, RFC 8143 2 */
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Client } from '../../client.ts'
import type { Clock } from '../../clock.ts'
import type { KeyPair } from '../../tls/key-pair.ts'
import { TlsDoor } from '../../tls/tls-door.ts'
import type { Layer } from '../connection.ts'

export interface TlsLayerOptions {
  readonly clock: Clock
  /** None: no handshake begins. Another object than the last time: others follow. */
  readonly keyPair: () => KeyPair | undefined
}

/** A client as its handshake shows it. */
export interface SecuredClient {
  readonly stream: Duplex
  readonly client: Client
}

export class TlsLayer {
  readonly #options: TlsLayerOptions
  #made: { readonly pair: KeyPair; readonly door: TlsDoor } | undefined

  constructor(options: TlsLayerOptions) {
    this.#options = options
  }

  /** Rejects where there will be no TLS; then the connection is of no use any more. */
  async secure(below: Duplex, address: string): Promise<SecuredClient> {
    const door = this.#door
    if (door === undefined || !(below instanceof Socket)) throw new Error('no TLS on this connection')
    const { stream, certificate } = await door.secure(below)
    const protocol = stream.getProtocol()
    const shown = { ...(protocol !== null && { protocol }), ...(certificate && { certificate }) }
    return { stream, client: { address, secure: true, ...shown } }
  }

  /** For STARTTLS. */
  readonly start: Layer = async (below, session) => {
    const { stream, client } = await this.secure(below, session.client.address)
    session.client = client
    return stream
  }

  /** Where `[tls]` was taken out by a reload, listeners that need it go on with the last one. */
  get #door(): TlsDoor | undefined {
    const { keyPair, clock } = this.#options
    const pair = keyPair()
    if (pair === undefined || pair === this.#made?.pair) return this.#made?.door
    const door = this.#made?.door ?? new TlsDoor(pair, { protocol: 'nntp', clock })
    if (this.#made !== undefined) door.renew(pair)
    this.#made = { pair, door }
    return door
  }
}
