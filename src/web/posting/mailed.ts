/**
 * Articles that were mailed to a moderator, so that a form sent again after a restart mails nothing twice: the article
 * itself is not here to tell. RFC 5537 3.5.1
 */
import { type MessageId, parseMessageId } from '../../message-id.ts'
import type { Site } from '../site.ts'

type Keeping = Pick<Site, 'shelves' | 'clock'>

const owner = 'web'
const prefix = 'mailed/'
/** A form is older than this only where somebody kept it open on purpose. */
const keptSeconds = 2 * 86_400

/** The same message-ID where it was. */
export async function mailedBefore({ shelves }: Keeping, messageId: string): Promise<MessageId | undefined> {
  const kept = await shelves.load(owner, prefix + messageId)
  return kept && parseMessageId(messageId)
}

/** Forgets those of long ago. A fault between the mail and this may mail a form once more. */
export async function rememberMailed({ shelves, clock }: Keeping, messageId: MessageId): Promise<void> {
  const now = Math.floor(clock.now() / 1000)
  const changes = new Map<string, Buffer | undefined>([[prefix + messageId, Buffer.from(String(now))]])
  for await (const rows of shelves.list(owner, prefix))
    for (const { name, value } of rows)
      if (now - Number(value.toString()) > keptSeconds) changes.set(name, undefined)
  await shelves.save(owner, changes)
}
