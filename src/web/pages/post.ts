/** `/post`: the form for an article, and what becomes of it. RFC 5537 3.4, 3.5; RFC 5536 3.2.6 */
import { postAddress } from '../addresses.ts'
import { findArticle } from '../article/shown-article.ts'
import { missing } from '../missing.ts'
import { addresseesOf } from '../posting/addressees.ts'
import { signed } from '../posting/author.ts'
import { findDraft } from '../posting/drafts.ts'
import { formAnswer } from '../posting/form-answer.ts'
import { formPage } from '../posting/form-page.ts'
import { editing, findOwn, isEditable } from '../posting/own.ts'
import { mailAddressOf, replyTo, wantsMail } from '../posting/reply.ts'
import { accountOf, emptyForm, isKey, readForm, type Typed } from '../posting/typed.ts'
import { wayBack } from '../posting/way-back.ts'
import { type Answer, type Site, trouble, type Visit } from '../site.ts'
import { notOwn } from './cancel.ts'
import { saidPage } from './said.ts'

export async function postForm(site: Site, visit: Visit): Promise<Answer> {
  const draft = visit.query.get('draft')
  if (draft !== null) return await continued(site, visit, draft)
  const edits = visit.query.get('edit')
  if (edits !== null) return await editForm(site, visit, edits)
  const newsgroups = visit.query.get('group') ?? ''
  const typed = { ...emptyForm(site, visit), newsgroups }
  const inReplyTo = visit.query.get('inreplyto') ?? ''
  if (inReplyTo === '') return await formPage(site, visit, { typed: signed(typed, visit) })
  const parent = await findArticle(site, visit, inReplyTo)
  if (parent === undefined) return missing(words => words.trouble.parent)
  const { words } = visit
  const quotes = visit.query.get('quote') !== 'no'
  const other = postAddress(newsgroups, inReplyTo, !quotes)
  return await formPage(site, visit, {
    typed: signed(replyTo(parent, typed, { words, quotes }), visit),
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

async function editForm(site: Site, visit: Visit, id: string): Promise<Answer> {
  const article = await findOwn(site, visit, id)
  if (article === undefined) return notOwn
  if (!isEditable(article)) return trouble(422, words => words.cancel.notEditable)
  return await formPage(site, visit, { typed: editing(article, emptyForm(site, visit)) })
}

export async function postArticle(site: Site, visit: Visit): Promise<Answer> {
  const typed = readForm(site, visit.form)
  const { post } = visit.words
  if (typed.account !== accountOf(visit)) {
    const link = { text: post.signIn, to: '/login' }
    const over = visit.person === undefined
    // Who can post only with the account signs in and goes on with it; all others say whether they will post without.
    const waits = over && !(await goesSomewhere(site, visit, typed))
    const now = waits ? typed : { ...typed, account: accountOf(visit) }
    const alert = over ? post.sessionOver : post.otherPerson
    return await formPage(site, visit, { status: 403, typed: now, alert, link })
  }
  if (!visit.trusted) return await formPage(site, visit, { status: 403, typed, alert: post.oldForm })
  return await formAnswer(site, visit, typed)
}

async function goesSomewhere(site: Site, visit: Visit, typed: Typed): Promise<boolean> {
  const addressees = await addresseesOf(site, visit, typed)
  return addressees.some(({ standing }) => standing === 'open' || standing === 'moderated')
}

/** What becomes of an article that an administrator has to release. */
export async function heldPage(site: Site, visit: Visit): Promise<Answer> {
  return saidPage(site, visit, { ...visit.words.post.held, links: await wayBack(site, visit) })
}

/** What becomes of an article for a moderated group. RFC 5537 3.5.1 */
export async function sentPage(site: Site, visit: Visit): Promise<Answer> {
  return saidPage(site, visit, { ...visit.words.post.mailed, links: await wayBack(site, visit) })
}
