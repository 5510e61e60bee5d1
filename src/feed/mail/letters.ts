/**
 * Letters to people who have typed their address, and to the administrator: one each, in the outbox, and too few to
 * annoy anybody with. RFC 5321
 */
import { networkOf } from '../../address.ts'
import { Allowances } from '../../allowance.ts'
import type { Clock } from '../../clock.ts'
import type { Config } from '../../config/config.ts'
import { isMailAddress } from '../../mail-address.ts'
import { newMessageId } from '../../message-id.ts'
import type { MailEntry, Outcome } from '../../storage/entry.ts'

export interface Letter {
  /** One address, checked here. */
  readonly to: string
  readonly subject: string
  /** Lines end in LF. */
  readonly text: string
}

export interface LettersParts {
  readonly submit: (entry: MailEntry) => Promise<Outcome>
  readonly config: () => Config
  readonly clock: Clock
  readonly random: (octets: number) => Buffer
  /** See `Entry`; `web` where absent. */
  readonly source?: string
}

/** An hour, besides as many at once: to one address, from one network, and from here at all. */
const most = { to: 3, network: 20, all: 300 } as const
const hour = 3600

export class Letters {
  readonly #parts: LettersParts
  readonly #allowances: Allowances

  constructor(parts: LettersParts) {
    this.#parts = parts
    this.#allowances = new Allowances(parts.clock)
  }

  /** Whether there is a mail server to hand them to. */
  get possible(): boolean {
    return this.#parts.config().mail.smtp !== ''
  }

  /** Whether another may be sent there for somebody at `address`; counts it if so, whatever becomes of it. */
  allow(to: string, address: string): boolean {
    const used = [
      { allowance: this.#allowances.of(`to ${to.toLowerCase()}`), limit: most.to },
      { allowance: this.#allowances.of(`network ${networkOf(address)}`), limit: most.network },
      { allowance: this.#allowances.of('all'), limit: most.all },
    ]
    if (used.some(({ allowance, limit }) => allowance.over(limit, limit / hour) > -1)) return false
    for (const { allowance, limit } of used) allowance.use(1, limit / hour)
    return true
  }

  /** Resolves when it is durable in the outbox; rejects where it cannot be. */
  async send({ to, subject, text }: Letter): Promise<void> {
    const { submit, config, clock, random, source = 'web' } = this.#parts
    if (!isMailAddress(to)) throw new Error('a letter to what is no mail address')
    const now = clock.now()
    const messageId = newMessageId({ now, random: random(10), identity: config().node.path_identity })
    const outcome = await submit({
      kind: 'mail',
      letter: true,
      time: Math.floor(now / 1000),
      source,
      to,
      subject: subject.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?'),
      messageId,
      message: Buffer.from(text.replace(/\r?\n/g, '\r\n')),
    })
    if (outcome.kind !== 'stored') throw new Error('a letter could not be kept')
  }
}
