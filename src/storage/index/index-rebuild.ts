/**
 * Makes `index` again from `articles` and `state`: history, numbers, overview and the log rows of articles. Rows of
 * the log that had no article (group changes, cancels) are not in them and stay away; consumers pass over the gap.
 */
import type { Log } from '../../log.ts'
import { seal, unseal } from '../checksum.ts'
import type { Store, Stores } from '../database/store.ts'
import { Checkpointer } from '../journal/checkpoint.ts'
import type { Journal } from '../journal/journal.ts'
import { allArticles, marksKey, wholeKey } from '../keys.ts'
import type { GroupId } from '../reading.ts'
import { type Active, encodeMarks, type GroupState } from '../state/active.ts'
import { IndexContents, type Present } from './index-contents.ts'

/** Of the layout of `index`: another one is made again. */
const layout = seal(Buffer.of(3))

/** Whether everything that belongs into it is there, but for what the journal still has. */
export async function isWhole(index: Store): Promise<boolean> {
  const value = await index.get(wholeKey)
  return value !== undefined && unseal(value) !== undefined && value.equals(layout)
}

export interface Making {
  readonly stores: Stores
  readonly journal: Journal
  /** Counts that turn out wrong are set right in it. */
  readonly active: Active
  readonly log: Log
  /** Told of the articles that are in it so far. */
  readonly progress?: ((articles: number) => void) | undefined
  readonly signal?: AbortSignal
}

/** Articles that are worked on at once: few enough that nobody who is served meanwhile notices. */
const articlesAtOnce = 128

/**
 * The index is empty, but for rows of the log that the journal had, and nothing is committed meanwhile. Counts in
 * `state` that differ afterwards are set right: an article whose checksum does not hold is not counted, and may be
 * offered again. Rejects where `signal` aborts or a database fails; the next start begins anew then.
 */
export async function makeIndex(making: Making): Promise<void> {
  const { stores, journal, log } = making
  const contents = await IndexContents.over(stores.index)
  await fill(contents, making)
  const { articles, damaged } = contents
  await correctMarks(making, contents.groups)
  if (articles > 0) await settle(stores, journal)
  await stores.index.batch([{ key: wholeKey, value: layout }])
  if (articles > 0 || damaged > 0) log.info({ articles, damaged }, 'index made')
}

/** The disk has one batch to write and one to read while the next is worked on. */
async function fill(contents: IndexContents, { stores, log, progress, signal }: Making): Promise<void> {
  const { index, articles } = stores
  let writing = Promise.resolve()
  try {
    for await (const pairs of readAhead(articles.iterate(allArticles, articlesAtOnce))) {
      signal?.throwIfAborted()
      if (contents.articles === 0)
        log.warn({}, 'the index is missing or not whole: making it from the articles')
      const changes = await contents.add(pairs)
      await writing
      writing = index.batch([...changes, ...(await contents.blocks.takeFull())])
      writing.catch(() => {})
      progress?.(contents.articles)
    }
  } finally {
    await writing
  }
  await index.batch(await contents.blocks.takeAll())
}

async function* readAhead<T>(source: AsyncIterable<T>): AsyncGenerator<T> {
  const iterator = source[Symbol.asyncIterator]()
  const read = () => {
    const item = iterator.next()
    item.catch(() => {})
    return item
  }
  let next = read()
  try {
    for (let item = await next; item.done !== true; item = await next) {
      next = read()
      yield item.value
    }
  } finally {
    await next.catch(() => {})
    await iterator.return?.()
  }
}

/**
 * Before the mark: after a power cut it must not be all that is left of the index. And the journal must not have the
 * old rows any more, because the next replay would put them beside the blocks made here.
 */
async function settle(stores: Stores, journal: Journal): Promise<void> {
  const result = await new Checkpointer(stores, journal).run(journal.sequence)
  if (!result.ok) throw result.causes[0] ?? new Error('the index could not be written to disk')
}

async function correctMarks(
  { stores, journal, active, log }: Making,
  present: ReadonlyMap<GroupId, Present>,
): Promise<void> {
  const wrong: GroupState[] = []
  for (const group of active.all()) {
    const right = corrected(group, present.get(group.id))
    if (right === group) continue
    log.warn({ group: group.name, counted: group.count, found: right.count }, 'count of a group set right')
    wrong.push(right)
  }
  if (wrong.length === 0) return
  const changes = wrong.map(right => ({
    database: 'state' as const,
    key: marksKey(right.id),
    value: encodeMarks(right),
  }))
  await journal.append([changes])
  await stores.state.batch(changes)
  active.publish(wrong)
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
