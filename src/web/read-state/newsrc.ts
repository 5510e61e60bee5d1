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

/** The last line of a group counts. Lines of options, which trn and rn write, are passed over. */
export function parseNewsrc(text: string): Newsrc {
  const lines = new Map<string, NewsrcLine>()
  let odd = 0
  for (const line of text.split(/\r?\n/, mostLines)) {
    if (line.trim() === '' || /^(?:options\b|[\t #])/.test(line)) continue
    const parsed = parseLine(line)
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
