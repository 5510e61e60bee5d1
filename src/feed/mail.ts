/** The door to the mail server: drains the outbox of mails to moderators, and of letters to people. RFC 5537 3.5.1, RFC 5321 */
import { createHash } from 'node:crypto'
import { createTransport } from 'nodemailer'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { isMailAddress } from '../mail-address.ts'
import type { Mail } from '../storage/entry.ts'

/** Stands in every mail of ours; a proto-article that bears it with our name is not taken. */
export const loopField = 'X-Tidings-Loop'

/** Mails that are durable and not yet handed over, oldest first. Storage implements it. */
export interface Outbox {
  pending(limit: number): Promise<readonly Mail[]>
  /** The mail server has it: durable before it resolves. A crash in between sends it again, under the same ID. */
  done(id: number): Promise<void>
  /** Resolves when a mail comes in after the call, or when `signal` aborts. Never rejects. */
  changed(signal: AbortSignal): Promise<void>
}

export interface Mailing {
  /** `smtp://[user[:password]@]host[:port]` or `smtps://`; empty: nothing is sent and mail stays in the outbox. */
  readonly smtp: string
  /** Sender of every mail, in the envelope too. */
  readonly from: string
  /** Our path identity. */
  readonly identity: string
  readonly outbox: Outbox
  readonly clock: Clock
  readonly log: Log
}

export interface Mailer {
  /** Sends until `signal` aborts, one mail at a time. Never rejects. */
  run(signal: AbortSignal): Promise<void>
}

const firstRetry = 30_000
const lastRetry = 3_600_000
const batch = 50

/** Throws where `smtp` or `from` is not what it should be. */
export function createMailer(mailing: Mailing): Mailer {
  if (mailing.smtp === '') return { run: async () => {} }
  const { from } = mailing
  if (!isMailAddress(from)) throw new Error(`mail.from: expected an address, found "${from}"`)
  const transport = createTransport(transportOptions(mailing.smtp))
  const drain = new Drain(mailing, mail => transport.sendMail(composed(mail, mailing)))
  return { run: signal => drain.run(signal) }
}

/** What a failed mail waits for. */
interface Retry {
  readonly tries: number
  /** Milliseconds, monotonic. */
  readonly at: number
}

class Drain {
  readonly #mailing: Mailing
  readonly #send: (mail: Mail) => Promise<unknown>
  readonly #retries = new Map<number, Retry>()
  /** Sent, and not yet out of the outbox: never sent again by this process. */
  readonly #sent = new Set<number>()

  constructor(mailing: Mailing, send: (mail: Mail) => Promise<unknown>) {
    this.#mailing = mailing
    this.#send = send
  }

  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const round = new AbortController()
      const stop = AbortSignal.any([signal, round.signal])
      // Asked before the outbox is read, so that what comes in between is not missed.
      const changed = this.#mailing.outbox.changed(stop)
      const wait = await this.#round(signal)
      await Promise.race([changed, this.#mailing.clock.sleep(wait, stop)])
      round.abort()
    }
  }

