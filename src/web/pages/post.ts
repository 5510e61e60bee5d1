/** `/post`: the form for an article, and what becomes of it. RFC 5537 3.4, 3.5; RFC 5536 3.2.6 */
import { createHash } from 'node:crypto'
import { visibleLine } from '../../article-text/visible.ts'
import type { Verdict } from '../../feed/feed.ts'
import { parseLaxMessageId } from '../../message-id.ts'
import { terminator } from '../../wire.ts'
import { articleAddress } from '../addresses.ts'
import { buildArticle, type Composition, type Field, type Problem, trimReferences } from '../compose.ts'
import type { Link } from '../render.ts'
import { findArticle, groupNames, messageIds, type ShownArticle } from '../shown-article.ts'
import type { Answer, Saying, Site, Status, Visit } from '../site.ts'
import { authorName } from '../wording.ts'
import type { Words } from '../words/english.ts'
import { missing } from './missing.ts'

/** What the form holds, as typed. */
interface Typed {
  readonly name: string
  readonly address: string
  readonly newsgroups: string
  readonly subject: string
  readonly body: string
  readonly inReplyTo: string
  /** Chosen when the form is shown: the same key is the same article, however often it is sent. */
  readonly key: string
}

interface Showing {
  readonly typed: Typed
  readonly status?: Status
  readonly alert?: string
  readonly note?: string
  readonly link?: Link
  readonly problems?: readonly Problem[]
  readonly retryAfter?: number
}

function newKey(site: Site): string {
  return site.random(16).toString('base64url')
}

function formAnswer(site: Site, visit: Visit, showing: Showing): Answer {
  const { typed, problems = [] } = showing
  const field = (name: Field & keyof Typed) => ({
    value: typed[name],
    problem: problems.find(problem => problem.field === name)?.text ?? '',
  })
  const { words } = visit
  const heading = typed.inReplyTo === '' ? words.post.newArticle : words.post.reply
  return {
    kind: 'page',
    status: showing.status ?? 200,
    keepsCookie: true,
    ...(showing.retryAfter === undefined ? {} : { retryAfter: showing.retryAfter }),
    html: () =>
      site.render(
        'post',
        {
          frame: site.frame(visit, heading, ''),
          heading,
          alert: showing.alert ?? '',
          note: showing.note ?? '',
          link: showing.link ?? { text: '', to: '' },
          key: typed.key,
          token: site.tokens.of(visit.cookie),
          inReplyTo: typed.inReplyTo,
          name: field('name'),
          address: field('address'),
          newsgroups: field('newsgroups'),
          subject: field('subject'),
          body: field('body'),
        },
        words,
      ),
  }
}

/** RFC 5537 3.4.3: the parent's groups, or where its author wants follow-ups. */
function replyTo(parent: ShownArticle, typed: Typed, { post }: Words): { typed: Typed; note: string } {
  const followup = parent.header('Followup-To').trim()
  const byMail = followup.toLowerCase() === 'poster'
  const groups = byMail ? [] : groupNames(followup === '' ? parent.header('Newsgroups') : followup)
  const subject = visibleLine(parent.header('Subject'))
  const author = visibleLine(authorName(parent.header('From')))
  const quoted = parent.body.text
    .replace(/\n-- \n[\s\S]*$/, '\n')
    .trimEnd()
    .split('\n')
    .map(line => (line.startsWith('>') ? `>${line}` : `> ${line}`.trimEnd()))
  return {
    typed: {
      ...typed,
      newsgroups: typed.newsgroups === '' ? groups.join(', ') : typed.newsgroups,
      subject: /^re:/i.test(subject) ? subject : `Re: ${subject}`,
      body: `${post.wrote(author)}\n${quoted.join('\n')}\n\n`,
    },
    note: byMail ? post.byMail : '',
  }
}

export async function postForm(site: Site, visit: Visit): Promise<Answer> {
  const inReplyTo = visit.query.get('inreplyto') ?? ''
  const blank = { name: '', address: '', subject: '', body: '', inReplyTo, key: newKey(site) }
  const typed = { ...blank, newsgroups: visit.query.get('group') ?? '' }
  if (inReplyTo === '') return formAnswer(site, visit, { typed })
  const parent = await findArticle(site, visit, inReplyTo)
  if (parent === undefined) return missing(words => words.trouble.parent)
  return formAnswer(site, visit, replyTo(parent, typed, visit.words))
}

