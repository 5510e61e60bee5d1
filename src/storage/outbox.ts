/** Mails that wait for the mail server: written in the same commit as the answer that promised them. */
import type { MessageId } from '../message-id.ts'
import { seal, unseal } from './checksum.ts'
import type { Mail } from './entry.ts'
import { allMails, mailOfKey } from './keys.ts'
import type { Store } from './store.ts'

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

/** The oldest waiting mails, at most `limit`. */
export async function readMails(state: Store, limit: number): Promise<readonly Mail[]> {
  const mails: Mail[] = []
  for await (const pairs of state.iterate({ ...allMails, limit }, 16))
    for (const { key, value } of pairs) {
      const mail = decodeMail(mailOfKey(key), value)
      if (mail) mails.push(mail)
    }
  return mails
}
