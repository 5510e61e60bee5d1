/** Each article against its checksum and against all that should lead to it. */
import { overviewLine } from '../../overview-line.ts'
import { decodeRecord, type StoredRecord } from '../article/record.ts'
import { articleIn, xrefIn } from '../article/stored-article.ts'
import type { FrozenParts } from '../frozen.ts'
import { allArticles, arrivalKey, goneKey, historyKey, messageIdHash, numberKey, readWide } from '../keys.ts'
import { decodeArrivalRow } from '../log/arrival-row.ts'
import { readBlock } from '../overview/overview.ts'
import { blockOf, type Row } from '../overview/overview-block.ts'
import type { Arrival, GroupId } from '../reading.ts'
import type { Finding, FindingKind } from './finding.ts'

export interface Slice {
  readonly findings: readonly Finding[]
  readonly checked: number
  /** The last key looked at; undefined at the end, which is not run after when it moves. */
  readonly last: Buffer | undefined
}

export const articlesAtOnce = 64

/** The next articles behind the key `after`. */
export async function verifyArticles(frozen: FrozenParts, after?: Buffer): Promise<Slice> {
  const range = { ...allArticles, ...(after && { gt: after }), limit: articlesAtOnce }
  const blocks = new Blocks(frozen)
  const findings: Finding[] = []
  let checked = 0
  let last: Buffer | undefined
  for await (const pairs of frozen.articles.iterate(range, articlesAtOnce))
    for (const { key, value } of pairs) {
      findings.push(...(await faultsOf(readWide(key) as Arrival, value, { frozen, blocks })))
      checked += 1
      last = key
    }
  return { findings, checked, last: checked < articlesAtOnce ? undefined : last }
}

interface Looking {
  readonly frozen: FrozenParts
  readonly blocks: Blocks
}

async function faultsOf(arrival: Arrival, value: Buffer, looking: Looking): Promise<Finding[]> {
  const stored = decodeRecord(value)
  if (stored === undefined || articleIn(stored) === undefined) {
    const text = `article ${arrival}: its checksum does not hold`
    return [{ kind: 'article', text, mend: { what: 'quarantine', arrival } }]
  }
  const wrong = [...(await pathsTo(arrival, stored, looking)), ...(await overviewOf(stored, looking))]
  return wrong.map(([kind, text]) => ({ kind, text, mend: { what: 'article', arrival } }))
}

type Wrong = readonly [FindingKind, string]

/** RFC 3977 6: by message-ID, by number and in the log it is the same article. */
async function pathsTo(arrival: Arrival, stored: StoredRecord, { frozen }: Looking): Promise<Wrong[]> {
  const { messageId, filings } = stored
  const hash = messageIdHash(messageId)
  const numbers = filings.map(({ group, number }) => numberKey(group, number))
  const [[known, row, ...places], gone] = await Promise.all([
    frozen.index.getMany([historyKey(hash), arrivalKey(arrival), ...numbers]),
    frozen.state.get(goneKey(hash)),
  ])
  const wrong: Wrong[] = []
  if (!leadsTo(known, arrival)) wrong.push(['history', `${messageId} does not lead to article ${arrival}`])
  if (gone !== undefined) wrong.push(['state', `${messageId} is here and said to be gone`])
  const decoded = row && decodeArrivalRow(arrival, row)
  const same = decoded?.messageId === messageId && JSON.stringify(decoded.filings) === JSON.stringify(filings)
  if (!same) wrong.push(['row', `the row of article ${arrival} is missing, damaged or another's`])
  for (const [at, { group, number }] of filings.entries())
    if (!leadsTo(places[at], arrival))
      wrong.push(['number', `${nameOf(frozen, group)}:${number} does not lead to article ${arrival}`])
  return wrong
}

const leadsTo = (value: Buffer | undefined, arrival: Arrival): boolean =>
  value?.length === 8 && readWide(value) === arrival

/** RFC 3977 8.3.2: what OVER says is what the article has. */
async function overviewOf(stored: StoredRecord, { frozen, blocks }: Looking): Promise<Wrong[]> {
  const article = articleIn(stored)
  if (article === undefined) return []
  const xref = xrefIn(stored)
  const wrong: Wrong[] = []
  for (const { group, number } of stored.filings) {
    const line = await blocks.line(group, number)
    if (line?.equals(overviewLine({ article, number, xref }))) continue
    wrong.push(['overview', `the line of ${nameOf(frozen, group)}:${number} is missing or differs`])
  }
  return wrong
}

export const nameOf = ({ groups }: FrozenParts, id: GroupId): string =>
  groups.find(group => group.id === id)?.name ?? `group ${id}`

/** Blocks that were read, as long as a slice lasts. */
class Blocks {
  readonly #frozen: FrozenParts
  readonly #read = new Map<string, ReadonlyMap<number, Buffer>>()

  constructor(frozen: FrozenParts) {
    this.#frozen = frozen
  }

  async line(group: GroupId, number: number): Promise<Buffer | undefined> {
    const block = blockOf(number)
    const name = `${group}/${block}`
    let lines = this.#read.get(name)
    if (lines === undefined) {
      const { rows } = await readBlock(this.#frozen.index, group, block)
      lines = new Map(rows.map(({ number: at, line }: Row) => [at, line]))
      this.#read.set(name, lines)
    }
    return lines.get(number)
  }
}
