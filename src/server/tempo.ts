/** How fast a client may go on: commands and octets a second of its connection, or of all connections of its account. */

import { isLoopback } from '../address.ts'
import { Allowance, Allowances } from '../allowance.ts'
import type { Clock } from '../clock.ts'
import type { Session } from './session.ts'

type Spent = 'commands' | 'bytes'

/** Seconds of both that a client may use at once. */
const burst = 2

/** How many times as much those may look at who are logged in, or are peers. */
const trusted = 10

/** What the connections of one server have used. */
export class Tempos {
  readonly #clock: Clock
  readonly #byAccount: Allowances
  readonly #examined: Readonly<Record<'anybody' | 'known', Allowance>>

  constructor(clock: Clock) {
    this.#clock = clock
    this.#byAccount = new Allowances(clock)
    this.#examined = { anybody: new Allowance(clock), known: new Allowance(clock) }
  }

  of(session: Session): Tempo {
    return new Tempo(session, this.#byAccount)
  }

  /**
   * Counts articles that a command looked at and may not show: however many clients there are, they leave time for
   * others. Where it is too much, a promise of the time to go on. Never rejects.
   */
  examined({ access, client, services, signal }: Session, articles: number): Promise<void> | undefined {
    const known = access.source !== undefined || client.account !== undefined
    const perSecond = services.config().limits.examined_per_second * (known ? trusted : 1)
    const wait = late(this.#examined[known ? 'known' : 'anybody'], articles, perSecond)
    return wait <= 0 ? undefined : this.#clock.sleep(wait * 1000, signal)
  }
}

export class Tempo {
  readonly #session: Session
  readonly #byAccount: Allowances
  /** Of the connection; none until a limit counts for it. */
  #own: Partial<Record<Spent, Allowance>> | undefined
  #octets = 0

  constructor(session: Session, byAccount: Allowances) {
    this.#session = session
    this.#byAccount = byAccount
  }

  /**
   * Counts so many commands, and the octets of the connection, which are `octets` by now. Where that is too fast, a
   * promise of the time to go on, or of the end of the session. Never rejects.
   */
  use(commands: number, octets: number): Promise<void> | undefined {
    const limits = this.#limits()
    const more = octets - this.#octets
    this.#octets = octets
    if (limits === undefined) return undefined
    const wait = Math.max(
      late(this.#allowance('commands'), commands, limits.commands),
      late(this.#allowance('bytes'), more, limits.bytes),
    )
    if (wait <= 0) return undefined
    return this.#session.services.clock.sleep(wait * 1000, this.#session.signal)
  }

  /** A second; what the rule of the client says, else the usual limits, which are not for loopback and peers. */
  #limits(): Readonly<Record<Spent, number>> | undefined {
    const { access, client, services } = this.#session
    const { commands_per_second, bytes_per_second } = access.limits ?? {}
    const spared = access.source !== undefined || isLoopback(client.address)
    if (spared && commands_per_second === undefined && bytes_per_second === undefined) return undefined
    const { limits } = services.config()
    const usual = (limit: number) => (spared ? Number.POSITIVE_INFINITY : limit)
    return {
      commands: commands_per_second ?? usual(limits.commands_per_second),
      bytes: bytes_per_second ?? usual(limits.bytes_per_second),
    }
  }

  #allowance(what: Spent): Allowance {
    const account = this.#session.client.account?.name
    if (account !== undefined) return this.#byAccount.of(`${what} ${account}`)
    this.#own ??= {}
    this.#own[what] ??= new Allowance(this.#session.services.clock)
    return this.#own[what]
  }
}

/** Seconds until the allowance is not overdrawn any more. */
function late(allowance: Allowance, amount: number, perSecond: number): number {
  if (perSecond === Number.POSITIVE_INFINITY) return 0
  allowance.use(amount, perSecond)
  return allowance.over(burst * perSecond, perSecond) / perSecond
}
