/** Dates that can be read and lie inside the window. RFC 5536 3.1.1, 3.2.5, 3.2.7; RFC 5537 3.5, 3.6 */
import type { Article } from '../../article.ts'
import { parseDate } from '../../date.ts'
import { Reason } from '../../reason.ts'
import type { Case } from './check.ts'

/** RFC 5537 3.5, 3.6: more than 24 hours ahead is refused. */
const secondsAhead = 86_400

/** Both fields are legal where present (RFC 5537 3.6: mandatory fields with legal content); notes them. */
export function hasReadableDates({ article, draft }: Case): Reason | undefined {
  const injected = article.header('Injection-Date')
  const dated = article.header('Date') ?? ''
  draft.injectionDate = injected === undefined ? undefined : parseDate(injected)
  draft.date = parseDate(dated)
  if (injected !== undefined && draft.injectionDate === undefined) {
    return new Reason('bad-date', `Injection-Date: ${injected}`)
  }
  return draft.date === undefined ? new Reason('bad-date', dated) : undefined
}

/** What the window is held against, seconds since 1970. */
export function dateOf(article: Article): number | undefined {
  return parseDate(article.header('Injection-Date') ?? article.header('Date') ?? '')
}

/** RFC 5537 3.6: the window is held against Injection-Date, and against Date where there is none. */
export function isInWindow({ facts, draft }: Case): Reason | undefined {
  return outside(draft.injectionDate ?? draft.date, facts)
}

/** A poster's Date is held to the window too, whatever Injection-Date it gives. RFC 5537 3.5 */
export function isPostedInWindow(subject: Case): Reason | undefined {
  return isInWindow(subject) ?? outside(subject.draft.date, subject.facts)
}

function outside(date: number | undefined, facts: Case['facts']): Reason | undefined {
  if (date === undefined) return undefined
  const { isClockDoubtful = false } = facts
  if (date > facts.now / 1000 + secondsAhead && !isClockDoubtful) return new Reason('future')
  if (facts.horizon > 0 && date < facts.horizon) return new Reason('too-old')
  return undefined
}

/** RFC 5536 3.2.5. On transit an Expires that cannot be read is ignored; a poster is told. */
export function hasReadableExpires({ article }: Case): Reason | undefined {
  const text = article.header('Expires')
  if (text === undefined || parseDate(text) !== undefined) return undefined
  return new Reason('bad-expires', text)
}
