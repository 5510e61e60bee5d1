/** `/post`: the form for an article, and what becomes of it. RFC 5537 3.4, 3.5; RFC 5536 3.2.6 */
import { postAddress } from '../addresses.ts'
import { addresseeProblems, addresseesOf } from '../posting/addressees.ts'
import { buildArticle } from '../posting/compose.ts'
import { formPage } from '../posting/form-page.ts'
import type { Problem } from '../posting/problem.ts'
import { mailAddressOf, replyTo, wantsMail } from '../posting/reply.ts'
import { composed, submit } from '../posting/submit.ts'
import { accountOf, emptyForm, readForm, type Typed } from '../posting/typed.ts'
import { attemptAnswer } from '../posting/verdict.ts'
import { findArticle } from '../shown-article.ts'
import type { Answer, Saying, Site, Visit } from '../site.ts'
import { missing } from './missing.ts'

export async function postForm(site: Site, visit: Visit): Promise<Answer> {
  const newsgroups = visit.query.get('group') ?? ''
  const typed = { ...emptyForm(site, visit), newsgroups }
  const inReplyTo = visit.query.get('inreplyto') ?? ''
  if (inReplyTo === '') return await formPage(site, visit, { typed })
  const parent = await findArticle(site, visit, inReplyTo)
  if (parent === undefined) return missing(words => words.trouble.parent)
  const { words } = visit
  const quotes = visit.query.get('quote') !== 'no'
  const other = postAddress(newsgroups, inReplyTo, !quotes)
  return await formPage(site, visit, {
    typed: replyTo(parent, typed, { words, quotes }),
    notes: wantsMail(parent) ? [words.post.byMail(mailAddressOf(parent))] : [],
    manner: { text: quotes ? words.post.withoutQuotation : words.post.withQuotation, to: other },
  })
}

export async function postArticle(site: Site, visit: Visit): Promise<Answer> {
  const typed = readForm(site, visit.form)
  const { post } = visit.words
  if (typed.account !== accountOf(visit)) {
    const link = { text: post.signIn, to: '/login' }
    const now = { ...typed, account: accountOf(visit) }
    return await formPage(site, visit, { status: 403, typed: now, alert: post.otherPerson, link })
  }
  if (!visit.trusted) return await formPage(site, visit, { status: 403, typed, alert: post.oldForm })
  const problems = await problemsOf(site, visit, typed)
  const attempt =
    problems.length > 0 ? ({ kind: 'incomplete', problems } as const) : await submit(site, visit, typed)
  return await attemptAnswer(site, visit, { typed, attempt })
}

/** Of every field, and of the groups where they are names at all. */
async function problemsOf(site: Site, visit: Visit, typed: Typed): Promise<readonly Problem[]> {
  const built = buildArticle(await composed(site, visit, typed))
  const problems = built.ok ? [] : built.problems
  if (problems.some(({ field }) => field === 'newsgroups')) return problems
  const most = site.config().limits.groups_posted
  return [...problems, ...addresseeProblems(await addresseesOf(site, visit, typed), typed, most)]
}

/** What becomes of an article that an administrator has to release. */
export async function heldPage(site: Site, visit: Visit): Promise<Answer> {
  return saidPage(site, visit, visit.words.post.held)
}

/** What becomes of an article for a moderated group. RFC 5537 3.5.1 */
export async function sentPage(site: Site, visit: Visit): Promise<Answer> {
  return saidPage(site, visit, visit.words.post.mailed)
}

function saidPage(site: Site, visit: Visit, { heading, text }: Saying): Answer {
  const frame = site.frame(visit, heading, '')
  return {
    kind: 'page',
    html: () =>
      site.render('trouble', { frame, heading, text, find: false, link: { text: '', to: '' } }, visit.words),
  }
}
