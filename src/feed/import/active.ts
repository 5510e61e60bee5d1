/** Groups of another server: its active file and its newsgroups list. RFC 3977 7.6.3, 7.6.6; RFC 6048 3.1 */
import { isReserved, type Newsgroup, parseNewsgroup } from '../../newsgroup.ts'
import { decodeDescription } from './description-charset.ts'

export interface ActiveGroup {
  readonly name: Newsgroup
  readonly high: number
  readonly low: number
  readonly status: string
  /** One line of UTF-8; absent where the list of descriptions lacks the group. */
  readonly description?: string
}

export type ActiveLine =
  | { readonly kind: 'group'; readonly group: ActiveGroup }
  | { readonly kind: 'bad'; readonly line: number; readonly text: string; readonly reason: string }

export interface ActiveFiles {
  /** Lines `name high low status`, as in INN's active file or in the answer to LIST ACTIVE. */
  readonly active: Buffer
  /** Lines `name TAB description` in any charset. Those of groups that `active` lacks are passed over. */
  readonly descriptions?: Buffer
}

/** One group or bad line for each line of the active file, in its order. */
export function* readActive(files: ActiveFiles): Generator<ActiveLine> {
  const descriptions = readDescriptions(files.descriptions ?? Buffer.alloc(0))
  const seen = new Set<string>()
  let line = 0
  for (const text of linesOf(files.active)) {
    line++
    // The lines around the list when it was saved from a session.
    if (text.trim() === '' || text === '.' || text.startsWith('#') || /^215 /.test(text)) continue
    const group = readGroup(text)
    const reason = typeof group === 'string' ? group : secondOf(group.name, seen)
    if (typeof group === 'string' || reason !== undefined) {
      yield { kind: 'bad', line, text, reason: reason ?? '' }
      continue
    }
    seen.add(group.name)
    const description = descriptions.get(group.name)
    yield { kind: 'group', group: description === undefined ? group : { ...group, description } }
  }
}

function secondOf(name: string, seen: ReadonlySet<string>): string | undefined {
  return seen.has(name) ? 'second line of this group' : undefined
}

/** RFC 3977 6: article numbers end here. */
const lastNumber = 2_147_483_647

/** The group, or what is wrong with the line. */
function readGroup(text: string): ActiveGroup | string {
  const [first = '', high = '', low = '', status = '', ...more] = text.split(/[ \t]+/)
  if (status === '' || more.length > 0) return 'expected: name high low status'
  const name = parseNewsgroup(first)
  if (name === undefined) return 'not a newsgroup name'
  if (isReserved(name)) return 'reserved name' // RFC 5536 3.1.4
  if (!/^\d+$/.test(high) || !/^\d+$/.test(low)) return 'marks are not numbers'
  if (Number(high) > lastNumber || Number(low) > lastNumber) return 'marks beyond 2147483647'
  if (!isStatus(status)) return 'unknown status'
  return { name, high: Number(high), low: Number(low), status }
}

function isStatus(status: string): boolean {
  return /^[ynmjx]$/.test(status) || (status.startsWith('=') && parseNewsgroup(status.slice(1)) !== undefined)
}

function readDescriptions(octets: Buffer): Map<string, string> {
  const descriptions = new Map<string, string>()
  for (const line of linesOf(octets)) {
    const end = line.search(/[ \t]/)
    if (end < 0) continue
    const name = line.slice(0, end)
    const text = decodeDescription(name, Buffer.from(line.slice(end), 'latin1'))
    // RFC 3977 7.6.6: one line of text.
    descriptions.set(name, text.replace(/\p{Cc}+/gu, ' ').trim())
  }
  return descriptions
}

/** Lines without their ends, one character an octet. */
function* linesOf(octets: Buffer): Generator<string> {
  let start = 0
  while (start < octets.length) {
    const lf = octets.indexOf(0x0a, start)
    const end = lf < 0 ? octets.length : lf
    yield octets.toString('latin1', start, octets[end - 1] === 0x0d ? end - 1 : end)
    start = end + 1
  }
}
