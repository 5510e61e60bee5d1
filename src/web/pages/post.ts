/** `/post`: the form for an article, and what becomes of it. RFC 5537 3.4, 3.5; RFC 5536 3.2.6 */
import { postAddress } from '../addresses.ts'
import { findDraft } from '../posting/drafts.ts'
import { formAnswer } from '../posting/form-answer.ts'
import { formPage } from '../posting/form-page.ts'
import { mailAddressOf, replyTo, wantsMail } from '../posting/reply.ts'
import { accountOf, emptyForm, isKey, readForm } from '../posting/typed.ts'
import { findArticle } from '../shown-article.ts'
import type { Answer, Saying, Site, Visit } from '../site.ts'
import { missing } from './missing.ts'

export async function postForm(site: Site, visit: Visit): Promise<Answer> {
  const draft = visit.query.get('draft')
  if (draft !== null) return await continued(site, visit, draft)
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

/** A text that was kept, as it was typed. */
async function continued(site: Site, visit: Visit, key: string): Promise<Answer> {
  const draft = isKey(key) ? await findDraft(site, accountOf(visit), key) : undefined
  if (draft === undefined) return missing(words => words.drafts.gone)
  return await formPage(site, visit, { typed: draft.typed })
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
  return await formAnswer(site, visit, typed)
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
