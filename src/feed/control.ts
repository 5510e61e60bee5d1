/** What an article asks servers to do: control messages, and Supersedes. RFC 5537 5, RFC 5536 3.2.3, 3.2.12 */
import type { Article } from '../article.ts'
import { type MessageId, parseMessageId } from '../message-id.ts'

interface ControlRow {
  /** Lower case. */
  readonly verb: string
  /** Whether this version does what it asks for; the others are filed and passed on. */
  readonly acts: boolean
}

/** RFC 5537 5.2, 5.3, 5.5, 5.6 */
const rows: readonly ControlRow[] = [
  { verb: 'cancel', acts: true },
  { verb: 'newgroup', acts: false },
  { verb: 'rmgroup', acts: false },
  { verb: 'checkgroups', acts: false },
  { verb: 'ihave', acts: false },
  { verb: 'sendme', acts: false },
  { verb: 'sendsys', acts: false },
  { verb: 'version', acts: false },
  { verb: 'whogets', acts: false },
]

const verbs: ReadonlyMap<string, ControlRow> = new Map(rows.map(row => [row.verb, row]))

/** The article that is to go. */
export interface Withdrawn {
  readonly how: 'cancel' | 'supersedes'
  readonly target: MessageId
}

/** Undefined where nothing is to go; `malformed` names the field that does not say what. */
export function withdrawnBy(article: Article): Withdrawn | { readonly malformed: string } | undefined {
  const control = article.header('Control')
  const supersedes = article.header('Supersedes')
  if (control !== undefined) {
    // RFC 5536 3.2.12: not both
    if (supersedes !== undefined) return { malformed: 'Supersedes' }
    const [verb = '', ...words] = control.split(/[ \t]+/)
    if (verbs.get(verb.toLowerCase())?.acts !== true) return undefined
    return targetIn(words, { article, how: 'cancel' }) ?? { malformed: 'Control' }
  }
  if (supersedes === undefined) return undefined
  const words = supersedes.split(/[ \t]+/)
  return targetIn(words, { article, how: 'supersedes' }) ?? { malformed: 'Supersedes' }
}

interface Asking {
  readonly article: Article
  readonly how: Withdrawn['how']
}

/** One message-ID, and not the article's own. */
function targetIn(words: readonly string[], { article, how }: Asking): Withdrawn | undefined {
  const [word = ''] = words
  const target = words.length === 1 ? parseMessageId(word) : undefined
  return target === undefined || word === article.header('Message-ID') ? undefined : { how, target }
}

/** The group that control messages of its kind are filed in. No octet of the article goes into the name. */
export function controlGroup(article: Article): string {
  const [verb = ''] = (article.header('Control') ?? '').split(/[ \t]+/, 1)
  const row = verbs.get(verb.toLowerCase())
  return row === undefined ? anyControl : `${anyControl}.${row.verb}`
}

/** Where those are filed that have no group of their own. */
export const anyControl = 'control'
