/**
 * A proto-article from what a person typed, in wire form. What does not belong in a header is refused, never stripped.
 * RFC 5537 3.4.1, 3.4.3, 3.4.4; RFC 5536 2.2, 3.1; RFC 5322 2.2, 3.2.4; RFC 2047; RFC 2045
 */
import { encodeWord } from 'nodemailer/lib/mime-funcs'
import { parseLaxMessageId, parseMessageId } from '../message-id.ts'
import { parseNewsgroup } from '../newsgroup.ts'
import { stuff } from '../wire.ts'

/** Values are plain text; nothing here is encoded yet. Path, Xref, Injection-* and Control cannot be said at all. */
export interface Composition {
  readonly name: string
  readonly address: string
  readonly newsgroups: readonly string[]
  readonly subject: string
  readonly messageId: string
  /** Oldest first, the parent last; empty starts a thread. */
  readonly references: readonly string[]
  readonly userAgent: string
  /** Lines end in LF, CRLF or CR, as forms send them. */
  readonly body: string
}

export type Field =
  | 'name'
  | 'address'
  | 'newsgroups'
  | 'subject'
  | 'messageId'
  | 'references'
  | 'userAgent'
  | 'body'

export interface Problem {
  readonly field: Field
  /** A sentence for the person who posts. */
  readonly text: string
}

export type Built =
  | { readonly ok: true; readonly wire: Buffer }
  | { readonly ok: false; readonly problems: readonly Problem[] }

const limits = { name: 100, address: 200, subject: 400, newsgroups: 1000 } as const
/** Octets of a line without its CRLF. RFC 5322 2.1.1 */
const lineOctets = 998

/** C0, DEL and halves of characters: never in a header, whatever the encoding. RFC 5536 2.2, RFC 5322 2.2 */
const forbidden = /[\0-\x1f\x7f\p{Cs}]/u
/** What RFC 5322 3.4.1 allows without quoting, in the form that every reader understands. */
const mailbox = /^[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,180}[A-Za-z0-9])?$/

function faults(composition: Composition): Problem[] {
  const { name, address, subject, newsgroups, messageId, references, userAgent, body } = composition
  const problems: Problem[] = []
  const check = (field: Field, wrong: boolean, text: string) => {
    if (wrong && !problems.some(problem => problem.field === field)) problems.push({ field, text })
  }
  const single = (field: Field, values: readonly string[]) =>
    check(
      field,
      values.some(value => forbidden.test(value)),
      'This must be one line without control characters.',
    )
  single('name', [name])
  single('address', [address])
  single('newsgroups', newsgroups)
  single('subject', [subject])
  single('userAgent', [userAgent])
  check('name', name.length > limits.name, `A name may have at most ${limits.name} characters.`)
  check('address', address === '', 'Give a mail address; name@example.invalid will do if you want no mail.')
  check(
    'address',
    !mailbox.test(address) || address.length > limits.address,
    'Give the address as name@example.org.',
  )
  check('address', /^\.|\.\.|\.@/.test(address), 'Give the address as name@example.org.')
  check('newsgroups', newsgroups.length === 0, 'Name the newsgroup to post to.')
  check(
    'newsgroups',
    newsgroups.some(group => parseNewsgroup(group) === undefined),
    'Give newsgroups as comp.lang.c, separated by commas.',
  )
  check('newsgroups', newsgroups.join(',').length > limits.newsgroups, 'These are too many newsgroups.')
  check('subject', subject.trim() === '', 'Give a subject.')
  check(
    'subject',
    subject.length > limits.subject,
    `A subject may have at most ${limits.subject} characters.`,
  )
  check('messageId', parseMessageId(messageId) === undefined, 'This is no Message-ID.')
  check(
    'references',
    references.some(id => parseLaxMessageId(id) === undefined),
    'This is no Message-ID.',
  )
  check('userAgent', !/^[\x20-\x7e]{1,200}$/.test(userAgent), 'This is no User-Agent.')
  check('body', body.trim() === '', 'Write a text.')
  check(
    'body',
    body.includes('\0') || /\p{Cs}/u.test(body),
    'The text holds an octet that no article may have.',
  )
  return problems
}

/** Folds between encoded words, so that no line grows over 76. RFC 2047 2 */
function encode(text: string): string {
  return encodeWord(text, 'Q', 52).replaceAll('?= =?', '?=\r\n =?')
}

/** ASCII that nobody could take for an encoded word stays readable. RFC 2047 5 */
function unstructured(text: string): string {
  const plain = /^[\x20-\x7e]*$/.test(text) && !text.includes('=?')
  return plain ? text : encode(text)
}

/** RFC 5322 3.2.5: atoms, a quoted string, or encoded words. */
function phrase(name: string): string {
  if (/^[\w !#$%&'*+/^`{|}~-]+$/.test(name)) return name
  if (/^[\x20-\x7e]*$/.test(name) && !name.includes('=?')) return `"${name.replace(/["\\]/g, '\\$&')}"`
  return encode(name)
}

/** RFC 5537 3.4.4: more than 21 may be trimmed; the first and the last three stay. */
export function trimReferences(references: readonly string[], most: number): readonly string[] {
  const [first, ...rest] = references
  if (first === undefined || references.length <= most) return references
  return [first, ...rest.slice(1 - most)]
}

/** Text with CRLF lines of at most 998 octets: a longer one is broken at a blank, else between two characters. */
function bodyOctets(body: string): Buffer {
  const pieces: Buffer[] = []
  for (const line of body.trimEnd().split(/\r\n|\r|\n/)) {
    let rest = Buffer.from(line)
    while (rest.length > lineOctets) {
      let end = lineOctets
      while (((rest[end] ?? 0) & 0xc0) === 0x80) end--
      const blank = rest.subarray(0, end).lastIndexOf(0x20)
      const cut = blank > 0 ? blank : end
      pieces.push(rest.subarray(0, cut), crlf)
      rest = rest.subarray(blank > 0 ? cut + 1 : cut)
    }
    pieces.push(rest, crlf)
  }
  return Buffer.concat(pieces)
}

const crlf = Buffer.from('\r\n')

/** The one place where typed text becomes an article. Date is left to the injecting agent. RFC 5537 3.5 */
export function buildArticle(composition: Composition): Built {
  const problems = faults(composition)
  if (problems.length > 0) return { ok: false, problems }
  const { name, address, references } = composition
  const lines = [
    `From: ${name === '' ? address : `${phrase(name)} <${address}>`}`,
    `Newsgroups: ${composition.newsgroups.join(',')}`,
    `Subject: ${unstructured(composition.subject)}`,
    `Message-ID: ${composition.messageId}`,
    ...(references.length === 0 ? [] : [`References: ${references.join('\r\n ')}`]),
    `User-Agent: ${composition.userAgent}`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=UTF-8',
    'Content-Transfer-Encoding: 8bit',
  ]
  const plain = Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), bodyOctets(composition.body)])
  return { ok: true, wire: stuff(plain) }
}
