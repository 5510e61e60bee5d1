/** The form for an article as a page: with what was typed, and what there is to say of it. */
import { keepAddress } from '../addresses.ts'
import { type Field, type Problem, problemText } from '../composing/problem.ts'
import type { Remark } from '../lint/lint.ts'
import type { Link, Preview, Rendered } from '../render.ts'
import type { FormField } from '../shown/forms.ts'
import type { Answer, Site, Status, Visit } from '../site.ts'
import { addresseeNotes, addresseesOf } from './addressees.ts'
import { remarkLines } from './remarks.ts'
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
  readonly remarks?: readonly Remark[]
  readonly preview?: Preview | undefined
  /** Seconds. */
  readonly retryAfter?: number
}

const nowhere: Link = { text: '', to: '' }

export async function formPage(site: Site, visit: Visit, showing: Showing): Promise<Answer> {
  const { typed } = showing
  // What stands beside the field is not said twice.
  const told = showing.problems?.some(({ field }) => field === 'newsgroups') === true
  const groups = told ? [] : addresseeNotes(await addresseesOf(site, visit, typed), visit)
  const notes = [...(showing.notes ?? []), ...groups]
  return {
    kind: 'page',
    status: showing.status ?? 200,
    keepsCookie: true,
    ...(showing.retryAfter === undefined ? {} : { retryAfter: showing.retryAfter }),
    html: () => renderForm(site, visit, { ...showing, notes }),
  }
}

function headingOf({ inReplyTo, edits }: Typed, { words: { post } }: Visit): string {
  if (edits !== '') return post.edit
  return inReplyTo === '' ? post.newArticle : post.reply
}

function renderForm(site: Site, visit: Visit, showing: Showing): Rendered {
  const { typed, problems = [] } = showing
  const { words } = visit
  const heading = headingOf(typed, visit)
  return site.render(
    'post',
    {
      frame: site.frame(visit, heading, ''),
      heading,
      alert: showing.alert ?? '',
      faulty: problems.length > 0,
      notes: showing.notes ?? [],
      link: showing.link ?? nowhere,
      manner: showing.manner ?? nowhere,
      preview: showing.preview,
      remarks: remarkLines(showing.remarks ?? [], words),
      drafts: visit.person === undefined ? '' : keepAddress,
      begin: beginningOf(showing),
      token: site.tokens.of(visit.cookie),
      key: typed.key,
      draft: typed.draft,
      inReplyTo: typed.inReplyTo,
      edits: typed.edits,
      account: typed.account,
      seen: typed.seen.join(' '),
      ...fieldsOf(typed, name => problemOf(name, showing, visit)),
    },
    words,
  )
}

/** The first field that must have something and has nothing, else the text. */
function beginningOf({ typed, alert = '', preview }: Showing): string {
  if (alert !== '' || preview !== undefined) return ''
  const wanted = ['address', 'newsgroups', 'subject'] as const
  return wanted.find(name => typed[name].trim() === '') ?? 'body'
}

function fieldsOf(typed: Typed, problem: (name: Field) => string) {
  const field = (name: Field, value: string): FormField => {
    const text = problem(name)
    return { value, problem: text, invalid: text === '' ? 'false' : 'true' }
  }
  return {
    name: field('name', typed.name),
    address: field('address', typed.address),
    newsgroups: field('newsgroups', typed.newsgroups),
    followupTo: field('followupto', typed.followupTo),
    subject: field('subject', typed.subject),
    body: field('body', typed.body),
  }
}

function problemOf(field: Field, { problems = [] }: Showing, { words }: Visit): string {
  const problem = problems.find(each => each.field === field)
  return problem === undefined ? '' : problemText(problem, words)
}
