/** What somebody looks for, read from one line of text: the grammar of docs/extensions.md. */
import { Wildmat } from '../wildmat.ts'
import { wordsIn } from './words.ts'

export type Field = 'any' | 'subject' | 'from' | 'body'

export interface Term {
  readonly word: string
  /** Words that begin so. */
  readonly prefix: boolean
}

/** Words that follow each other in one field, or must not. */
export interface Clause {
  readonly field: Field
  /** At least one. */
  readonly terms: readonly Term[]
  readonly exclude: boolean
}

export interface GroupClause {
  readonly wildmat: Wildmat
  readonly exclude: boolean
}

export interface Query {
  readonly clauses: readonly Clause[]
  readonly groups: readonly GroupClause[]
  /** Dates of articles, seconds since 1970: `after` included, `before` not. */
  readonly after?: number
  readonly before?: number
  /** Message-IDs with their brackets. */
  readonly id?: string
  readonly thread?: string
}

export type ProblemKind =
  | 'empty'
  | 'too-long'
  | 'too-many-words'
  | 'too-many-prefixes'
  | 'short-prefix'
  | 'bad-date'
  | 'bad-groups'
  | 'bad-id'
  | 'no-words'
  | 'not-excludable'

/** Why a text is no query; `part` is what is wrong in it. */
export interface Problem {
  readonly problem: ProblemKind
  readonly part: string
}

export const isProblem = (parsed: Query | Problem): parsed is Problem => 'problem' in parsed

/** Characters of a query, and what of it costs: words, and words that only begin so. */
export const longestQuery = 500
export const mostWords = 24
export const mostPrefixes = 4
/** Letters before the star. */
const shortestPrefix = 2

/** A sentence for those who read no catalogue. */
export const problemTexts: Readonly<Record<ProblemKind, string>> = {
  empty: 'Nothing to look for',
  'too-long': `A query has at most ${longestQuery} characters`,
  'too-many-words': `A query has at most ${mostWords} words`,
  'too-many-prefixes': `A query has at most ${mostPrefixes} words with a star`,
  'short-prefix': `A word with a star needs at least ${shortestPrefix} letters`,
  'bad-date': 'Dates are written 2024, 2024-05 or 2024-05-31',
  'bad-groups': 'Groups are a wildmat such as comp.*,!comp.binaries.*',
  'bad-id': 'A message-ID is written <left@right>',
  'no-words': 'No letter or digit in it',
  'not-excludable': 'This cannot be excluded',
}

class Fault extends Error {
  readonly found: Problem

  constructor(problem: ProblemKind, part: string) {
    super(problem)
    this.found = { problem, part }
  }
}

interface Part {
  readonly text: string
  readonly exclude: boolean
  /** In lower case; empty where there is none. */
  readonly operator: string
  readonly value: string
  readonly quoted: boolean
}

const operators = ['from', 'subject', 'body', 'group', 'before', 'after', 'mid', 'thread'] as const
/** Those that the capability names. */
export const operatorNames: readonly string[] = operators

/** A value in quotes ends at the next quote or with the text; one without at a blank. */
const part =
  /(?<minus>-?)(?:(?<operator>from|subject|body|group|before|after|mid|thread):)?(?:"(?<quoted>[^"]*)"?|(?<plain>[^\s"]+))/giy

/** Never throws; O(length). */
export function parseQuery(text: string): Query | Problem {
  if (text.length > longestQuery) return { problem: 'too-long', part: '' }
  try {
    return queryOf(parts(text))
  } catch (error) {
    if (error instanceof Fault) return error.found
    throw error
  }
}

function parts(text: string): Part[] {
  const found: Part[] = []
  for (let at = 0; at < text.length; ) {
    part.lastIndex = at
    const match = part.exec(text)
    if (match === null) {
      at += 1
      continue
    }
    at += match[0].length
    const { minus = '', operator = '', quoted, plain = '' } = match.groups ?? {}
    found.push({
      text: match[0],
      exclude: minus !== '',
      operator: operator.toLowerCase(),
      value: quoted ?? plain,
      quoted: quoted !== undefined,
    })
  }
  return found
}

