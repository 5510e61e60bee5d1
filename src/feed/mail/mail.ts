/** The door to the mail server: what mails to moderators and letters to people look like. RFC 5537 3.5.1, RFC 5321 */
import { createHash } from 'node:crypto'
import { createTransport } from 'nodemailer'
import { isMailAddress } from '../../mail-address.ts'
import type { Mail } from '../../storage/state/outbox.ts'
import { MailQueue, type MailQueueParts } from './mail-queue.ts'

/** Stands in every mail of ours; a proto-article that bears it with our name is not taken. */
export const loopField = 'X-Tidings-Loop'

export interface Mailing extends Omit<MailQueueParts, 'send'> {
  /** `smtp://[user[:password]@]host[:port]` or `smtps://`; empty: nothing is sent and mail stays in the outbox. */
  readonly smtp: string
  /** Sender of every mail, in the envelope too. */
  readonly from: string
  /** Our path identity. */
  readonly identity: string
}

/** Throws where `smtp` or `from` is not what it should be. */
export function createMailer(mailing: Mailing): MailQueue {
  if (mailing.smtp === '') return new MailQueue(mailing)
  const { from } = mailing
  if (!isMailAddress(from)) throw new Error(`mail.from: expected an address, found "${from}"`)
  const transport = createTransport(transportOptions(mailing.smtp))
  return new MailQueue({ ...mailing, send: mail => transport.sendMail(composed(mail, mailing)) })
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
