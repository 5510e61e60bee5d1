/** What an open connection to another server stands on, as its handshake told. RFC 4642, RFC 4643, RFC 8054 */
import type { LinkEvent } from './open.ts'

export interface LinkState {
  /** `host:port` as it was called. */
  readonly address: string
  /** Version, such as TLSv1.3; empty in the clear. */
  readonly tls: string
  /** What its certificate was proven by; empty without TLS. */
  readonly proof: 'authority' | 'pin' | ''
  readonly loggedIn: boolean
  readonly compressed: boolean
}

export class LinkFacts {
  #state: LinkState

  constructor(address: string) {
    this.#state = { address, tls: '', proof: '', loggedIn: false, compressed: false }
  }

  get state(): LinkState {
    return this.#state
  }

  readonly add = (event: LinkEvent): void => {
    if (event.kind === 'tls') {
      const { protocol, by } = event.report
      this.#set({ tls: protocol, proof: by === 'nothing' ? '' : by })
    } else if (event.kind === 'reply') {
      // RFC 4643 2.3.1, 2.4.1; RFC 8054 2.2.1
      if (event.to.startsWith('AUTHINFO ') && event.line.startsWith('281')) this.#set({ loggedIn: true })
      if (event.to === 'COMPRESS DEFLATE' && event.line.startsWith('206')) this.#set({ compressed: true })
    }
  }

  #set(facts: Partial<LinkState>): void {
    this.#state = { ...this.#state, ...facts }
  }
}
