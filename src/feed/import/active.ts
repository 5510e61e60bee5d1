/** Groups of another server: its active file and its newsgroups list. RFC 3977 7.6.3, 7.6.6; RFC 6048 3.1 */
import { isReserved, type Newsgroup, parseNewsgroup } from '../../newsgroup.ts'
import type { GroupEntry } from '../../storage/entry.ts'
import { decodeDescription } from './description-charset.ts'

export type ActiveLine =
  | { readonly kind: 'group'; readonly entry: GroupEntry }
  | { readonly kind: 'bad'; readonly line: number; readonly text: string; readonly reason: string }

export interface ActiveOptions {
  /** Lines `name high low status`, as in INN's active file or in the answer to LIST ACTIVE. */
  readonly active: Buffer
  /** Lines `name TAB description` in any charset. Those of groups that `active` lacks are passed over. */
  readonly descriptions?: Buffer
  /** Seconds since 1970, for the entries. */
  readonly time: number
  readonly creator?: string
}

/** One group or bad line for each line of the active file, in its order. */
export function* importActive(options: ActiveOptions): Generator<ActiveLine> {
  const descriptions = readDescriptions(options.descriptions ?? Buffer.alloc(0))
  const seen = new Set<string>()
  let line = 0
  for (const text of linesOf(options.active)) {
    line++
    // The lines around the list when it was saved from a session.
    if (text === '' || text === '.' || text.startsWith('#') || /^215 /.test(text)) continue
    const row = readRow(text)
    const reason =
      typeof row === 'string' ? row : seen.has(row.name) ? 'second line of this group' : undefined
    if (typeof row === 'string' || reason !== undefined) {
      yield { kind: 'bad', line, text, reason: reason ?? '' }
      continue
    }
    seen.add(row.name)
    const creator = options.creator ?? ''
    const common = { kind: 'group', action: 'add', time: options.time, source: 'import', creator } as const
    yield { kind: 'group', entry: { ...common, ...row, description: descriptions.get(row.name) ?? '' } }
  }
}

interface Row {
  readonly name: Newsgroup
  readonly high: number
  readonly low: number
  readonly status: string
}

/** RFC 3977 6: article numbers end here. */
const lastNumber = 2_147_483_647

/** The row, or what is wrong with it. */
function readRow(text: string): Row | string {
  const [first = '', high = '', low = '', status = '', ...more] = text.split(/[ \t]+/)
  if (status === '' || more.length > 0) return 'expected "name high low status"'
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
