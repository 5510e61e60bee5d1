/**
 * Makes `index` again from `articles` and `state`: history, numbers, overview and the log rows of articles. Rows of
 * the log that had no article (group changes, cancels) are not in them and stay away; consumers pass over the gap.
 */
import type { Log } from '../log.ts'
import { parseDistributions } from '../newsgroup.ts'
import { overviewLine } from '../overview-line.ts'
import { parsePath } from '../path.ts'
import { Active, encodeMarks, type GroupState } from './active.ts'
import { encodeArrivalRow } from './arrival-row.ts'
import { Checkpointer } from './checkpoint.ts'
import { seal, unseal } from './checksum.ts'
import type { Journal } from './journal.ts'
import {
  allArticles,
  arrivalKey,
  expiresKey,
  historyKey,
  marksKey,
  messageIdHash,
  numberKey,
  readWide,
  wholeKey,
  wideValue,
} from './keys.ts'
import { BlockBuilder } from './overview-builder.ts'
import type { Arrival, GroupId } from './reading.ts'
import { decodeRecord, type StoredRecord } from './record.ts'
import type { Change, Put, Store, Stores } from './store.ts'
import { articleIn, expiresOf, xrefIn } from './stored-article.ts'

/** Of the layout of `index`: another one is made again. */
const layout = seal(Buffer.of(3))

/** Whether everything that belongs into it is there, but for what the journal still has. */
export async function isWhole(index: Store): Promise<boolean> {
  const value = await index.get(wholeKey)
  return value !== undefined && unseal(value) !== undefined && value.equals(layout)
}

/** Takes out what is there, so that nothing old or half made stays. */
export async function clearIndex(index: Store): Promise<void> {
  for await (const keys of index.keys({}, 4096))
    await index.batch(keys.map(key => ({ key, value: undefined })))
}

interface Rebuilding {
  readonly stores: Stores
  readonly journal: Journal
  readonly log: Log
  readonly progress?: ((articles: number) => void) | undefined
}

interface Present {
  count: number
  octets: number
  low: number
  high: number
}

/**
 * The index is empty, but for rows of the log that the journal had. Counts in `state` that differ afterwards are
 * set right: an article whose checksum does not hold is not counted, and may be offered again.
 */
export async function rebuildIndex({ stores, journal, log, progress }: Rebuilding): Promise<void> {
  const groups = new Map<GroupId, Present>()
  const blocks = new BlockBuilder(stores.index)
  let articles = 0
  let damaged = 0
  for await (const pairs of stores.articles.iterate(allArticles, 64)) {
    if (articles === 0) log.warn({}, 'the index is missing or not whole: making it from the articles')
    const changes = await Promise.all(pairs.map(pair => indexOf(pair, stores.index, { groups, blocks })))
    articles += changes.filter(made => made !== undefined).length
    damaged += changes.filter(made => made === undefined).length
    await stores.index.batch(changes.flatMap(made => made ?? []))
    await blocks.writeWhereDue()
    progress?.(articles)
  }
  await blocks.writeAll()
  await correctMarks({ stores, journal, log }, groups)
  if (articles > 0) await settle(stores, journal)
  await stores.index.batch([{ key: wholeKey, value: layout }])
  if (articles > 0 || damaged > 0) log.info({ articles, damaged }, 'index made')
}

/**
 * Before the mark: after a power cut it must not be all that is left of the index. And the journal must not have the
 * old rows any more, because the next replay would put them beside the blocks made here.
 */
async function settle(stores: Stores, journal: Journal): Promise<void> {
  const result = await new Checkpointer(stores, journal).run(journal.sequence)
  if (!result.ok) throw result.causes[0] ?? new Error('the index could not be written to disk')
}

interface Collected {
  readonly groups: Map<GroupId, Present>
  readonly blocks: BlockBuilder
}

/** Undefined where the article is damaged. */
async function indexOf(
  { key, value }: Put,
  index: Store,
  collected: Collected,
): Promise<Change[] | undefined> {
  const stored = decodeRecord(value)
  const article = stored && articleIn(stored)
  if (stored === undefined || article === undefined) return undefined
  const arrival = readWide(key) as Arrival
  const xref = xrefIn(stored)
  for (const { group, number } of stored.filings) {
    collected.blocks.add(group, number, overviewLine({ article, number, xref }))
    const present = collected.groups.get(group) ?? { count: 0, octets: 0, low: number, high: number }
    present.count += 1
    present.octets += article.wire.length
    present.low = Math.min(present.low, number)
    present.high = Math.max(present.high, number)
    collected.groups.set(group, present)
  }
  const changes: Change[] = stored.filings.map(({ group, number }) => ({
    key: numberKey(group, number),
    value: wideValue(arrival),
  }))
  changes.push({ key: historyKey(messageIdHash(stored.messageId)), value: wideValue(arrival) })
  // The journal had the row as it was, amendments included.
  if ((await index.get(arrivalKey(arrival))) === undefined)
    changes.push({ key: arrivalKey(arrival), value: rowOf(stored, article) })
  const expires = expiresOf(article)
  if (expires !== undefined) changes.push({ key: expiresKey(arrival), value: wideValue(expires) })
  return changes
}

/** The row of the log as the article itself gives it. */
export function rowOf(stored: StoredRecord, article: NonNullable<ReturnType<typeof articleIn>>): Buffer {
  const expires = expiresOf(article)
  return encodeArrivalRow({
    kind: 'article',
    time: stored.time,
    source: stored.source,
    messageId: stored.messageId,
    filings: stored.filings,
    path: parsePath(article.header('Path') ?? '').identities,
    distributions: parseDistributions(article.header('Distribution') ?? ''),
    size: article.wire.length,
    localOnly: stored.localOnly,
    control: stored.control,
    ...(expires !== undefined && { expires }),
  })
}

async function correctMarks(
  { stores, journal, log }: Rebuilding,
  present: Map<GroupId, Present>,
): Promise<void> {
  const active = await Active.load(stores.state)
  const changes = active.all().flatMap(group => {
    const right = corrected(group, present.get(group.id))
    if (right === group) return []
    log.warn({ group: group.name, counted: group.count, found: right.count }, 'count of a group set right')
    return [{ database: 'state' as const, key: marksKey(group.id), value: encodeMarks(right) }]
  })
  if (changes.length === 0) return
  await journal.append([changes])
  await stores.state.batch(changes)
}

/** Marks only move up. RFC 3977 6.1.1.2 */
function corrected(group: GroupState, present: Present | undefined): GroupState {
  if (present === undefined && group.count === 0) return group
  if (
    present?.count === group.count &&
    present.octets === group.octets &&
    present.low >= group.low &&
    present.high <= group.high
  )
    return group
  const { count, octets, low, high } = present ?? {
    count: 0,
    octets: 0,
    low: group.high + 1,
    high: group.high,
  }
  return { ...group, count, octets, low: Math.max(low, group.low), high: Math.max(high, group.high) }
}
