/** A form becomes one article, however often it is sent. RFC 5537 3.4, 3.5 */
import { createHash } from 'node:crypto'
import { parseLaxMessageId } from '../../message-id.ts'
import { stuff, terminator } from '../../wire.ts'
import { findArticle, messageIds, type ShownArticle } from '../article/shown-article.ts'
import type { Attempt } from '../composing/attempt.ts'
import { bodyOf, buildArticle, type Composition, trimReferences } from '../composing/compose.ts'
import type { Site, Visit } from '../site.ts'
import { mailedBefore, rememberMailed } from './mailed.ts'
import { findOwn, isOwn } from './own.ts'
import { type Typed, typedNames } from './typed.ts'

/** The key decides the message-ID, so that every node and every restart knows a form that was sent before. */
export function messageIdOf(site: Site, key: string): string {
  const digest = createHash('sha256').update('web form\0').update(key).digest()
  return `<${digest.subarray(0, 15).toString('base64url').toLowerCase()}@${site.config().node.path_identity}>`
}

/**
 * RFC 5537 3.4.4: the parent's References and the parent. A parent that went meanwhile is still answered. What takes the
 * place of an article names it too, so that it stays with those that answered the old one, in every newsreader.
 */
async function referencesOf(site: Site, visit: Visit, typed: Typed): Promise<readonly string[]> {
  const { inReplyTo, edits } = typed
  const old = edits === '' ? undefined : await findOwn(site, visit, edits)
  if (old !== undefined) return await namedInPlaceOf(site, old)
  if (inReplyTo === '') return []
  const parent = await findArticle(site, visit, inReplyTo)
  const older = parent === undefined ? [] : messageIds(parent.header('References'))
  return [...older, inReplyTo].filter(isMessageId)
}

/** However often an article is edited, its first form alone is named. RFC 5537 3.4.4: or for some other reason */
async function namedInPlaceOf(
  { reading }: Site,
  { header, located }: ShownArticle,
): Promise<readonly string[]> {
  const named = messageIds(header('References')).filter(isMessageId)
  const last = named.at(-1)
  const namesFirst =
    header('Supersedes') !== '' && last !== undefined && (await reading.locateId(last)) === undefined
  return namesFirst ? named : [...named, located.messageId]
}

const isMessageId = (id: string): boolean => parseLaxMessageId(id) !== undefined

export async function composed(site: Site, visit: Visit, typed: Typed): Promise<Composition> {
  const references = await referencesOf(site, visit, typed)
  return {
    name: typed.name,
    address: typed.address,
    newsgroups: typedNames(typed.newsgroups),
    followupTo: typedNames(typed.followupTo),
    subject: typed.subject,
    messageId: messageIdOf(site, typed.key),
    references: trimReferences(references, site.config().limits.references),
    userAgent: site.userAgent,
    body: typed.body,
    ...(typed.edits !== '' && { withdraws: { how: 'supersedes', target: typed.edits } }),
  }
}

/** Injects the article of a form whose fields were found good, unless it was before. */
export async function submit(site: Site, visit: Visit, typed: Typed): Promise<Attempt> {
  const id = messageIdOf(site, typed.key)
  const { result, first } = await site.posts.run(id, () => inject(site, visit, typed))
  if (result.kind !== 'judged') return result
  const { verdict } = result
  const duplicate = verdict.kind === 'rejected' && verdict.reason.name === 'duplicate'
  if (!duplicate && (first || verdict.kind !== 'accepted')) return result
  return (await knownAttempt(site, typed)) ?? result
}

async function inject(site: Site, visit: Visit, typed: Typed): Promise<Attempt> {
  const known = await knownAttempt(site, typed)
  if (known !== undefined) return known
  const mailed = await mailedBefore(site, messageIdOf(site, typed.key))
  if (mailed !== undefined) return { kind: 'judged', verdict: { kind: 'mailed', messageId: mailed } }
  // Whatever it supersedes is the poster's own. RFC 5537 5.4
  if (typed.edits !== '' && !(await isOwn(site, visit, typed.edits))) return { kind: 'lost' }
  const built = buildArticle(await composed(site, visit, typed))
  if (!built.ok) return { kind: 'incomplete', problems: built.problems }
  const verdict = await site.feed.inject(built.wire, visit.access.poster)
  if (verdict.kind === 'mailed') await rememberMailed(site, verdict.messageId)
  return { kind: 'judged', verdict }
}

async function knownAttempt(site: Site, typed: Typed): Promise<Attempt | undefined> {
  const messageId = messageIdOf(site, typed.key)
  const stored = await site.reading.articleById(messageId)
  if (stored === undefined) return undefined
  const same = stored.body.subarray(0, -terminator.length).equals(stuff(bodyOf(typed.body).octets))
  return { kind: 'known', messageId, same }
}
