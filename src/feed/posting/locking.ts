/**
 * What an injecting agent adds so that whoever posted an article, and nobody else, can take it back, here and on every
 * server that asks for proof. RFC 8315 3.1-3.4, 4
 */
import { createHmac } from 'node:crypto'
import type { Article } from '../../article.ts'
import type { MessageId } from '../../message-id.ts'
import { withdrawnBy } from '../control.ts'
import type { Poster } from '../feed.ts'
import { cancelKey, cancelLock } from '../withdraw/cancel-lock.ts'

export interface Locking {
  /** The first one locks; keys are made with each of them, so that a new secret opens what an old one locked. */
  readonly secrets: readonly Buffer[]
  /** When the account was made, seconds since 1970; undefined where it is not one of ours. */
  readonly since: (account: string) => Promise<number | undefined>
}

type Who = Pick<Poster, 'account' | 'operator'>

/** A proto-article with all that its poster may need or show. RFC 8315 3.2, 3.4: what stands there already stays first. */
export async function withLocks(
  article: Article,
  messageId: MessageId,
  { locking, poster }: { readonly locking: Locking; readonly poster: Who },
): Promise<Article> {
  const { secrets } = locking
  const [secret] = secrets
  if (secret === undefined) return article
  const withdrawn = withdrawnBy(article)
  const target = withdrawn && 'target' in withdrawn ? withdrawn : undefined
  const user = await userOf(poster.account, locking)
  const users = user === nodeItself ? [nodeItself] : [user, nodeItself]
  // Nobody acts on the cancel of a cancel.
  const locked =
    target?.how === 'cancel'
      ? article
      : withElements(
          article,
          'Cancel-Lock',
          users.map(each => cancelLock({ secret, user: each, messageId })),
        )
  // Whoever is not logged in has no key.
  if (target === undefined || (user === nodeItself && poster.operator !== true)) return locked
  // RFC 8315 3.3: it opens only what this very user posted here.
  const keys = secrets.map(each => cancelKey({ secret: each, user, messageId: target.target }))
  return withElements(locked, 'Cancel-Key', keys)
}

/** All that is posted here has a lock to which its operator alone has the key. */
const nodeItself = ''

function withElements(article: Article, name: string, elements: readonly string[]): Article {
  const old = article.rawValue(name)
  return old === undefined
    ? article.edit({ append: [`${name}: ${elements.join('\r\n\t')}`] })
    : article.edit({ replace: [`${name}:${old}`, ...elements].join('\r\n\t') })
}

/** RFC 8315 4: no angle brackets. A name that somebody else gets later is another user. */
async function userOf(account: string, { since }: Locking): Promise<string> {
  if (account === '') return nodeItself
  return `${Buffer.from(account).toString('base64url')}.${(await since(account)) ?? 0}:`
}

/** Where no file is given: made from what only this node knows. */
export const derivedSecret = (node: Buffer): Buffer =>
  createHmac('sha256', node).update('cancel-lock').digest()
