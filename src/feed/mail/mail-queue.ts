/** The mails of the outbox on their way to the mail server, one at a time: sent, tried again later, or given up. RFC 5321 4.5.4.1 */
import type { Clock } from '../../clock.ts'
import type { Log } from '../../log.ts'
import type { Mail, MailHead } from '../../storage/state/outbox.ts'

/** Mails that are durable and not yet handed over, oldest first. Storage implements it. */
export interface Outbox {
  pending(limit: number): Promise<readonly Mail[]>
  /** As `pending`, without what the mails say. */
  heads(limit: number): Promise<readonly MailHead[]>
  /** The mail server has it: durable before it resolves. A crash in between sends it again, under the same ID. */
  find(id: number): Promise<Mail | undefined>
  done(id: number): Promise<void>
  /** Resolves when a mail comes in after the call, or when `signal` aborts. Never rejects. */
  changed(signal: AbortSignal): Promise<void>
}

export interface MailQueueParts {
  readonly outbox: Outbox
  readonly clock: Clock
  readonly log: Log
  /** Rejects where the mail server does not take it. Absent: there is none, and mails wait. */
  readonly send?: (mail: Mail) => Promise<unknown>
}

/** A mail that waits, and why. */
export interface WaitingMail extends MailHead {
  /** Those that failed since the node started. */
  readonly tries: number
  /** Of the last one; empty where there was none. */
  readonly lastError: string
  /** Milliseconds until the next one; undefined where there is no mail server. */
  readonly retryIn?: number
}

const firstRetry = 30_000
const lastRetry = 3_600_000
const batch = 50

/** What a failed mail waits for. */
interface Retry {
  readonly tries: number
  /** Milliseconds, monotonic. */
  readonly at: number
  readonly error: string
}

export class MailQueue {
  readonly #parts: MailQueueParts
  readonly #retries = new Map<number, Retry>()
  /** Sent or dropped, and not yet out of the outbox: never sent again by this process. */
  readonly #settled = new Set<number>()
  /** Of the round under way. */
  #round: AbortController | undefined

  constructor(parts: MailQueueParts) {
    this.#parts = parts
  }

  /** Whether there is a mail server. */
  get sends(): boolean {
    return this.#parts.send !== undefined
  }

  /** The oldest first. */
  async waiting(limit: number): Promise<readonly WaitingMail[]> {
    const { outbox, clock } = this.#parts
    return (await outbox.heads(limit)).map(head => {
      const { tries = 0, at = 0, error = '' } = this.#retries.get(head.id) ?? {}
      const waits = { ...head, tries, lastError: error }
      return this.sends ? { ...waits, retryIn: Math.max(0, at - clock.monotonic()) } : waits
    })
  }

  find(id: number): Promise<Mail | undefined> {
    return this.#parts.outbox.find(id)
  }

  /** Every mail that waits after a failure, or one, is tried at once; counting goes on. */
  retry(id?: number): void {
    for (const [mail, retry] of this.#retries)
      if (id === undefined || mail === id) this.#retries.set(mail, { ...retry, at: 0 })
    this.#round?.abort()
  }

  /** It is not sent; durable when it resolves, and waits as before where it rejects. One that is being sent may still arrive. */
  async drop(id: number): Promise<void> {
    // Stays there: a round may have read the mail before it was gone.
    const wasSettled = this.#settled.has(id)
    this.#settled.add(id)
    try {
      await this.#parts.outbox.done(id)
    } catch (error) {
      if (!wasSettled) this.#settled.delete(id)
      throw error
    }
    this.#retries.delete(id)
    this.#parts.log.warn({ mail: id }, 'mail dropped')
  }

  /** Sends until `signal` aborts, one mail at a time. Never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    const { send } = this.#parts
    if (send === undefined) return
    while (!signal.aborted) {
      const round = new AbortController()
      this.#round = round
      const stop = AbortSignal.any([signal, round.signal])
      // Asked before the outbox is read, so that what comes in between is not missed.
      const changed = this.#parts.outbox.changed(stop)
      const wait = await this.#sendAll(send, signal)
      await Promise.race([changed, this.#parts.clock.sleep(wait, stop)])
      round.abort()
    }
  }

  /** Tries every mail that is due; gives the milliseconds until the next one is. */
  async #sendAll(send: (mail: Mail) => Promise<unknown>, signal: AbortSignal): Promise<number> {
    const { outbox, clock, log } = this.#parts
    try {
      const mails = await outbox.pending(batch + this.#retries.size)
      for (const mail of mails) {
        if (signal.aborted) return 0
        if ((this.#retries.get(mail.id)?.at ?? 0) <= clock.monotonic()) await this.#deliver(mail, send)
      }
      const times = mails.map(({ id }) => this.#retries.get(id)?.at).filter(at => at !== undefined)
      return times.length === 0 ? lastRetry : Math.max(0, Math.min(...times) - clock.monotonic())
    } catch (cause) {
      log.error({ err: cause }, 'outbox failed')
      return firstRetry
    }
  }

  async #deliver(mail: Mail, send: (mail: Mail) => Promise<unknown>): Promise<void> {
    const { clock, log } = this.#parts
    if (this.#settled.has(mail.id)) return this.#forget(mail)
    try {
      await send(mail)
      log.info({ mail: mail.id, to: mail.to, messageId: mail.messageId }, 'mail sent')
    } catch (cause) {
      // Dropped meanwhile: there is nothing to try again.
      if (this.#settled.has(mail.id)) return this.#forget(mail)
      if (isHopeless(mail, cause, clock.now())) {
        log.warn({ err: cause, mail: mail.id, to: mail.to }, 'mail given up')
        return this.#forget(mail)
      }
      const tries = (this.#retries.get(mail.id)?.tries ?? 0) + 1
      const delay = Math.min(lastRetry, firstRetry * 2 ** Math.min(tries - 1, 16))
      const error = (cause instanceof Error ? cause.message : String(cause)).slice(0, longestError)
      this.#retries.set(mail.id, { tries, at: clock.monotonic() + delay, error })
      log.warn({ err: cause, mail: mail.id, to: mail.to, tries, delay }, 'mail not sent, will be tried again')
      return
    }
    await this.#forget(mail)
  }

  async #forget({ id }: Mail): Promise<void> {
    this.#settled.add(id)
    await this.#parts.outbox.done(id)
    this.#settled.delete(id)
    this.#retries.delete(id)
  }
}

/** Characters of what the mail server said. */
const longestError = 300
/** What a letter says counts for a day, milliseconds. */
const letterTime = 86_400_000

/** A person may mistype an address; a submission is kept until its moderator has it. RFC 5321 4.2.1 */
function isHopeless({ letter, time }: Mail, cause: unknown, now: number): boolean {
  if (letter !== true) return false
  const code = cause instanceof Error && 'responseCode' in cause ? Number(cause.responseCode) : 0
  return code >= 500 || now - time * 1000 > letterTime
}