interface Building {
  readonly clauses: Clause[]
  readonly groups: GroupClause[]
  after?: number
  before?: number
  id?: string
  thread?: string
}

function queryOf(all: readonly Part[]): Query {
  const query: Building = { clauses: [], groups: [] }
  for (const each of all) take(query, each)
  const terms = query.clauses.flatMap(clause => clause.terms)
  if (terms.length > mostWords) throw new Fault('too-many-words', '')
  if (terms.filter(({ prefix }) => prefix).length > mostPrefixes) throw new Fault('too-many-prefixes', '')
  const { clauses, groups, after, before, id, thread } = query
  const bounds = [after, before, id, thread].filter(bound => bound !== undefined)
  if (clauses.length + groups.length + bounds.length === 0) throw new Fault('empty', '')
  return {
    clauses,
    groups,
    ...(after !== undefined && { after }),
    ...(before !== undefined && { before }),
    ...(id !== undefined && { id }),
    ...(thread !== undefined && { thread }),
  }
}

function take(query: Building, { text, exclude, operator, value, quoted }: Part): void {
  if (operator === 'group') {
    const wildmat = Wildmat.parse(value)
    if (wildmat === undefined) throw new Fault('bad-groups', text)
    query.groups.push({ wildmat, exclude })
    return
  }
  if (['before', 'after', 'mid', 'thread'].includes(operator)) {
    if (exclude) throw new Fault('not-excludable', text)
    takeOne(query, operator, { text, value })
    return
  }
  const field = operator === '' ? 'any' : (operator as Field)
  const terms = termsOf(value, quoted, text)
  if (terms.length > 0) query.clauses.push({ field, terms, exclude })
  // `-` and `&` between words mean nothing, and do no harm.
  else if (operator !== '' || quoted) throw new Fault('no-words', text)
}

/** Of several, the narrowest dates and the last message-ID count. */
function takeOne(query: Building, operator: string, { text, value }: Pick<Part, 'text' | 'value'>): void {
  if (operator === 'before' || operator === 'after') {
    const time = dayOf(value)
    if (time === undefined) throw new Fault('bad-date', text)
    if (operator === 'before') query.before = Math.min(time, query.before ?? time)
    else query.after = Math.max(time, query.after ?? time)
    return
  }
  const id = value.startsWith('<') ? value : `<${value}>`
  if (!/^<[^<>\s]{1,248}>$/.test(id)) throw new Fault('bad-id', text)
  if (operator === 'mid') query.id = id
  else query.thread = id
}

function termsOf(value: string, quoted: boolean, text: string): Term[] {
  const found = [...wordsIn(value)]
  return found.map(({ word, end }, at) => {
    const starred = !quoted && at === found.length - 1 && value[end] === '*'
    // A character that is written in pairs with others, alone: whatever follows it.
    const half = /[^\0-\u0dff]/.test(word) && [...word].length === 1 && found.length === 1
    if (starred && !half && [...word].length < shortestPrefix) throw new Fault('short-prefix', text)
    return { word, prefix: starred || half }
  })
}

/** The beginning of a year, month or day, UTC. */
function dayOf(text: string): number | undefined {
  const match = /^(\d{4})(?:-(\d\d)(?:-(\d\d))?)?$/.exec(text)
  if (match === null) return undefined
  const [year, month, day] = [Number(match[1]), Number(match[2] ?? 1), Number(match[3] ?? 1)]
  const time = Date.UTC(year, month - 1, day)
  const date = new Date(time)
  // The 31st of a month that has 30 days is not meant as the 1st of the next.
  const right = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && year >= 1000
  return right ? Math.floor(time / 1000) : undefined
}
