/** A query held against the text of an article: what postings cannot tell, and where the words stand. */
import type { Clause, Field, Query, Term } from './query.ts'
import type { SearchedText } from './searched-text.ts'
import { wordsIn } from './words.ts'

const fields = ['subject', 'from', 'body'] as const

const fieldsOf = (field: Field): readonly (keyof SearchedText)[] => (field === 'any' ? fields : [field])

const fits = ({ word, prefix }: Term, found: string): boolean =>
  prefix ? found.startsWith(word) : found === word

/** Words that follow each other: what of a clause the postings of its words do not say. */
export const isPhrase = ({ terms }: Clause): boolean => terms.length > 1

/** Whether the words of the clause follow each other in one of its fields; whether they do not, where it excludes. */
export function matchesClause(clause: Clause, text: SearchedText): boolean {
  const found = fieldsOf(clause.field).some(field => hasPhrase(text[field], clause.terms))
  return found !== clause.exclude
}

function hasPhrase(text: string, terms: readonly Term[]): boolean {
  const last: string[] = []
  for (const { word } of wordsIn(text)) {
    last.push(word)
    if (last.length > terms.length) last.shift()
    if (last.length === terms.length && terms.every((term, at) => fits(term, last[at] ?? ''))) return true
  }
  return false
}

export interface Piece {
  readonly text: string
  /** It is what was looked for. */
  readonly hit: boolean
}

/** The text in pieces, as they stand; joined they are the text. */
export function hitPieces(text: string, field: Exclude<Field, 'any'>, query: Query): Piece[] {
  const terms = query.clauses.filter(each => !each.exclude && fieldsOf(each.field).includes(field))
  const wanted = terms.flatMap(clause => clause.terms)
  const pieces: Piece[] = []
  const put = (from: number, to: number, hit: boolean) => {
    const last = pieces.at(-1)
    if (to <= from) return
    if (last?.hit === hit) pieces[pieces.length - 1] = { text: last.text + text.slice(from, to), hit }
    else pieces.push({ text: text.slice(from, to), hit })
  }
  let at = 0
  if (wanted.length > 0)
    for (const { word, start, end } of wordsIn(text)) {
      if (!wanted.some(term => fits(term, word))) continue
      put(at, Math.max(at, start), false)
      put(Math.max(at, start), end, true)
      at = Math.max(at, end)
    }
  put(at, text.length, false)
  return pieces
}

const around = 80

/** Some lines' worth of the body around what was looked for first; its beginning where that is not in it. */
export function excerpt(text: SearchedText, query: Query, length = 240): readonly Piece[] {
  const body = text.body.replace(/\s+/g, ' ').trim()
  const first = hitPieces(body, 'body', query)
  const before = first[0]?.hit === false && first.length > 1 ? first[0].text.length : 0
  const start = before > around ? body.indexOf(' ', before - around) + 1 : 0
  const blank = body.lastIndexOf(' ', start + length)
  const end = body.length <= start + length ? body.length : blank > start ? blank : start + length
  const shown = `${start > 0 ? '… ' : ''}${body.slice(start, end)}${end < body.length ? ' …' : ''}`
  return hitPieces(shown, 'body', query)
}
