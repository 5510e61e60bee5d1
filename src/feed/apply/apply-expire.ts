/** Step 6 for expiry: what the rules let go leaves all its groups in one commit. RFC 3977 6.1.1.2, RFC 5537 3.6 */

import type { Draft } from '../../storage/commit/draft.ts'
import type { ExpireEntry, ForgetEntry, Outcome } from '../../storage/entry.ts'
import { arrivalKey, doneKey, goneKey } from '../../storage/keys.ts'
import { encodeArrivalRow } from '../../storage/log/arrival-row.ts'
import type { ArrivalRow, GroupId } from '../../storage/reading.ts'
import { decodeGone } from '../../storage/state/gone.ts'
import { type Holding, isDue } from '../expire/due.ts'
import { removeArticles } from './remove-article.ts'

interface Going {
  readonly row: ArrivalRow
  readonly date: number
}

export async function applyExpire(entry: ExpireEntry, draft: Draft): Promise<Outcome> {
  const going = await stillDue(entry, draft)
  if (going.length === 0) return { kind: 'duplicate' }
  await removeArticles(
    going.map(({ row }) => row),
    draft,
  )
  const horizon = Math.min(entry.horizon, draft.horizon.horizon)
  for (const { row, date } of going) {
    if (row.messageId === '') continue
    // RFC 5537 3.6: what the age limit refuses need not be remembered.
    if (date < horizon) draft.drop(row.messageId)
    else draft.forget(row.messageId, { time: entry.time, why: 'expired', date })
    if (row.arrival > entry.passed) keepRow(row, draft)
  }
  return announce(entry, going, draft)
}

/** Whoever has not come so far in the log shall see that there was something. */
function keepRow({ expires: _, ...row }: ArrivalRow, draft: Draft): void {
  draft.put('index', arrivalKey(row.arrival), encodeArrivalRow({ ...row, kind: 'expire' }))
  draft.put('index', doneKey(row.arrival), Buffer.alloc(0))
}

function announce(entry: ExpireEntry, going: readonly Going[], draft: Draft): Outcome {
  const filings = going.flatMap(({ row }) => row.filings)
  const arrival = draft.announce({
    kind: 'expire',
    time: entry.time,
    source: entry.source,
    messageId: '',
    filings,
    path: [],
    distributions: [],
    size: 0,
    localOnly: true,
    control: false,
  })
  draft.put('index', doneKey(arrival), Buffer.alloc(0))
  return { kind: 'stored', arrival, filings }
}

/** Articles that changed in this commit group wait for another turn. */
async function stillDue(entry: ExpireEntry, draft: Draft): Promise<readonly Going[]> {
  const found = await Promise.all(
    entry.articles.map(async ({ arrival, date }) => ({ row: await draft.row(arrival), date })),
  )
  const present = found.flatMap(({ row, date }) => (row?.kind === 'article' ? [{ row, date }] : []))
  await draft.prefetch(present.map(({ row }) => row.messageId))
  const leaving = new Leaving(draft)
  const going: Going[] = []
  for (const { row, date } of present) {
    if (row.messageId === '' || draft.touched(row.messageId)) continue
    const known = await draft.known(row.messageId)
    const here = known !== undefined && known !== 'gone' && known.have === row.arrival
    if (!here || !isDue(row, entry, group => leaving.holding(group))) continue
    leaving.add(row)
    going.push({ row, date })
  }
  return going
}

/** What the groups hold without the articles of this entry that are going. */
class Leaving {
  readonly #draft: Draft
  readonly #left = new Map<GroupId, { count: number; octets: number }>()

  constructor(draft: Draft) {
    this.#draft = draft
  }

  holding(id: GroupId): Holding | undefined {
    const group = this.#draft.groupWithId(id)
    const left = this.#left.get(id)
    if (group === undefined || left === undefined) return group
    return { name: group.name, count: group.count - left.count, octets: group.octets - left.octets }
  }

  add({ filings, size }: ArrivalRow): void {
    for (const { group } of filings) {
      const { count, octets } = this.#left.get(group) ?? { count: 0, octets: 0 }
      this.#left.set(group, { count: count + 1, octets: octets + size })
    }
  }
}

/** The ids whose date the age limit has passed; the others stay. */
export async function forgetIds(entry: ForgetEntry, draft: Draft): Promise<void> {
  const horizon = Math.min(entry.horizon, draft.horizon.horizon)
  const keys = entry.hashes.map(goneKey)
  const values = await Promise.all(keys.map(key => draft.get('state', key)))
  for (const [at, key] of keys.entries()) {
    const value = values[at]
    const gone = value && decodeGone(value)
    if (gone && gone.date < horizon) draft.delete('state', key)
  }
}
