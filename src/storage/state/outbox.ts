/** Mails that wait for the mail server: written in the same commit as the answer that promised them. */
import type { MessageId } from '../../message-id.ts'
import { seal, unseal } from '../checksum.ts'
import type { Store } from '../database/store.ts'
import { allMails, mailKey, mailOfKey } from '../keys.ts'

/** A mail waiting in the outbox. */
export interface Mail {
  readonly id: number
  readonly to: string
  readonly subject: string
  readonly messageId: MessageId
  readonly message: Buffer
  readonly time: number
  /** See `MailEntry`. */
  readonly letter?: boolean
}

/** A mail without what it says. */
export interface MailHead extends Omit<Mail, 'message'> {
  readonly octets: number
}

export function encodeMail({ to, subject, messageId, time, message, letter }: Mail): Buffer {
  const head = Buffer.from(JSON.stringify({ to, subject, messageId, time, letter }))
  const length = Buffer.allocUnsafe(4)
  length.writeUInt32BE(head.length)
  return seal(Buffer.concat([length, head, message]))
}

function decodeMail(id: number, value: Buffer): Mail | undefined {
  const octets = unseal(value)
  if (octets === undefined) return undefined
  const end = 4 + octets.readUInt32BE(0)
  const { to, subject, messageId, time, letter = false } = JSON.parse(octets.toString('utf8', 4, end))
  return { id, to, subject, messageId: messageId as MessageId, time, message: octets.subarray(end), letter }
}

/** Undefined where it waits no more, or is damaged. */
export async function readMail(state: Store, id: number): Promise<Mail | undefined> {
  const value = await state.get(mailKey(id))
  return value && decodeMail(id, value)
}

/** The oldest waiting mails, at most `limit`. */
export const readMails = (state: Store, limit: number): Promise<readonly Mail[]> =>
  read(state, limit, mail => mail)

/** As `readMails`, but at most a few of them are in memory at once. */
export const readMailHeads = (state: Store, limit: number): Promise<readonly MailHead[]> =>
  read(state, limit, ({ message, ...head }) => ({ ...head, octets: message.length }))

async function read<T>(state: Store, limit: number, kept: (mail: Mail) => T): Promise<readonly T[]> {
  const found: T[] = []
  for await (const pairs of state.iterate({ ...allMails, limit }, 16))
    for (const { key, value } of pairs) {
      const mail = decodeMail(mailOfKey(key), value)
      if (mail) found.push(kept(mail))
    }
  return found
}
