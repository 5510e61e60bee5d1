/**
 * A proto-article from what a person typed, in wire form. What does not belong in a header is refused, never stripped.
 * RFC 5537 3.4.1, 3.4.3, 3.4.4; RFC 5536 2.2, 3.1, 3.2.6; RFC 3676
 */
import { parseLaxMessageId, parseMessageId } from '../../message-id.ts'
import { parseNewsgroup } from '../../newsgroup.ts'
import { stuff } from '../../wire.ts'
import { encodeBody } from './body-octets.ts'
import { flow } from './flow.ts'
import { phrase, unstructured } from './header-text.ts'
import type { Problem } from './problem.ts'

/** Values are plain text; nothing here is encoded yet. Path, Xref, Injection-* and Approved cannot be said at all. */
export interface Composition {
  readonly name: string
  readonly address: string
  readonly newsgroups: readonly string[]
  /** Groups, or `poster` alone; empty where follow-ups go to the same groups. */
  readonly followupTo: readonly string[]
  readonly subject: string
  readonly messageId: string
  /** Oldest first, the parent last; empty starts a thread. */
  readonly references: readonly string[]
  readonly userAgent: string
  /** Lines end in LF, CRLF or CR, as forms send them. */
  readonly body: string
  /** An earlier article that is to go: the caller knows that it is the poster's own. RFC 5537 5.3, 5.4 */
  readonly withdraws?: { readonly how: 'cancel' | 'supersedes'; readonly target: string }
}

export type Built =
  | { readonly ok: true; readonly wire: Buffer }
  | { readonly ok: false; readonly problems: readonly Problem[] }

const limits = { name: 100, address: 200, subject: 400, newsgroups: 1000 } as const

/** C0, DEL and halves of characters: never in a header, whatever the encoding. RFC 5536 2.2, RFC 5322 2.2 */
const forbidden = /[\0-\x1f\x7f\p{Cs}]/u
/** What RFC 5322 3.4.1 allows without quoting, in the form that every reader understands. */
const mailbox = /^[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,180}[A-Za-z0-9])?$/

class Faults {
  readonly problems: Problem[] = []

  /** The first fault of a field is the one that is told. */
  check(wrong: boolean, { field, name, detail }: Problem): void {
    if (wrong && !this.problems.some(problem => problem.field === field))
      this.problems.push({ field, name, ...(detail !== undefined && { detail }) })
  }
}

function faults(composition: Composition): readonly Problem[] {
  const found = new Faults()
  const { name, address, subject, newsgroups, followupTo, userAgent } = composition
  const single = (field: Problem['field'], values: readonly string[]) =>
    found.check(
      values.some(value => forbidden.test(value)),
      { field, name: 'one-line' },
    )
  single('name', [name])
  single('address', [address])
  single('newsgroups', newsgroups)
  single('followupto', followupTo)
  single('subject', [subject])
  single('userAgent', [userAgent])
  checkAuthor(composition, found)
  checkGroups(composition, found)
  checkText(composition, found)
  checkNames(composition, found)
  return found.problems
}

function checkAuthor({ name, address }: Composition, found: Faults): void {
  const field = 'address'
  found.check(name.length > limits.name, { field: 'name', name: 'long-name', detail: String(limits.name) })
  found.check(address === '', { field, name: 'no-address' })
  const bad = !mailbox.test(address) || address.length > limits.address || /^\.|\.\.|\.@/.test(address)
  found.check(bad, { field, name: 'bad-address' })
}

function checkGroups({ newsgroups, followupTo }: Composition, found: Faults): void {
  const field = 'newsgroups'
  const wrong = (names: readonly string[]) => names.some(name => parseNewsgroup(name) === undefined)
  found.check(newsgroups.length === 0, { field, name: 'no-groups' })
  found.check(wrong(newsgroups), { field, name: 'bad-groups' })
  found.check(newsgroups.join(',').length > limits.newsgroups, { field, name: 'many-groups' })
  // RFC 5536 3.2.6: `poster` stands alone.
  const byMail = followupTo.length === 1 && followupTo[0] === 'poster'
  const elsewhere = followupTo.some(name => !newsgroups.includes(name))
  found.check(!byMail && (wrong(followupTo) || elsewhere), { field: 'followupto', name: 'bad-followup' })
}

function checkText({ subject, body, withdraws }: Composition, found: Faults): void {
  const field = 'subject'
  found.check(subject.trim() === '', { field, name: 'no-subject' })
  const detail = String(limits.subject)
  found.check(subject.length > limits.subject, { field, name: 'long-subject', detail })
  // Peers do this: old servers obey such a subject as if it were a Control field. RFC 5537 5
  const commands = /^cmsg\s/i.test(subject) && withdraws?.how !== 'cancel'
  found.check(commands, { field, name: 'command-subject' })
  found.check(body.trim() === '', { field: 'body', name: 'no-body' })
  found.check(body.includes('\0') || /\p{Cs}/u.test(body), { field: 'body', name: 'bad-body' })
}

/** What no person types. */
function checkNames(composition: Composition, found: Faults): void {
  const { messageId, references, userAgent, withdraws } = composition
  const name = 'bad-name'
  found.check(parseMessageId(messageId) === undefined, { field: 'messageId', name })
  const wrong = references.some(id => parseLaxMessageId(id) === undefined)
  found.check(wrong, { field: 'references', name })
  found.check(!/^[\x20-\x7e]{1,200}$/.test(userAgent), { field: 'userAgent', name })
  const lost = withdraws !== undefined && parseMessageId(withdraws.target) === undefined
  found.check(lost, { field: 'withdraws', name })
}

/** RFC 5537 3.4.4: more than 21 may be trimmed; the first and the last three stay. */
export function trimReferences(references: readonly string[], most: number): readonly string[] {
  const [first, ...rest] = references
  if (first === undefined || references.length <= most) return references
  return [first, ...rest.slice(1 - most)]
}

/** The one place where typed text becomes an article. Date is left to the injecting agent. RFC 5537 3.5 */
export function buildArticle(composition: Composition): Built {
  const problems = faults(composition)
  if (problems.length > 0) return { ok: false, problems }
  const { name, address, references, followupTo } = composition
  const { encoding, octets } = bodyOf(composition.body)
  const lines = [
    `From: ${name === '' ? address : `${phrase(name)} <${address}>`}`,
    `Newsgroups: ${composition.newsgroups.join(',')}`,
    ...(followupTo.length === 0 ? [] : [`Followup-To: ${followupTo.join(',')}`]),
    `Subject: ${unstructured(composition.subject)}`,
    `Message-ID: ${composition.messageId}`,
    ...(references.length === 0 ? [] : [`References: ${references.join('\r\n ')}`]),
    ...withdrawing(composition),
    `User-Agent: ${composition.userAgent}`,
    'MIME-Version: 1.0',
    // RFC 3676 4: DelSp is no where it is not said.
    'Content-Type: text/plain; charset=UTF-8; format=flowed',
    `Content-Transfer-Encoding: ${encoding}`,
  ]
  const plain = Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), octets])
  return { ok: true, wire: stuff(plain) }
}

/** RFC 5536 3.2.3, 3.2.12 */
function withdrawing({ withdraws }: Composition): readonly string[] {
  if (withdraws === undefined) return []
  const { how, target } = withdraws
  return [how === 'cancel' ? `Control: cancel ${target}` : `Supersedes: ${target}`]
}

/** The body of the article that this text becomes; the same text gives the same octets. */
export function bodyOf(text: string): ReturnType<typeof encodeBody> {
  return encodeBody(flow(text.trimEnd()))
}
