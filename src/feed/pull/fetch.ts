/** Articles of a selected group by their numbers: fetched in a pipeline, handed in, and counted. RFC 3977 3.5, 6.2.1 */
import { Article } from '../../article.ts'
import { Reason, safeText } from '../../reason.ts'
import type { Incoming } from '../accept.ts'
import type { Verdict } from '../feed.ts'
import { type AnswerBlock, NntpFault } from '../link/nntp-client.ts'
import type { Reply } from '../link/reply-reader.ts'
import { acceptPatiently } from '../patience.ts'
import { type PullOptions, type PullParts, PullStopped, type Tally } from './options.ts'
import type { ReaderSession } from './reader-session.ts'

/** Commands whose answers have not come: few enough that no server stops reading us before it has answered. */
const window = 32
/** RFC 3977 3.2.1, 6.2.1.2: no group is selected, or nothing may be read. */
const aboutSession: readonly number[] = [400, 411, 412, 480, 483, 500, 502]
const mostInFlight = 256
const mostOctetsInFlight = 16 * 1024 * 1024

interface Flight {
  readonly id: string
  readonly octets: number
  readonly verdict: Promise<Verdict>
}

export class Fetcher {
  readonly #session: ReaderSession
  readonly #parts: PullParts
  readonly #tally: Tally
  readonly #source: string
  readonly #flights: Flight[] = []
  #octetsInFlight = 0

  constructor(
    session: ReaderSession,
    { options, parts, tally }: { options: PullOptions; parts: PullParts; tally: Tally },
  ) {
    this.#session = session
    this.#parts = parts
    this.#tally = tally
    this.#source = options.host
  }

  /**
   * Resolves when each of the numbers is stored, refused or found missing. Rejects with an `NntpFault` where the
   * connection ends, and with `PullStopped` where our own store does; then all that was handed in is settled.
   */
  async fetch(numbers: readonly number[], report: () => void): Promise<void> {
    const { client } = this.#session
    let asked = 0
    try {
      for (let answered = 0; answered < numbers.length; answered++) {
        // Half a window at a time: many commands in one write.
        if (asked - answered <= window / 2) {
          const next = numbers.slice(asked, answered + window)
          if (next.length > 0) client.send(...next.map(number => `ARTICLE ${number}`))
          asked += next.length
        }
        await this.#receive(numbers[answered] ?? 0)
        report()
      }
    } finally {
      await this.#settle()
    }
  }

  async #receive(number: number): Promise<void> {
    const reply = await this.#session.client.reply()
    // RFC 3977 6.2.1.2: 220 number message-id. What answers another command leaves all that follow in doubt.
    const [given = '', id = ''] = reply.text.split(' ')
    if (reply.code < 400 && (reply.code !== 220 || isOther(given, number)))
      throw new NntpFault(`it answered "${saidIn(reply)}" to ARTICLE ${number}`)
    if (reply.code === 220) return this.#take(id, await this.#session.client.block())
    const said = saidIn(reply)
    if (aboutSession.includes(reply.code)) throw new NntpFault(`it does not let us read: "${said}"`)
    // RFC 3977 6.2.1.2: 423, 430. 403 and 503 are about this one article too, and must not stop us here for ever.
    if (reply.code !== 423 && reply.code !== 430)
      this.#parts.log.warn({ number, said }, 'article not to be had')
    this.#tally.missing++
  }

  async #take(id: string, block: AnswerBlock): Promise<void> {
    const { limits, refusals } = this.#parts
    this.#tally.fetched++
    const parsed = block.ok
      ? incomingFrom(block.wire, { limits, host: this.#source })
      : new Reason(block.fault)
    if (parsed instanceof Reason) {
      this.#tally.refused++
      refusals.add(id, `pull:${this.#source}`, parsed)
      return
    }
    const octets = parsed.article.wire.length
    this.#tally.octets += octets
    this.#flights.push({
      id: parsed.article.header('Message-ID') ?? id,
      octets,
      verdict: acceptPatiently(parsed, this.#parts),
    })
    this.#octetsInFlight += octets
    while (this.#flights.length >= mostInFlight || this.#octetsInFlight > mostOctetsInFlight)
      await this.#land()
  }

  async #settle(): Promise<void> {
    let stopped: unknown
    while (this.#flights.length > 0)
      await this.#land().catch((error: unknown) => {
        stopped ??= error
      })
    if (stopped !== undefined) throw stopped
  }

  async #land(): Promise<void> {
    const flight = this.#flights.shift()
    if (flight === undefined) return
    const verdict = await flight.verdict
    this.#octetsInFlight -= flight.octets
    if (verdict.kind === 'accepted' || verdict.kind === 'mailed' || verdict.kind === 'held') {
      this.#tally.accepted++
      return
    }
    const { reason } = verdict
    if (verdict.kind === 'deferred') throw new PullStopped(reason.text)
    if (reason.name === 'duplicate') this.#tally.known++
    else {
      this.#tally.refused++
      this.#parts.refusals.add(flight.id, `pull:${this.#source}`, reason)
    }
  }
}

const saidIn = ({ code, text }: Reply): string => safeText(`${code} ${text}`.trimEnd())

/** Peers do this: servers that keep no numbers say 0. */
const isOther = (given: string, number: number): boolean =>
  /^\d{1,15}$/.test(given) && Number(given) !== 0 && Number(given) !== number

function incomingFrom(
  wire: Buffer,
  { limits, host }: { limits: PullParts['limits']; host: string },
): Incoming | Reason {
  if (wire.length > limits.article_bytes) return new Reason('article-too-large')
  const article = Article.parse(wire, { ...limits, lax: true })
  return article instanceof Reason ? article : { article, origin: { kind: 'import', host } }
}
