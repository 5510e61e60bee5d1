/** The mailer of a node: joins the outbox of its storage to the mail server of its configuration. */
import type { Clock } from '../clock.ts'
import type { Config } from '../config/config.ts'
import { createMailer } from '../feed/mail/mail.ts'
import type { MailQueue } from '../feed/mail/mail-queue.ts'
import type { Log } from '../log.ts'
import type { Storage } from '../storage/storage.ts'
import type { Lifetimes } from './lifetimes.ts'

export interface MailingParts {
  readonly config: () => Config
  readonly clock: Clock
  readonly log: Log
  /** For the mail server; empty or absent where it wants none. */
  readonly mailPassword?: string
}

/** Sends nothing before it is started. Throws where the configuration cannot be. */
export function mailerOver(storage: Storage, parts: MailingParts): MailQueue {
  const { config, clock, log, mailPassword } = parts
  const { mail, node } = config()
  return createMailer({
    smtp: withPassword(mail.smtp, mailPassword),
    from: mail.from,
    identity: node.path_identity,
    clock,
    log,
    outbox: outboxOf(storage, clock),
  })
}

/** Drains the outbox until the node ends. */
export function startMailer(stack: Lifetimes, mailer: MailQueue): void {
  const stop = new AbortController()
  const running = mailer.run(stop.signal)
  stack.defer(() => {
    stop.abort()
    return running
  })
}

function withPassword(smtp: string, password = ''): string {
  if (smtp === '' || password === '') return smtp
  const url = new URL(smtp)
  url.password = encodeURIComponent(password)
  return url.href
}

function outboxOf(storage: Storage, clock: Clock) {
  return {
    pending: (limit: number) => storage.mails(limit),
    find: (id: number) => storage.mail(id),
    heads: (limit: number) => storage.mailHeads(limit),
    changed: (signal: AbortSignal) => storage.mailAdded(signal),
    async done(mail: number) {
      const time = Math.floor(clock.now() / 1000)
      const outcome = await storage.submit({ kind: 'mailed', mail, time, source: 'node' })
      if (outcome.kind === 'deferred') throw new Error(`not noted as sent: ${outcome.reason.text}`)
    },
  }
}
