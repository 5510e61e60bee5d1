/** Rules about quotations: how much of one, where, and whose words they are. RFC 1855 3.1.1, 3.1.3 */
import {
  bodyFrom,
  isQuoted,
  type Layers,
  layersOf,
  ownLines,
  ownWords,
  quotedLines,
  type Run,
} from './layers.ts'
import type { Rule } from './writing.ts'

/** Own text first, and below it what it answers. */
export const topPosting: Rule = {
  finds: ({ body }) => {
    const layers = layersOf(body)
    const { runs } = layers
    const quote = runs.findLastIndex(({ kind }) => kind === 'quote')
    const above = runs.slice(0, quote + 1).some((run, at) => ownWords(run, runs[at + 1]).length > 0)
    const below = runs.slice(quote + 1).some(run => ownWords(run, undefined).length > 0)
    return quote >= 0 && above && !below && quotedLines(layers).length > 2 ? '' : undefined
  },
  mends: ({ body }) => ({ body: turned(layersOf(body)) }),
}

/** Each quotation with its attribution before the own text that stood above it. */
function turned({ runs, signature }: Layers): string {
  const quotes: (readonly string[])[] = []
  const own: (readonly string[])[] = []
  for (const [at, run] of runs.entries()) {
    const words = new Set(ownWords(run, runs[at + 1]))
    const attributes = (line: string) => line.trim() !== '' && !words.has(line)
    if (run.kind === 'quote') quotes.push(run.lines)
    else {
      quotes.push(run.lines.filter(attributes))
      own.push(run.lines.filter(line => !attributes(line)))
    }
  }
  const mark = signature.length > 0 ? ['', ...signature] : []
  return [...trimmed(quotes.flat()), '', ...trimmed(own.flat()), ...mark].join('\n')
}

/** Without empty lines at either end. */
function trimmed(lines: readonly string[]): readonly string[] {
  const first = lines.findIndex(line => line.trim() !== '')
  return first < 0 ? [] : lines.slice(first, lines.findLastIndex(line => line.trim() !== '') + 1)
}

/** Quoted lines for one's own: above this share, and this many, most of them are not read. */
const mostShare = 0.75
const fewQuoted = 12

export const overQuoting: Rule = {
  finds: ({ body }) => {
    const layers = layersOf(body)
    const [quoted, own] = [quotedLines(layers).length, ownLines(layers).length]
    if (quoted <= fewQuoted || quoted / (quoted + own) <= mostShare) return undefined
    return `${Math.round((100 * quoted) / (quoted + own))} %`
  },
  mends: ({ body }) => {
    const layers = layersOf(body)
    return { body: bodyFrom({ ...layers, runs: shortened(layers.runs) }) }
  },
}

/** Lines of a quotation that are kept before each answer. */
const keptQuoted = 6
const omission = '> […]'

/** The end of each quotation, which is what the answer stands behind; a quotation that nothing follows goes. */
function shortened(runs: readonly Run[]): readonly Run[] {
  const answered = runs.findLastIndex((run, at) => ownWords(run, runs[at + 1]).length > 0)
  return runs.flatMap((run, at): readonly Run[] => {
    if (run.kind === 'own' || run.lines.length <= keptQuoted) return [run]
    if (at > answered && answered >= 0) return []
    // With nothing of one's own yet the beginning says more than the end.
    const lines =
      answered < 0
        ? [...run.lines.slice(0, keptQuoted), omission]
        : [omission, ...run.lines.slice(-keptQuoted)]
    return [{ kind: 'quote', lines }]
  })
}

export const nothingOwn: Rule = {
  finds: ({ body }) => {
    const layers = layersOf(body)
    const text = quotedLines(layers).length > 0 || layers.signature.length > 0
    return text && ownLines(layers).length === 0 ? '' : undefined
  },
}

/** So many quoted lines are looked up in so much of the parent, each by its beginning; characters. */
const mostLooked = 30
const mostOfParent = 100_000
const mostOfLine = 80
/** Shorter pieces may stand anywhere. */
const leastPiece = 12

const wordsOnly = (text: string): string => text.replace(/[\s>|]+/g, ' ').trim()

/** Words that the parent does not have are put into somebody's mouth. */
export const notInParent: Rule = {
  finds: ({ body, parent }) => {
    // What is not looked at may hold it.
    if (parent === undefined || parent.text.length > mostOfParent) return undefined
    const said = wordsOnly(parent.text)
    const quoted = quotedLines(layersOf(body)).slice(0, mostLooked)
    const strange = quoted.find(line => {
      const words = wordsOnly(line.slice(0, 2 * mostOfLine)).slice(0, mostOfLine)
      return (
        words.length >= leastPiece &&
        !words.includes('[…]') &&
        !words.includes('[...]') &&
        !said.includes(words)
      )
    })
    return strange?.replace(/^[> ]+/, '')
  },
}

/** A quoted signature. RFC 3676 4.3: it is not for quoting */
export const quotedSignature: Rule = {
  finds: ({ body }) => (body.split('\n').some(isQuotedMark) ? '' : undefined),
  mends: ({ body }) => {
    const kept: string[] = []
    let within = false
    for (const line of body.split('\n')) {
      within = isQuotedMark(line) || (within && isQuoted(line))
      if (!within) kept.push(line)
    }
    return { body: kept.join('\n') }
  },
}

const isQuotedMark = (line: string): boolean => /^>[> ]{0,20}-- ?$/.test(line)