  /** Tries every mail that is due; gives the milliseconds until the next one is. */
  async #round(signal: AbortSignal): Promise<number> {
    const { outbox, clock, log } = this.#mailing
    try {
      const mails = await outbox.pending(batch + this.#retries.size)
      for (const mail of mails) {
        if (signal.aborted) return 0
        if ((this.#retries.get(mail.id)?.at ?? 0) <= clock.monotonic()) await this.#deliver(mail)
      }
      const times = mails.map(({ id }) => this.#retries.get(id)?.at).filter(at => at !== undefined)
      return times.length === 0 ? lastRetry : Math.max(0, Math.min(...times) - clock.monotonic())
    } catch (cause) {
      log.error({ err: cause }, 'outbox failed')
      return firstRetry
    }
  }

  async #deliver(mail: Mail): Promise<void> {
    const { clock, log } = this.#mailing
    try {
      if (!this.#sent.has(mail.id)) await this.#send(mail)
    } catch (cause) {
      if (isHopeless(mail, cause, clock.now())) {
        log.warn({ err: cause, mail: mail.id, to: mail.to }, 'mail given up')
        return this.#forget(mail)
      }
      const tries = (this.#retries.get(mail.id)?.tries ?? 0) + 1
      const delay = Math.min(lastRetry, firstRetry * 2 ** Math.min(tries - 1, 16))
      this.#retries.set(mail.id, { tries, at: clock.monotonic() + delay })
      log.warn({ err: cause, mail: mail.id, to: mail.to, tries, delay }, 'mail not sent, will be tried again')
      return
    }
    await this.#forget(mail)
    log.info({ mail: mail.id, to: mail.to, messageId: mail.messageId }, 'mail sent')
  }

  async #forget({ id }: Mail): Promise<void> {
    this.#sent.add(id)
    await this.#mailing.outbox.done(id)
    this.#sent.delete(id)
    this.#retries.delete(id)
  }
}

/** What a letter says counts for a day, milliseconds. */
const letterTime = 86_400_000

/** A person may mistype an address; a submission is kept until its moderator has it. RFC 5321 4.2.1 */
function isHopeless({ letter, time }: Mail, cause: unknown, now: number): boolean {
  if (letter !== true) return false
  const code = cause instanceof Error && 'responseCode' in cause ? Number(cause.responseCode) : 0
  return code >= 500 || now - time * 1000 > letterTime
}

/** No URL reaches the library, which would take options from its query. */
function transportOptions(smtp: string) {
  const url = URL.canParse(smtp) ? new URL(smtp) : undefined
  if (url === undefined || !/^smtps?:$/.test(url.protocol) || url.hostname === '') {
    // Not shown: it may hold a password.
    throw new Error('mail.smtp: expected smtp://[user[:password]@]host[:port]')
  }
  const secure = url.protocol === 'smtps:'
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const user = decodeURIComponent(url.username)
  return {
    host,
    port: url.port === '' ? (secure ? 465 : 25) : Number(url.port),
    secure,
    // A relay on this machine often has a certificate for another name.
    ignoreTLS: !secure && /^(localhost|127\.\d+\.\d+\.\d+|::1)$/.test(host),
    ...(user === '' ? {} : { auth: { user, pass: decodeURIComponent(url.password) } }),
    connectionTimeout: 30_000,
    greetingTimeout: 30_000,
    socketTimeout: 120_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}

/**
 * The mail, with the proto-article whole inside: RFC 5537 3.5.1, first way. It is a message/rfc822 part because
 * that is what moderators' mail programs show; such a part is never encoded (RFC 2046 5.2.1), so a line that mail
 * cannot carry (RFC 5322 2.1.1) makes it application/news-transmission in base64 (RFC 5537 4.1).
 */
function composed(mail: Mail, { from, identity }: Mailing) {
  // The envelope decides who gets it, and it holds one address: of the configuration, or one that somebody has typed
  // to have letters sent there. None comes from the article.
  if (!isMailAddress(mail.to)) throw new Error('recipient is no mail address')
  const frame = {
    envelope: { from, to: [mail.to], use8BitMime: true },
    from: { name: '', address: from },
    to: { name: '', address: mail.to },
    subject: mail.subject,
    messageId: `<mail.${mail.id}.${digest(mail.messageId)}@${identity}>`,
    headers: { [loopField]: identity, 'Auto-Submitted': 'auto-generated' },
    disableFileAccess: true,
    disableUrlAccess: true,
  }
  if (mail.letter === true) return { ...frame, text: mail.message.toString() }
  const contentType = hasLongLine(mail.message)
    ? 'application/news-transmission; usage=moderate'
    : 'message/rfc822'
  return {
    ...frame,
    text: 'An article was submitted to a newsgroup that you moderate. It follows whole.\r\n',
    attachments: [{ contentType, content: mail.message, filename: false as const }],
  }
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}

const lf = 0x0a
const longestMailLine = 998

function hasLongLine(octets: Buffer): boolean {
  let start = 0
  while (octets.length - start > longestMailLine) {
    const end = octets.indexOf(lf, start)
    if (end < 0 || end - 1 - start > longestMailLine) return true
    start = end + 1
  }
  return false
}
