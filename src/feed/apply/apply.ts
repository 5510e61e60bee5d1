/** Steps 5 and 6: decides one entry of the log by the entry and storage alone, so that every node decides alike. */
import type { Draft } from '../../storage/commit/draft.ts'
import type { ArticleEntry, Decision, Entry, MailEntry, Outcome } from '../../storage/entry.ts'
import { mailKey } from '../../storage/keys.ts'
import type { Arrival } from '../../storage/reading.ts'
import { encodeMail } from '../../storage/state/outbox.ts'
import { applyAccount } from './apply-account.ts'
import { applyExpire, forgetIds } from './apply-expire.ts'
import { applyGroup } from './apply-group.ts'
import { applyHold, applyReleased, applyUnhold } from './apply-held.ts'
import { applyArticle } from './file-article.ts'
import { applyCancel } from './remove-article.ts'
import { applyWithdrawing } from './withdraw.ts'

/** `again`: it builds on what this commit group changed, and is tried first in the next one. */
export function apply(entry: Entry, draft: Draft): Decision | Promise<Decision> {
  // Without a promise where nothing has to be read: this is the one writer, and articles are what it does all day.
  if (entry.kind !== 'article') return applyOther(entry, draft)
  return entry.held
    ? applyReleased(entry.messageId, draft, () => applyWhole(entry, draft))
    : applyWhole(entry, draft)
}

function applyWhole(entry: ArticleEntry, draft: Draft): Decision | Promise<Decision> {
  const work = () => applyArticle(entry, draft)
  const { withdraws } = entry
  return withdraws === undefined ? work() : applyWithdrawing(entry, withdraws, { draft, work })
}

async function applyOther(entry: Exclude<Entry, ArticleEntry>, draft: Draft): Promise<Decision> {
  switch (entry.kind) {
    case 'group':
      return applyGroup(entry, draft)
    case 'cancel':
      return applyCancel(entry, draft)
    case 'account':
      return applyAccount(entry, draft)
    case 'mail':
      return entry.held ? applyReleased(entry.messageId, draft, () => mail(entry, draft)) : mail(entry, draft)
    case 'hold':
      return applyHold(entry, draft)
    case 'unhold':
      return applyUnhold(entry, draft)
    case 'horizon': {
      // RFC 5537 3.6: never back, or ids that were forgotten would be taken for new ones.
      draft.setHorizon({ horizon: Math.max(draft.horizon.horizon, entry.horizon), peers: entry.peers })
      return done(draft)
    }
    case 'expire':
      return applyExpire(entry, draft)
    case 'forget': {
      await forgetIds(entry, draft)
      return done(draft)
    }
    case 'mailed': {
      draft.delete('state', mailKey(entry.mail))
      return done(draft)
    }
  }
}

function mail(entry: MailEntry, draft: Draft): Outcome {
  const id = draft.next('mail')
  draft.put('state', mailKey(id), encodeMail({ ...entry, id }))
  draft.mails.push(id)
  return done(draft)
}

const done = (draft: Draft): Outcome => ({
  kind: 'stored',
  arrival: draft.counters.arrival as Arrival,
  filings: [],
})
