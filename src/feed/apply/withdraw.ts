/**
 * Step 6 for what takes an earlier article away: whether it may, by the entry and storage alone, and in the same commit
 * the effect. RFC 5537 5.3, 5.4; RFC 8315 3.5
 */
import { accountName } from '../../account.ts'
import type { Article } from '../../article.ts'
import { Reason } from '../../reason.ts'
import type { StoredRecord } from '../../storage/article/record.ts'
import { articleIn } from '../../storage/article/stored-article.ts'
import type { Draft } from '../../storage/commit/draft.ts'
import type { ArticleEntry, Decision, Proof, Withdrawal, Withdrawing } from '../../storage/entry.ts'
import type { Arrival } from '../../storage/reading.ts'
import { removedAt } from '../../storage/state/gone.ts'
import { isOpened, locksIn } from '../withdraw/cancel-lock.ts'
import { ownerProof } from '../withdraw/ownership.ts'
import { takeAway } from './remove-article.ts'

/** Of one cancel that are remembered: agents write one or two. */
const mostKeys = 4

type Work = () => Decision | Promise<Decision>

/** An article that may have been cancelled before it came: then it is not taken, and never will be. RFC 5537 5.3 */
export function unlessCancelled(entry: ArticleEntry, draft: Draft, work: Work): Decision | Promise<Decision> {
  // A control message is not cancelled by another one.
  const locks = entry.control ? [] : locksOf(entry.article)
  if (locks.length === 0) return work()
  return draft.cancels.find(entry.messageId, locks).then(lock => {
    if (lock === undefined) return work()
    draft.cancels.forget(entry.messageId, lock)
    draft.forget(entry.messageId, removedAt(entry.time))
    return { kind: 'refused', reason: new Reason('cancelled') }
  })
}

/** `work` files the article itself, whether it may take the other one away or not. */
export async function applyWithdrawing(
  entry: ArticleEntry,
  withdraws: Withdrawing,
  { draft, work }: { readonly draft: Draft; readonly work: Work },
): Promise<Decision> {
  const { how, target } = withdraws
  // Before anything is written: the article that is to go must be there as it is committed.
  if (draft.touched(target)) return 'again'
  const known = await draft.known(target)
  const here = known === 'gone' ? undefined : known?.have
  const { result, why } =
    here === undefined
      ? notHere(withdraws, known === 'gone')
      : judged(await proof(entry, withdraws, { arrival: here, draft }))
  // RFC 5537 3.5: an injecting agent lets nobody cancel what is not his; a superseding article stands for itself.
  if (result === 'refused' && here !== undefined && how === 'cancel' && entry.source.startsWith('post:'))
    return { kind: 'refused', reason: new Reason('not-author', target) }
  const decision = await work()
  if (decision === 'again' || decision.kind !== 'stored') return decision
  if (result === 'done') await takeAway({ target, arrival: here, by: entry }, draft)
  if (result === 'remembered')
    for (const lock of withdraws.opens.slice(0, mostKeys)) await draft.cancels.remember(target, lock)
  return { ...decision, withdrawal: { how, target, result, why } }
}

function notHere({ opens }: Withdrawing, gone: boolean): Pick<Withdrawal, 'result' | 'why'> {
  if (gone) return { result: 'gone', why: 'not here' }
  // Without a key there is nothing it could be held against.
  return opens.length > 0 ? { result: 'remembered', why: 'not here' } : { result: 'refused', why: 'no key' }
}

const proofs: ReadonlySet<Withdrawal['why']> = new Set<Proof>(['key', 'account', 'approval'])

const judged = (why: Withdrawal['why']): Pick<Withdrawal, 'result' | 'why'> => ({
  result: proofs.has(why) ? 'done' : 'refused',
  why,
})

async function proof(
  entry: ArticleEntry,
  { opens, approves }: Withdrawing,
  { arrival, draft }: { readonly arrival: Arrival; readonly draft: Draft },
): Promise<Withdrawal['why']> {
  const stored = await draft.article(arrival)
  const article = stored && articleIn(stored)
  if (stored === undefined || article === undefined) return 'damaged'
  // RFC 5537 5.3: nothing good comes of cancelling a cancel.
  if (stored.control) return 'a control message'
  const locks = locksOf(article)
  if (isOpened(locks, opens)) return 'key'
  const { source, time, control } = stored
  const mayApprove = (group: string) => approves.some(name => name === group)
  const local = ownerProof(
    { source, time, control, groups: namesOf(stored, draft) },
    { ...(await ownerOf(entry, draft)), mayApprove },
  )
  if (local !== undefined) return local
  if (opens.length === 0) return 'no key'
  return locks.length === 0 ? 'no lock' : 'wrong key'
}

/** RFC 8315 2.1: one field; which of two counts is not known, so neither does. */
function locksOf(article: Article): readonly string[] {
  return article.count('Cancel-Lock') === 1 ? locksIn(article.header('Cancel-Lock') ?? '') : []
}

async function ownerOf({ source }: ArticleEntry, draft: Draft) {
  if (!source.startsWith('post:')) return { account: '' }
  const account = source.slice('post:'.length)
  const name = accountName(account)
  const known = name && (await draft.account(name))
  return { account, ...(known && { since: known.created }) }
}

const namesOf = ({ filings }: StoredRecord, draft: Draft): readonly string[] =>
  filings.map(({ group }) => draft.groupWithId(group)?.name ?? '')
