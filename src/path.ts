/** The Path header: what it tells, and how an article gets ours in front. RFC 5536 3.1.5, RFC 5537 3.2 */
import { trimFolds } from './white-space.ts'

export type PathEntry =
  | { readonly kind: 'identity'; readonly text: string }
  /** `.KEYWORD` or `.KEYWORD.id`: keyword in upper case, id '' where absent; and a bare IPv4 address: keyword ''. */
  | { readonly kind: 'diagnostic'; readonly text: string; readonly keyword: string; readonly id: string }
  /** Between the marks of `!!`: the site to the left verified the one to the right. */
  | { readonly kind: 'empty'; readonly text: '' }
  /** Fits no grammar, such as the mail addresses in tails of old articles. */
  | { readonly kind: 'other'; readonly text: string }

export interface Path {
  /** From left (newest) to right, the tail included. */
  readonly entries: readonly PathEntry[]
  /** Lower case, without repeats: the sites that have seen the article and may suppress an offer. */
  readonly identities: readonly string[]
  /** The last entry: no site. RFC 5536 3.1.5: tail-entry */
  readonly tail: string
  /** Whether an injecting agent has marked it. RFC 5537 3.2.1: .POSTED */
  readonly injected: boolean
  /** Entries without diagnostics and empty ones: what limits of hops count. */
  readonly length: number
}

/** What the receiving site says of the one it got the article from. RFC 5537 3.2.1 */
export type PathVerdict =
  | { readonly kind: 'match' }
  | { readonly kind: 'mismatch'; readonly expected: string }
  | { readonly kind: 'seen'; readonly source: string }

/** RFC 5536 2.2: octets of a line, CRLF not counted; the field name and its colon and blank come off. */
const lineOctets = 998 - 'Path: '.length

/** Reads any value, folded or not; never fails. Linear in its length. */
export function parsePath(header: string): Path {
  const { identities, tail, injected, length } = readRoute(header)
  return { entries: header.split('!').map(entryOf), identities, tail, injected, length }
}

/** The same without its entries, which most who ask do not look at. */
export function readRoute(header: string): Omit<Path, 'entries'> {
  const identities: string[] = []
  let injected = false
  let length = 0
  for (let from = 0; ; ) {
    const mark = header.indexOf('!', from)
    const text = trimFolds(mark < 0 ? header.slice(from) : header.slice(from, mark))
    const posted = mark >= 0 && isPosted(text)
    if (isSite(text)) {
      length++
      if (!injected && mark >= 0) injected = addIdentity(identities, text.toLowerCase())
    }
    // RFC 5537 3.2.1: what stands right of .POSTED came from the poster, who must not be able to name sites.
    if (posted) injected = true
    if (mark < 0) return { identities: withoutRepeats(identities), tail: text, injected, length }
    from = mark + 1
  }
}

/** Neither empty nor a diagnostic. */
function isSite(text: string): boolean {
  const first = text.charCodeAt(0)
  // Most names begin with a letter, and then they are neither.
  if (((kinds[first] ?? 0) & letter) !== 0) return true
  const { kind } = entryOf(text)
  return kind === 'identity' || kind === 'other'
}

function isPosted(text: string): boolean {
  if (!text.startsWith('.')) return false
  const entry = entryOf(text)
  return entry.kind === 'diagnostic' && entry.keyword === 'POSTED'
}

/** Whether the name marks the injection. */
function addIdentity(identities: string[], name: string): boolean {
  const marked = name.endsWith(oldMark)
  identities.push(marked ? name.slice(0, -oldMark.length) : name)
  return marked
}

/** A few are compared faster than hashed. */
function withoutRepeats(names: string[]): readonly string[] {
  if (names.length > 20) return [...new Set(names)]
  for (let at = 1; at < names.length; at++)
    if (names.indexOf(names[at] as string) < at)
      return names.filter((name, index) => names.indexOf(name) === index)
  return names
}

/** Peers do this: injection marked at the end of the name, `site.POSTED!tail`. */
const oldMark = '.posted'

export interface Injection {
  readonly identity: string
  /** Name or address of the poster's host, where the site shows it. */
  readonly host?: string
  /** The tail of the poster's own Path; `not-for-mail` where it has none that is well formed. */
  readonly tail?: string
}

/** The value of Path at injection: `me!.POSTED[.host]!tail`. RFC 5537 3.2.1, 3.5 */
export function injectedPath({ identity, host, tail = '' }: Injection): string {
  const posted = host === undefined ? '.POSTED' : diagnostic('POSTED', host)
  return `${identity}!${posted}!${isNoDot(tail) ? tail : 'not-for-mail'}`
}

