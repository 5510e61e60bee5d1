/**
 * What an injecting agent adds so that whoever posted an article, and nobody else, can take it back, here and on every
 * server that asks for proof. RFC 8315 3.1-3.4, 4
 */
import { createHmac } from 'node:crypto'
import type { Article } from '../article.ts'
import type { MessageId } from '../message-id.ts'
import { cancelKey, cancelLock, leastSecret } from './cancel-lock.ts'
import { withdrawnBy } from './control.ts'

export interface Locking {
  /** The first one locks; keys are made with each of them, so that a new secret opens what an old one locked. */
  readonly secrets: readonly Buffer[]
  /** When the account was made, seconds since 1970; undefined where it is not one of ours. */
  readonly since: (account: string) => Promise<number | undefined>
}

interface Locker {
  readonly locking: Locking
  /** Empty where nobody is logged in: then it is locked, and no poster has the key. */
  readonly account: string
}

/** A proto-article with all that its poster may need or show. RFC 8315 3.2, 3.4: what stands there already stays first. */
export async function withLocks(
  article: Article,
  messageId: MessageId,
  { locking, account }: Locker,
): Promise<Article> {
  const { secrets } = locking
  const [newest] = secrets
  if (newest === undefined) return article
  const withdrawn = withdrawnBy(article)
  const target = withdrawn && 'target' in withdrawn ? withdrawn : undefined
  const user = await userOf(account, locking)
  // Nobody acts on the cancel of a cancel.
  const locked =
    target?.how === 'cancel'
      ? article
      : withElements(article, 'Cancel-Lock', [cancelLock({ secret: newest, user, messageId })])
  if (target === undefined || account === '') return locked
  // RFC 8315 3.3: it opens only what this very user posted here.
  const keys = secrets.map(secret => cancelKey({ secret, user, messageId: target.target }))
  return withElements(locked, 'Cancel-Key', keys)
}

function withElements(article: Article, name: string, elements: readonly string[]): Article {
  const old = article.rawValue(name)
  return old === undefined
    ? article.edit({ append: [`${name}: ${elements.join('\r\n\t')}`] })
    : article.edit({ replace: [`${name}:${old}`, ...elements].join('\r\n\t') })
}

/** RFC 8315 4: no angle brackets. A name that somebody else gets later is another user. */
async function userOf(account: string, { since }: Locking): Promise<string> {
  if (account === '') return ''
  return `${Buffer.from(account).toString('base64url')}.${(await since(account)) ?? 0}:`
}

/** Of the lines of a file: the first is for new locks, the second the one before. Text where they cannot be used. */
export function secretsIn(text: string): readonly Buffer[] | string {
  const lines = text.split(/\r?\n/).filter(line => line.trim() !== '')
  if (lines.length === 0) return 'there is no secret in it'
  if (lines.length > 2) return 'there are more than two lines in it: the secret in use, and the one before'
  const secrets = lines.map(line => Buffer.from(line.trim()))
  const short = secrets.some(({ length }) => length < leastSecret)
  return short ? `a secret has at least ${leastSecret} octets` : secrets
}

/** Where no file is given: made from what only this node knows. */
export const derivedSecret = (node: Buffer): Buffer =>
  createHmac('sha256', node).update('cancel-lock').digest()
