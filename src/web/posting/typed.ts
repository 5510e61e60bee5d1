/** What a form for an article holds, as typed, and how it is read. */
import { parseLaxMessageId } from '../../message-id.ts'
import type { Site, Visit } from '../site.ts'

export interface Typed {
  readonly name: string
  readonly address: string
  readonly newsgroups: string
  readonly followupTo: string
  readonly subject: string
  readonly body: string
  /** Message-ID of the parent; empty where a thread begins. */
  readonly inReplyTo: string
  /** Message-ID of the article that this one takes the place of; empty for a new one. */
  readonly edits: string
  /** Chosen when the form is shown: the same key is the same article, however often it is sent. */
  readonly key: string
  /** Names the draft; unlike the key it stays the same until the text is posted. */
  readonly draft: string
  /** Names of the remarks that were shown with the form. */
  readonly seen: readonly string[]
  /** The account that the form was shown to; empty for a visitor. */
  readonly account: string
}

/** Names as people write them: separated by commas, blanks or both, each once. RFC 5536 3.1.4 */
export function typedNames(typed: string): string[] {
  return [...new Set(typed.split(/[\s,;]+/).filter(name => name !== ''))]
}

export function newKey(site: Site): string {
  return site.random(16).toString('base64url')
}

export const isKey = (text: string): boolean => /^[A-Za-z0-9_-]{22}$/.test(text)

export function emptyForm(site: Site, visit: Visit): Typed {
  return {
    name: '',
    address: '',
    newsgroups: '',
    followupTo: '',
    subject: '',
    body: '',
    inReplyTo: '',
    edits: '',
    key: newKey(site),
    draft: newKey(site),
    seen: [],
    account: accountOf(visit),
  }
}

export function accountOf({ person }: Visit): string {
  return person?.account.name ?? ''
}

export function readForm(site: Site, form: URLSearchParams): Typed {
  const line = (name: string) => (form.get(name) ?? '').trim()
  const key = (name: string) => (isKey(line(name)) ? line(name) : newKey(site))
  const id = (name: string) => (parseLaxMessageId(line(name)) === undefined ? '' : line(name))
  return {
    name: line('name'),
    address: line('address'),
    newsgroups: line('newsgroups'),
    followupTo: line('followupto'),
    subject: line('subject'),
    body: form.get('body') ?? '',
    inReplyTo: id('inreplyto'),
    edits: id('edits'),
    key: key('key'),
    draft: key('draft'),
    seen: line('seen').slice(0, 1000).split(' '),
    account: line('account'),
  }
}
