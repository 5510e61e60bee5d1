/** The example dialogues of the RFCs, and whether an answer is the one an example shows, in code and shape. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export type Turn = readonly ['C' | 'S' | 'note', string]

export interface Dialogue {
  /** `RFC 3977 6.1.1.3/2`: the section and which of its examples, from 1. */
  readonly name: string
  readonly turns: readonly Turn[]
}

export function readDialogues(folder: string): Dialogue[] {
  const counts = new Map<string, number>()
  return readFileSync(join(folder, 'rfc-transcripts', 'transcripts.jsonl'), 'utf8')
    .split('\n')
    .filter(line => line !== '')
    .map(line => {
      const { rfc, section, turns } = JSON.parse(line)
      const place = `RFC ${rfc} ${section}`
      const count = (counts.get(place) ?? 0) + 1
      counts.set(place, count)
      return { name: `${place}/${count}`, turns }
    })
}

/** Codes that a block follows; 211 does behind LISTGROUP only. RFC 3977 3.2 */
const blockCodes = new Set(['100', '101', '215', '220', '221', '222', '224', '225', '230', '231'])

export function hasBlock(command: string, status: string): boolean {
  const code = status.slice(0, 3)
  return blockCodes.has(code) || (code === '211' && /^LISTGROUP/i.test(command))
}

/** What is fixed in a first line: the code, and the arguments that the RFCs define. Text and counts are not. */
export function statusShape(status: string): string {
  const [code = '', first = '', second = '', third = '', fourth = ''] = status.split(' ')
  switch (code) {
    case '111':
      return `111 ${first.replace(/\d/g, '#')}`
    case '211':
      // RFC 3977 6.1.1.2: three ways to say that it is empty.
      return first === '0' ? `211 empty ${fourth}` : `211 # ${second} ${third} ${fourth}`
    case '220':
    case '221':
    case '222':
    case '223':
      return second.startsWith('<') ? `${code} ${first} ${second}` : code
    case '238':
    case '239':
    case '431':
    case '438':
    case '439':
      return `${code} ${first}`
    default:
      return code
  }
}

const withoutZeros = (line: string) => line.replace(/ 0+(?=\d)/g, ' ')
const inColumns = (line: string) =>
  line
    .replace(/\|\n|\n(?=\|)/g, '|')
    .replace(/\n/g, ' ')
    .replaceAll('|', '\t')

type BlockRule = (expected: readonly string[], found: readonly string[]) => boolean

const has = (found: readonly string[], expected: readonly string[]) =>
  expected.every(line => found.includes(line))
const each =
  (pattern: RegExp): BlockRule =>
  (_, found) =>
    found.every(line => pattern.test(line))

/** Every line that the example shows is there, in a form that both have; other groups may be there too. */
const listed =
  (pattern: RegExp, form: (line: string) => string): BlockRule =>
  (expected, found) =>
    found.every(line => pattern.test(line)) && has(found.map(form), expected.map(form))

const activeForm = /^\S+ \d+ \d+ (?:[ynmjx]|=\S+)$/
const countsForm = /^\S+ \d+ \d+ \d+ (?:[ynmjx]|=\S+)$/
const label = /^[A-Z][A-Z0-9.-]{2,}( \S+)*$/
/** Our Path and Xref come before, and Path goes on where that of the example began. */
const original = (lines: readonly string[]) =>
  lines
    .filter(line => !line.startsWith('Xref: '))
    .map(line => line.replace(/^Path: \S*?(?=pathost!)/, 'Path: '))

const overview: BlockRule = (expected, found) => {
  const columns = expected.map(inColumns).every(line => line.split('\t').length >= 8)
  return columns && each(/^\d+(\t[^\t]*){5}\t\d+\t\d+\tXref: \S+( \S+:\d+)+$/)(expected, found)
}

const format: BlockRule = (expected, found) => {
  const known = expected.map(line => line.toLowerCase()).filter(line => line !== 'distribution:full')
  const older = (line: string) => line.toLowerCase().replace(/^:(bytes|lines)$/, '$1:')
  return known.map(older).join() === found.map(older).join()
}

/** What the block behind a command must have; exactly the lines of the example where there is no rule. */
const rules: readonly [RegExp, BlockRule][] = [
  [/^CAPABILITIES/, (_, found) => found[0] === 'VERSION 2' && found.every(line => label.test(line))],
  [/^HELP/, each(/\S/)],
  [/^LIST$|^LIST ACTIVE(?: |$)|^NEWGROUPS/, listed(activeForm, withoutZeros)],
  [/^LIST ACTIVE\.TIMES/, listed(/^\S+ \d+ \S.*$/, line => line)],
  [/^LIST COUNTS/, listed(countsForm, line => withoutZeros(line).replace(/\d+ (\S+)$/, '$1'))],
  [/^LIST NEWSGROUPS/, listed(/^\S+\t\S.*$/, line => line.replace(/[ \t]+/, ' '))],
  [/^LIST OVERVIEW.FMT/, format],
  [/^LIST HEADERS/, each(/^(?:[A-Za-z][\w-]*|:[\w-]*)$/)],
  [/^NEWNEWS/, (expected, found) => has(found, expected)],
  [/^OVER/, overview],
  [/^HDR \S+ </, (expected, found) => expected.join() === found.join()],
  [/^HDR/, each(/^\d+ .*$/)],
  [
    /^(?:ARTICLE|HEAD|BODY)/,
    (expected, found) => original(expected).join('\n') === original(found).join('\n'),
  ],
]

export function isBlockAlike(
  command: string,
  expected: readonly string[],
  found: readonly string[],
): boolean {
  const rule = rules.find(([pattern]) => pattern.test(command.toUpperCase()))?.[1]
  return rule === undefined ? expected.join('\n') === found.join('\n') : rule(expected, found)
}
