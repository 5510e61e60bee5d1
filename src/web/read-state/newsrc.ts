/** The file in which newsreaders keep what was read: a line a group, `group: 1-5,7`, or `!` where it is not wanted. newsrc(5) */
import { type Newsgroup, parseNewsgroup } from '../../newsgroup.ts'
import { formatRanges, type NumberRanges, parseRanges } from './number-ranges.ts'

export interface NewsrcLine {
  readonly group: Newsgroup
  readonly wanted: boolean
  readonly read: NumberRanges
}

export interface Newsrc {
  readonly lines: readonly NewsrcLine[]
  /** Lines that say nothing of a group. */
  readonly odd: number
}

const mostLines = 200_000
/** Characters of a line: some ten thousand ranges. */
const longestLine = 200_000

/**
 * The last line of a group counts. Lines of options, which trn and rn write, are passed over. A step is a line, for
 * whoever has others to look after meanwhile.
 */
export function* newsrcSteps(text: string): Generator<void, Newsrc> {
  const lines = new Map<string, NewsrcLine>()
  let odd = 0
  let end = 0
  for (let start = 0, at = 0; start < text.length && at < mostLines; start = end + 1, at++) {
    yield
    const found = text.indexOf('\n', start)
    end = found < 0 ? text.length : found
    const line = text.slice(start, end).replace(/\r$/, '')
    if (/^(?:options\b|[\t #]|\s*$)/.test(line)) continue
    const parsed = line.length > longestLine ? undefined : parseLine(line)
    if (parsed === undefined) odd++
    else lines.set(parsed.group, parsed)
  }
  return { lines: [...lines.values()], odd }
}

function parseLine(line: string): NewsrcLine | undefined {
  const end = line.search(/[:!]/)
  if (end < 0) return undefined
  const group = parseNewsgroup(line.slice(0, end).trim())
  const read = parseRanges(line.slice(end + 1))
  return group && read && { group, wanted: line.charAt(end) === ':', read }
}

export function formatNewsrc(lines: Iterable<NewsrcLine>): string {
  let text = ''
  for (const { group, wanted, read } of lines) {
    const ranges = formatRanges(read)
    text += `${group}${wanted ? ':' : '!'}${ranges === '' ? '' : ` ${ranges}`}\n`
  }
  return text
}
