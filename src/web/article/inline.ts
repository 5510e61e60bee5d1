/**
 * Links and marks in a line of text. Characters are never taken away: joined, the pieces are the text. Each pattern
 * is bounded or runs over its characters once. RFC 3986, RFC 5538, RFC 6068
 */
import { articleAddress, groupAddress } from '../addresses.ts'

export type Mark = '' | 'bold' | 'italic' | 'underline'

export interface Piece {
  readonly text: string
  /** An address that may be followed; empty where there is none. */
  readonly to: string
  readonly mark: Mark
}

const longestAddress = 2000

const tokens = new RegExp(
  [
    // An address up to a blank or a bracket; the schemes are all that is ever linked.
    /(?<![a-z0-9])(?<address>(?:https?|nntp):\/\/[^\s<>"\\^`{|}]+|(?:news|mailto):[^\s<>"\\^`{|}]+)/,
    /(?<id><[^\s<>@]{1,200}@[^\s<>@]{1,200}>)/,
    /(?<![\w*/.])(?<bold>\*(?=\S)[^*\n]{1,80}(?<=\S)\*)(?![\w*])/,
    /(?<![\w/:.~-])(?<italic>\/(?=[A-Za-z])[^/\n]{1,60}(?<=[A-Za-z.!?,])\/)(?![\w/~-]|\.\w)/,
    // A name with underscores between its parts, as _CONFIG_H_ in a patch, is no text that is underlined.
    /(?<!\w)(?!_[^\W_]{1,80}(?:_[^\W_]{1,80}){1,20}_(?!\w))(?<underline>_(?=[^\s_])[^\n]{1,80}?(?<=[^\s_])_)(?!\w)/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'gi',
)

/** `budget` is how many pieces may be more than text; it is used up. */
export function inlinePieces(text: string, budget: { left: number }): Piece[] {
  const pieces: Piece[] = []
  let last = 0
  const plain = (to: number) => {
    if (to > last) pieces.push({ text: text.slice(last, to), to: '', mark: '' })
    last = to
  }
  for (const match of text.matchAll(tokens)) {
    if (budget.left <= 0) break
    const piece = pieceOf(match, text)
    if (piece === undefined) continue
    budget.left--
    plain(match.index)
    pieces.push(piece)
    last = match.index + piece.text.length
  }
  plain(text.length)
  return pieces
}

function pieceOf(match: RegExpMatchArray, text: string): Piece | undefined {
  const { address, id, bold, italic, underline } = match.groups ?? {}
  if (address !== undefined) return linked(withoutTail(address))
  if (id !== undefined) {
    const before = text.slice(Math.max(0, (match.index ?? 0) - 30), match.index)
    return namesArticle(id, before) ? { text: id, to: articleAddress(id), mark: '' } : undefined
  }
  if (bold !== undefined) return { text: bold, to: '', mark: 'bold' }
  if (italic !== undefined) return { text: italic, to: '', mark: 'italic' }
  return underline === undefined ? undefined : { text: underline, to: '', mark: 'underline' }
}

/** Marks of the sentence around it are not of the address, nor is a bracket that it did not open. */
function withoutTail(address: string): string {
  if (address.length > longestAddress) return address
  let end = address.length
  const surplus = (close: string, open: string) => address.split(close).length - address.split(open).length
  let unopened: Record<')' | ']', number> | undefined
  for (; end > 0; end--) {
    const last = address[end - 1] ?? ''
    if (/[.,;:!?'*_]/.test(last)) continue
    if (last !== ')' && last !== ']') break
    unopened ??= { ')': surplus(')', '('), ']': surplus(']', '[') }
    if (unopened[last] <= 0) break
    unopened[last]--
  }
  return address.slice(0, end)
}

function linked(address: string): Piece | undefined {
  if (address.length > longestAddress) return undefined
  const to = targetOf(address)
  return to === '' ? undefined : { text: address, to, mark: '' }
}

const mailbox = /^[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)*$/

function targetOf(address: string): string {
  const [, scheme = '', rest = ''] = /^([a-z]+):(.*)$/is.exec(address) ?? []
  switch (scheme.toLowerCase()) {
    case 'http':
    case 'https':
      return URL.canParse(address) ? address : ''
    case 'nntp':
      return URL.canParse(address) ? address : ''
    case 'mailto': {
      // RFC 6068 7: a subject or a body that somebody else wrote is not taken along.
      const to = rest.replace(/\?.*$/s, '')
      return mailbox.test(to) ? `mailto:${to}` : ''
    }
    default:
      return newsTarget(rest)
  }
}

/** RFC 5538 2: a message-ID without its brackets, or a newsgroup; here, whatever server it names. */
function newsTarget(rest: string): string {
  const name = decoded(rest.replace(/^\/\/[^/]*\//, ''))
  if (/^[^\s@/]+@[^\s@/]+$/.test(name)) return articleAddress(name)
  return /^[a-z0-9][\w+-]*(?:\.[\w+-]+)+$/i.test(name) ? groupAddress(name) : ''
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text // No percent-encoding then.
  }
}

/** A mail address in brackets looks alike: an identifier has many digits, or is called an article. */
function namesArticle(id: string, before: string): boolean {
  if (/(?:article|message|message-id:?|posting|post|news:|mid:?|beitrag)\s*:?\s*$/i.test(before)) return true
  const [local = ''] = id.slice(1).split('@')
  return (local.match(/\d/g) ?? []).length >= 5
}