function readForm(site: Site, form: URLSearchParams): Typed {
  const line = (name: string) => (form.get(name) ?? '').trim()
  const key = line('key')
  return {
    name: line('name'),
    address: line('address'),
    newsgroups: line('newsgroups'),
    subject: line('subject'),
    body: form.get('body') ?? '',
    inReplyTo: line('inreplyto'),
    key: /^[A-Za-z0-9_-]{22}$/.test(key) ? key : newKey(site),
  }
}

/** The key decides the message-ID, so that every node and every restart knows a form that was sent before. */
function messageIdOf(site: Site, key: string): string {
  const digest = createHash('sha256').update('web form\0').update(key).digest()
  return `<${digest.subarray(0, 15).toString('base64url').toLowerCase()}@${site.config().node.path_identity}>`
}

async function compose(site: Site, visit: Visit, typed: Typed): Promise<Composition> {
  const parent = typed.inReplyTo === '' ? undefined : await findArticle(site, visit, typed.inReplyTo)
  const references = parent === undefined ? [] : messageIds(parent.header('References'))
  // RFC 5537 3.4.4: the parent's References and the parent. A parent that went meanwhile is still answered.
  const ancestors = typed.inReplyTo === '' ? [] : [...references, typed.inReplyTo]
  const known = ancestors.filter(id => parseLaxMessageId(id) !== undefined)
  return {
    name: typed.name,
    address: typed.address,
    newsgroups: groupNames(typed.newsgroups),
    subject: typed.subject,
    messageId: messageIdOf(site, typed.key),
    references: trimReferences(known, site.config().limits.references),
    userAgent: site.userAgent,
    body: typed.body,
  }
}

interface Sent {
  readonly typed: Typed
  readonly wire: Buffer
  readonly id: string
  readonly verdict: Verdict
}

/** The form was sent before: to its article, unless the text is another now. */
async function postedBefore(site: Site, visit: Visit, sent: Sent): Promise<Answer> {
  const located = await site.reading.locateId(sent.id)
  const stored = located && (await site.reading.article(located.arrival))
  if (stored === undefined) return verdictAnswer(site, visit, sent)
  const body = sent.wire.subarray(sent.wire.indexOf('\r\n\r\n') + 4)
  const same = stored.body.subarray(0, -terminator.length).equals(body)
  if (same) return { kind: 'redirect', status: 303, to: articleAddress(sent.id) }
  return formAnswer(site, visit, {
    status: 422,
    typed: { ...sent.typed, key: newKey(site) },
    alert: visit.words.post.sentBefore,
    link: { text: visit.words.post.theArticle, to: articleAddress(sent.id) },
  })
}

export async function postArticle(site: Site, visit: Visit): Promise<Answer> {
  const typed = readForm(site, visit.form)
  if (!visit.trusted) {
    return formAnswer(site, visit, { status: 403, typed, alert: visit.words.post.oldForm })
  }
  const composition = await compose(site, visit, typed)
  const built = buildArticle(composition)
  if (!built.ok) {
    const alert = visit.words.post.incomplete
    return formAnswer(site, visit, { status: 422, typed, alert, problems: built.problems })
  }
  const { wire } = built
  const id = composition.messageId
  const { result: verdict, first } = await site.posts.run(id, () =>
    site.feed.inject(wire, visit.access.poster),
  )
  const sent = { typed, wire, id, verdict }
  const duplicate = verdict.kind === 'rejected' && verdict.reason.name === 'duplicate'
  const again = duplicate || (verdict.kind === 'accepted' && !first)
  return again ? postedBefore(site, visit, sent) : verdictAnswer(site, visit, sent)
}

function verdictAnswer(site: Site, visit: Visit, sent: Sent): Answer {
  const { typed, verdict } = sent
  switch (verdict.kind) {
    case 'accepted':
      return { kind: 'redirect', status: 303, to: articleAddress(verdict.messageId) }
    case 'mailed':
      return { kind: 'redirect', status: 303, to: '/post/sent' }
    case 'held':
      return { kind: 'redirect', status: 303, to: heldAddress }
    case 'rejected': {
      // The same form again: the first one waits.
      if (verdict.reason.name === 'held-already') return { kind: 'redirect', status: 303, to: heldAddress }
      // History may remember what was refused: the corrected article is another one.
      const corrected = { ...typed, key: newKey(site) }
      const alert = visit.words.post.refused(verdict.reason.text)
      return formAnswer(site, visit, { status: 422, typed: corrected, alert })
    }
    case 'deferred': {
      const alert = visit.words.post.later(verdict.reason.text)
      return formAnswer(site, visit, { status: 503, typed, alert, retryAfter: 30 })
    }
  }
}

const heldAddress = '/post/held'

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
    html: () => site.render('trouble', { frame, heading, text, find: false }, visit.words),
  }
}
