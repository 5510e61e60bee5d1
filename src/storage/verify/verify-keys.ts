/** Each key of `index` back to its article, and the values of `state` against their seals. */

import { unseal } from '../checksum.ts'
import type { Put } from '../database/store.ts'
import type { FrozenParts } from '../frozen.ts'
import {
  arrivalKey,
  arrivalOfKey,
  articleKey,
  groupOfKey,
  hashOfKey,
  indexTableOf,
  messageIdHash,
  numberKey,
  numberOfKey,
  readWide,
} from '../keys.ts'
import { decodeArrivalRow } from '../log/arrival-row.ts'
import { Block, blockSize } from '../overview/overview-block.ts'
import type { Arrival, ArrivalRow, GroupId } from '../reading.ts'
import type { Finding } from './finding.ts'
import { nameOf, type Slice } from './verify-articles.ts'

const keysAtOnce = 512

/** What the numbers of a group amount to. */
export interface Counted {
  count: number
  octets: number
  low: number
  high: number
}

export type Counts = Map<GroupId, Counted>

/** The next keys behind `after`. `counts` gathers the numbers of groups where all slices are of one moment. */
export async function verifyIndex(
  frozen: FrozenParts,
  { after, counts }: { readonly after?: Buffer | undefined; readonly counts?: Counts },
): Promise<Slice> {
  const range = { ...(after && { gt: after }), limit: keysAtOnce }
  const findings: Finding[] = []
  let checked = 0
  let last: Buffer | undefined
  for await (const pairs of frozen.index.iterate(range, keysAtOnce)) {
    findings.push(...(await leadingToRows(frozen, { pairs, ...(counts && { counts }) })))
    findings.push(...(await rowsOfLog(frozen, pairs)))
    for (const pair of pairs)
      if (indexTableOf(pair.key) === 'overview') findings.push(...(await lines(frozen, pair)))
    checked += pairs.length
    last = pairs.at(-1)?.key
  }
  return { findings, checked, last: checked < keysAtOnce ? undefined : last }
}

interface Leading {
  readonly pairs: readonly Put[]
  readonly counts?: Counts
}

/** History and numbers. */
async function leadingToRows(frozen: FrozenParts, { pairs, counts }: Leading): Promise<Finding[]> {
  const leading = pairs.filter(({ key }) => ['history', 'number'].includes(indexTableOf(key)))
  const arrivals = leading.map(({ value }) => (value.length === 8 ? readWide(value) : 0) as Arrival)
  const rows = await frozen.index.getMany(arrivals.map(arrivalKey))
  return leading.flatMap(({ key }, at) => {
    const arrival = arrivals[at] ?? (0 as Arrival)
    const value = rows[at]
    const row = value && decodeArrivalRow(arrival, value)
    if (row?.kind === 'article' && isAbout(key, row)) {
      if (counts && indexTableOf(key) === 'number') count(counts, key, row)
      return []
    }
    const isNumber = indexTableOf(key) === 'number'
    const name = isNumber ? `${nameOf(frozen, groupOfKey(key))}:${numberOfKey(key)}` : 'a message-ID'
    const text = `${name} leads to arrival ${arrival}, where its article is not`
    return [{ kind: isNumber ? 'number' : 'history', text, mend: { what: 'dangling', key, arrival } }]
  })
}

function isAbout(key: Buffer, { messageId, filings }: Pick<ArrivalRow, 'messageId' | 'filings'>): boolean {
  if (indexTableOf(key) === 'history') return hashOfKey(key) === messageIdHash(messageId)
  return filings.some(({ group, number }) => group === groupOfKey(key) && number === numberOfKey(key))
}

function count(counts: Counts, key: Buffer, { size }: ArrivalRow): void {
  const [group, number] = [groupOfKey(key), numberOfKey(key)]
  const counted = counts.get(group) ?? { count: 0, octets: 0, low: number, high: number }
  counted.count += 1
  counted.octets += size
  counted.low = Math.min(counted.low, number)
  counted.high = Math.max(counted.high, number)
  counts.set(group, counted)
}

/** Rows of articles have an article. */
async function rowsOfLog(frozen: FrozenParts, pairs: readonly Put[]): Promise<Finding[]> {
  const rows = pairs.filter(({ key }) => indexTableOf(key) === 'arrival')
  const [first, end] = [rows.at(0), rows.at(-1)]
  if (first === undefined || end === undefined) return []
  const present = new Set<number>()
  const range = { gte: articleKey(arrivalOfKey(first.key)), lte: articleKey(arrivalOfKey(end.key)) }
  for await (const keys of frozen.articles.keys(range)) for (const key of keys) present.add(readWide(key))
  return rows.flatMap(({ key, value }) => {
    const arrival = arrivalOfKey(key)
    const row = decodeArrivalRow(arrival, value)
    // A damaged one whose article is here was found with the article.
    if (present.has(arrival) || (row && row.kind !== 'article')) return []
    const text = `the row of arrival ${arrival} ${row ? 'is of an article that is not here' : 'is damaged'}`
    return [{ kind: 'row', text, mend: { what: 'dangling', key, arrival } }]
  })
}

/** Lines of overview have a number. */
async function lines(frozen: FrozenParts, { key, value }: Put): Promise<Finding[]> {
  const group = groupOfKey(key)
  const index = key.readUInt32BE(5)
  const name = nameOf(frozen, group)
  const block = Block.decode(index, value)
  if (block === undefined) {
    const number = index * blockSize + (key[9] ?? 0)
    return [
      { kind: 'overview', text: `${name}: a block is damaged`, mend: { what: 'overview', group, number } },
    ]
  }
  const present = new Set<number>()
  const [low, high] = [index * blockSize, index * blockSize + blockSize - 1]
  for await (const keys of frozen.index.keys({ gte: numberKey(group, low), lte: numberKey(group, high) }))
    for (const found of keys) present.add(numberOfKey(found))
  return block.rows().flatMap(({ number }) => {
    if (present.has(number)) return []
    const text = `${name}:${number} has a line and is no number`
    return [{ kind: 'overview' as const, text, mend: { what: 'overview' as const, group, number } }]
  })
}

/** Low, high, count and octets of each group against its numbers. */
export function verifyMarks({ groups }: FrozenParts, counts: Counts): Finding[] {
  return groups.flatMap(({ id, name, low, high, count, octets }) => {
    const found = counts.get(id) ?? { count: 0, octets: 0, low: high + 1, high: 0 }
    const right = found.count === count && found.octets === octets && found.low >= low && found.high <= high
    if (right) return []
    const text = `${name}: ${count} articles from ${low} to ${high} are said, ${found.count} are there`
    return [{ kind: 'marks' as const, text, mend: { what: 'marks' as const, group: id } }]
  })
}

/** The next values of `state` behind `after`: a damaged one cannot be made again. */
export async function verifyState({ state }: FrozenParts, after?: Buffer): Promise<Slice> {
  const findings: Finding[] = []
  let checked = 0
  let last: Buffer | undefined
  for await (const pairs of state.iterate({ ...(after && { gt: after }), limit: keysAtOnce }, keysAtOnce)) {
    for (const { key, value } of pairs) {
      if (unseal(value) !== undefined) continue
      const text = `a value of table "${String.fromCharCode(key[0] ?? 0)}" is damaged`
      findings.push({ kind: 'state', text, mend: { what: 'nothing' } })
    }
    checked += pairs.length
    last = pairs.at(-1)?.key
  }
  return { findings, checked, last: checked < keysAtOnce ? undefined : last }
}
