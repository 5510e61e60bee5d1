/** The form for an article as a page: with what was typed, and what there is to say of it. */
import type { FormField, Link, Rendered } from '../render.ts'
import type { Answer, Site, Status, Visit } from '../site.ts'
import { addresseeNotes, addresseesOf } from './addressees.ts'
import { type Field, type Problem, problemText } from './problem.ts'
import type { Typed } from './typed.ts'

export interface Showing {
  readonly typed: Typed
  readonly status?: Status
  readonly alert?: string
  readonly notes?: readonly string[]
  /** Where the alert leads. */
  readonly link?: Link
  /** The same form begun in another way. */
  readonly manner?: Link
  readonly problems?: readonly Problem[]
  /** Seconds. */
  readonly retryAfter?: number
}

const nowhere: Link = { text: '', to: '' }

export async function formPage(site: Site, visit: Visit, showing: Showing): Promise<Answer> {
  const { typed } = showing
  const notes = addresseeNotes(await addresseesOf(site, visit, typed), visit.words)
  const { post } = visit.words
  const heading = typed.inReplyTo === '' ? post.newArticle : post.reply
  return {
    kind: 'page',
    status: showing.status ?? 200,
    keepsCookie: true,
    ...(showing.retryAfter === undefined ? {} : { retryAfter: showing.retryAfter }),
    html: () => renderForm(site, visit, { heading, ...showing, notes: [...(showing.notes ?? []), ...notes] }),
  }
}

function renderForm(site: Site, visit: Visit, showing: Showing & { readonly heading: string }): Rendered {
  const { typed, heading } = showing
  const field = (name: Field, value: string) => formField(value, problemOf(name, showing, visit))
  const { words } = visit
  return site.render(
    'post',
    {
      frame: site.frame(visit, heading, ''),
      heading,
      alert: showing.alert ?? '',
      faulty: (showing.problems ?? []).length > 0,
      notes: showing.notes ?? [],
      link: showing.link ?? nowhere,
      manner: showing.manner ?? nowhere,
      key: typed.key,
      token: site.tokens.of(visit.cookie),
      inReplyTo: typed.inReplyTo,
      account: typed.account,
      name: field('name', typed.name),
      address: field('address', typed.address),
      newsgroups: field('newsgroups', typed.newsgroups),
      followupTo: field('followupto', typed.followupTo),
      subject: field('subject', typed.subject),
      body: field('body', typed.body),
    },
    words,
  )
}

function problemOf(field: Field, { problems = [] }: Showing, { words }: Visit): string {
  const problem = problems.find(each => each.field === field)
  return problem === undefined ? '' : problemText(problem, words)
}

function formField(value: string, problem: string): FormField {
  return { value, problem, invalid: problem === '' ? 'false' : 'true' }
}
