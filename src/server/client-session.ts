/** The session of one connection. What most connections never need is made when it is first asked for. */
import type { Client } from '../client.ts'
import type { Log } from '../log.ts'
import type { AccessRules } from './access.ts'
import type { Seat } from './census.ts'
import type { PeerPresence } from './peer-presence.ts'
import type { Access, ClaimedName, Services, Session } from './session.ts'
import type { Tempos } from './tempo.ts'

/** What all sessions of a server share. */
export interface SessionHost {
  readonly services: Services
  readonly log: Log
  readonly tempos: Tempos
  /** As the configuration is now. */
  readonly rules: () => AccessRules
}

export interface Attendance {
  readonly client: Client
  readonly seat: Seat
  readonly presence: PeerPresence
  /** Of the connection, in the log. */
  readonly id: number
}

/** Said to nobody, so without the stack that a reason of its own would carry each time. */
const ended = new Error('the connection has ended')

const inTheClear: Session['transports'] = new Set()
const underTls: Session['transports'] = new Set(['tls'])

export class ClientSession implements Session {
  client: Client
  access: Access
  transports: Session['transports']
  claimed: ClaimedName | undefined
  group: Session['group']
  number: Session['number']
  turns = 0
  pointed = 0
  sawCapabilities = false
  streaming = false
  readonly #host: SessionHost
  readonly #seat: Seat
  readonly #presence: PeerPresence
  readonly #id: number
  #log: Log | undefined
  #abort: AbortController | undefined
  #over = false

  constructor(host: SessionHost, { client, seat, presence, id }: Attendance) {
    this.#host = host
    this.#seat = seat
    this.#presence = presence
    this.#id = id
    this.client = client
    this.transports = client.secure ? underTls : inTheClear
    this.access = this.authorize(client)
  }

  get services(): Services {
    return this.#host.services
  }

  get log(): Log {
    this.#log ??= this.#host.log.child(this.names)
    return this.#log
  }

  /** By what it is known in the log. */
  get names(): object {
    const peer = this.access.source?.peer
    return peer === undefined ? { connection: this.#id } : { connection: this.#id, peer }
  }

  /** Whether each line of the conversation goes to the log. */
  get traces(): boolean {
    return this.#host.log.isLevelEnabled?.('trace') ?? true
  }

  get signal(): AbortSignal {
    this.#abort ??= new AbortController()
    if (this.#over) this.#abort.abort(ended)
    return this.#abort.signal
  }

  /** Whether the client is gone. */
  get over(): boolean {
    return this.#over
  }

  /** Whoever works for it stops. `why` goes to the log. */
  end(why: string): void {
    if (this.#over) return
    this.#over = true
    const { log } = this.#host
    if (log.isLevelEnabled?.('debug') ?? true) log.debug({ ...this.names, why }, 'connection ends')
    this.#abort?.abort(ended)
  }

  authorize(client: Client): Access {
    const access = this.#host.rules().for(client)
    const source = this.#presence.become(access.source)
    return source === undefined ? access : { ...access, source }
  }

  /** Nobody is counted for an account whose right to feed us it proves: as with addresses of peers. */
  countFor(client: Client): boolean {
    const { account } = client
    const rules = this.#host.rules()
    if (account === undefined || rules.for(client).source !== undefined) return true
    const { connections } = rules.limitsOf(client)
    const most = connections ?? this.services.config().limits.connections_per_account
    return this.#seat.logIn(account.name, most)
  }

  examined(articles: number): Promise<void> | undefined {
    return this.#host.tempos.examined(this, articles)
  }

  /** The connection is closed: nobody sits here any more. */
  leave(): void {
    this.#seat.leave()
    this.#presence.end()
  }
}
