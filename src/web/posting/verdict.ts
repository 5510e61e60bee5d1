/** What is said to who posted, after the server has judged. RFC 5537 3.5 */
import { visibleLine } from '../../article-text/visible.ts'
import type { Verdict } from '../../feed/feed.ts'
import type { Reason, ReasonName } from '../../reason.ts'
import { articleAddress } from '../addresses.ts'
import type { Attempt } from '../composing/attempt.ts'
import type { Answer, Site, Visit } from '../site.ts'
import type { Words } from '../words/english.ts'
import { formPage } from './form-page.ts'
import { newKey, type Typed, typedNames } from './typed.ts'
import { withLandmarks } from './way-back.ts'

/** The first newsgroup and what was answered are the way back from there. */
const addressOf = (outcome: 'held' | 'sent', { newsgroups, inReplyTo }: Typed): string =>
  withLandmarks(`/post/${outcome}`, { group: typedNames(newsgroups)[0] ?? '', near: inReplyTo })

/** Seconds after which it is worth trying again, where nobody knows; people are told no time then. */
const patience: Partial<Record<ReasonName, number>> = { 'too-many-held': 3600, 'no-space': 600 }
const usualPatience = 30

/** A refusal in words a person understands; in the server's own where there are none. */
export function refusalText(reason: Reason, { refusals, post }: Words): string {
  const texts: Partial<Record<string, string | ((about: string) => string)>> = refusals
  const text = Object.hasOwn(texts, reason.name) ? texts[reason.name] : undefined
  if (text === undefined) return post.refusedFor(reason.text)
  return post.refused(typeof text === 'string' ? text : text(aboutOf(reason)))
}

/** RFC 6048 3.1: the detail of a renamed group is a sentence in English; the names are what is said. */
function aboutOf({ name, detail }: Reason): string {
  const names = name === 'group-renamed' ? [...detail.matchAll(/"([^"]*)"/g)].map(match => match[1]) : []
  return visibleLine(names.length === 2 ? names.join(' → ') : detail).slice(0, 500)
}

export async function attemptAnswer(
  site: Site,
  visit: Visit,
  { typed, attempt }: { readonly typed: Typed; readonly attempt: Attempt },
): Promise<Answer> {
  const { post } = visit.words
  switch (attempt.kind) {
    case 'incomplete':
      return await formPage(site, visit, {
        typed,
        status: 422,
        alert: post.incomplete,
        problems: attempt.problems,
      })
    case 'known': {
      const to = articleAddress(attempt.messageId)
      if (attempt.same) return { kind: 'redirect', status: 303, to }
      return await formPage(site, visit, {
        typed: { ...typed, key: newKey(site) },
        status: 422,
        alert: post.sentBefore,
        link: { text: post.theArticle, to },
      })
    }
    case 'lost':
      // What cannot take the place of another article can still be one of its own.
      return await formPage(site, visit, {
        typed: { ...typed, edits: '', key: newKey(site) },
        status: 422,
        alert: post.lost,
      })
    case 'judged':
      return await verdictAnswer(site, visit, { typed, verdict: attempt.verdict })
  }
}

/** Not a second too early: the time is told in the unit that it is long in. */
function tryAgain(seconds: number, { words }: Visit): string {
  const unit = seconds <= 3600 ? 60 : 3600
  return words.post.tryAgain(words.ago(-Math.ceil(seconds / unit) * unit))
}

interface Judged {
  readonly typed: Typed
  readonly verdict: Verdict
}

async function verdictAnswer(site: Site, visit: Visit, { typed, verdict }: Judged): Promise<Answer> {
  switch (verdict.kind) {
    case 'accepted':
      return { kind: 'redirect', status: 303, to: articleAddress(verdict.messageId) }
    case 'mailed':
      return { kind: 'redirect', status: 303, to: addressOf('sent', typed) }
    case 'held':
      return { kind: 'redirect', status: 303, to: addressOf('held', typed) }
    case 'rejected': {
      // The same form again: the first one waits.
      if (verdict.reason.name === 'held-already')
        return { kind: 'redirect', status: 303, to: addressOf('held', typed) }
      // History may remember what was refused: the corrected article is another one.
      const corrected = { ...typed, key: newKey(site) }
      const alert = refusalText(verdict.reason, visit.words)
      const signIn = verdict.reason.name === 'posting-forbidden' && visit.person === undefined
      const link = { text: visit.words.post.signIn, to: '/login' }
      return await formPage(site, visit, { status: 422, typed: corrected, alert, ...(signIn && { link }) })
    }
    case 'deferred': {
      const { reason, seconds } = verdict
      const said = refusalText(reason, visit.words)
      const alert = seconds === undefined ? said : `${said} ${tryAgain(seconds, visit)}`
      const retryAfter = seconds ?? patience[reason.name] ?? usualPatience
      return await formPage(site, visit, { status: 503, typed, alert, retryAfter })
    }
  }
}