export interface Relaying {
  readonly identity: string
  /** The value as it came, folds (CRLF and a blank) included. */
  readonly old: string
  readonly verdict: PathVerdict
}

/** The value of Path at relaying: `me!!old`, `me!.MISMATCH.expected!old` or `me!.SEEN.source!old`. RFC 5537 3.2.1 */
export function relayedPath({ identity, old, verdict }: Relaying): string {
  const rest = `!${trimFolds(old)}`
  const added = `!${verdictEntry(verdict)}`
  const foldAt = rest.indexOf('\r\n')
  const first = identity.length + added.length + (foldAt < 0 ? rest.length : foldAt)
  // RFC 5536 3.1.5 allows a fold in front of an exclamation mark, and nowhere else that does here.
  return `${identity}${added}${first > lineOctets ? '\r\n ' : ''}${rest}`
}

export interface Sender {
  /** The peer's path identity and its aliases. */
  readonly names: readonly string[]
  readonly address: string
  /** Whether we know by address, password or certificate which peer it is. */
  readonly identified: boolean
}

/** The newest entry of a value, which may be long. */
export function leftmostEntry(header: string): PathEntry {
  const mark = header.indexOf('!')
  return entryOf(mark < 0 ? header : header.slice(0, mark))
}

/** Compares the leftmost entry with the peer that sent the article; case does not count. RFC 5537 3.2.1 */
export function pathVerdict(entry: PathEntry, { names, address, identified }: Sender): PathVerdict {
  const [expected] = names
  if (!identified || expected === undefined) return { kind: 'seen', source: address }
  const leftmost = entry.text.toLowerCase()
  if (names.some(name => name.toLowerCase() === leftmost)) return { kind: 'match' }
  return { kind: 'mismatch', expected }
}

function verdictEntry(verdict: PathVerdict): string {
  switch (verdict.kind) {
    case 'match':
      return ''
    case 'mismatch':
      return diagnostic('MISMATCH', verdict.expected)
    case 'seen':
      return diagnostic('SEEN', verdict.source)
  }
}

/** RFC 5536 3.1.5: diag-other; without its identity where that has octets the grammar does not allow. */
function diagnostic(keyword: string, id: string): string {
  // The zone of a link-local address, `fe80::1%eth0`, means nothing elsewhere.
  const zone = id.indexOf('%')
  const plain = zone < 0 ? id : id.slice(0, zone)
  return plain !== '' && onlyOf(plain, identityChar | colon) ? `.${keyword}.${plain}` : `.${keyword}`
}

function entryOf(raw: string): PathEntry {
  const text = trimFolds(raw)
  if (text === '') return { kind: 'empty', text: '' }
  if (text.startsWith('.')) return diagnosticOf(text) ?? { kind: 'other', text }
  // RFC 5536 3.1.5: diag-deprecated
  if (isAddress(text)) return { kind: 'diagnostic', text, keyword: '', id: text }
  return { kind: onlyOf(text, identityChar) ? 'identity' : 'other', text }
}

function diagnosticOf(text: string): PathEntry | undefined {
  const dot = text.indexOf('.', 1)
  const keyword = dot < 0 ? text.slice(1) : text.slice(1, dot)
  const id = dot < 0 ? '' : text.slice(dot + 1)
  if (keyword === '' || !onlyOf(keyword, letter) || !onlyOf(id, identityChar | colon)) return undefined
  return { kind: 'diagnostic', text, keyword: keyword.toUpperCase(), id }
}

/** Digits in four groups; whether each is below 256 does not matter here. */
function isAddress(text: string): boolean {
  if (!onlyOf(text, digit | period)) return false
  const groups = text.split('.')
  return groups.length === 4 && groups.every(group => group !== '' && group.length <= 3)
}

/** RFC 5536 3.1.5: path-nodot */
function isNoDot(text: string): boolean {
  return text !== '' && onlyOf(text, letter | digit | hyphen)
}

const letter = 1
const digit = 2
const hyphen = 4
const period = 8
const colon = 16
const identityChar = letter | digit | hyphen | period

/** What kind of character an octet is in a Path. */
const kinds = new Uint8Array(128)
for (const c of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ') kinds[c.charCodeAt(0)] = letter
for (const c of '0123456789') kinds[c.charCodeAt(0)] = digit
for (const c of '-_') kinds[c.charCodeAt(0)] = hyphen
kinds['.'.charCodeAt(0)] = period
kinds[':'.charCodeAt(0)] = colon

function onlyOf(text: string, allowed: number): boolean {
  for (let i = 0; i < text.length; i++) if (((kinds[text.charCodeAt(i)] ?? 0) & allowed) === 0) return false
  return true
}
