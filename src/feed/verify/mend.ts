/** Puts right what a verification found, in a turn of the writer: everything is looked at again first. */
import { overviewLine } from '../../overview-line.ts'
import { decodeRecord } from '../../storage/article/record.ts'
import { articleIn, expiresOf, xrefIn } from '../../storage/article/stored-article.ts'
import type { Draft } from '../../storage/commit/draft.ts'
import { rowOf } from '../../storage/index/index-contents.ts'
import {
  arrivalKey,
  articleKey,
  expiresKey,
  goneKey,
  groupOfKey,
  hashOfKey,
  indexTableOf,
  messageIdHash,
  numberOfKey,
  quarantineKey,
  readWide,
  wideValue,
} from '../../storage/keys.ts'
import type { Arrival, GroupId } from '../../storage/reading.ts'
import type { Storage } from '../../storage/storage.ts'
import type { Finding, Mend } from '../../storage/verify/finding.ts'
import { removeArticles } from '../apply/remove-article.ts'

/** False where there is nothing to make it from. Rejects where the repair could not be written. */
export async function mend({ mend: way }: Finding, storage: Storage): Promise<boolean> {
  if (way.what === 'nothing') return false
  if (way.what === 'marks') return storage.turn(draft => countAgain(way.group, storage, draft))
  return storage.turn(draft => repair(way, draft))
}

async function repair(way: Exclude<Mend, { what: 'nothing' | 'marks' }>, draft: Draft): Promise<boolean> {
  switch (way.what) {
    case 'article':
      return leadTo(way.arrival, draft)
    case 'quarantine':
      return quarantine(way.arrival, draft)
    case 'dangling':
      return cut(way, draft)
    case 'overview': {
      // What a block cannot tell is read from its articles; a line without a number goes.
      await draft.overview.remove(way.group, way.number)
      const arrival = await draft.numbers.arrivalOf(way.group, way.number)
      return arrival === undefined ? true : leadTo(arrival, draft)
    }
  }
}

/** History, numbers, the row of the log and overview as the article says. */
async function leadTo(arrival: Arrival, draft: Draft): Promise<boolean> {
  const value = await draft.get('articles', articleKey(arrival))
  const stored = value && decodeRecord(value)
  const article = stored && articleIn(stored)
  if (stored === undefined || article === undefined) return false
  const { messageId, filings } = stored
  draft.remember(messageId, arrival)
  draft.delete('state', goneKey(messageIdHash(messageId)))
  const row = await draft.row(arrival)
  if (row?.messageId !== messageId || JSON.stringify(row.filings) !== JSON.stringify(filings)) {
    draft.put('index', arrivalKey(arrival), rowOf(stored, article))
    draft.amended.push(arrival)
  }
  const expires = expiresOf(article)
  if (expires !== undefined) draft.put('index', expiresKey(arrival), wideValue(expires))
  const xref = xrefIn(stored)
  for (const { group, number } of filings) {
    draft.numbers.put(group, number, arrival)
    await draft.overview.replace(group, number, overviewLine({ article, number, xref }))
  }
  return true
}

/** 430 from now on; its id is as if it had never come, so that a peer may bring it again. Its octets are set aside. */
async function quarantine(arrival: Arrival, draft: Draft): Promise<boolean> {
  const value = await draft.get('articles', articleKey(arrival))
  if (value === undefined || decodeRecord(value) !== undefined) return true
  draft.put('articles', quarantineKey(arrival), value)
  const row = await draft.row(arrival)
  // What leads to it is found as dangling by another look where no row tells.
  if (row === undefined) draft.deleteArticle({ arrival })
  else {
    await removeArticles([row], draft)
    if (row.messageId !== '') draft.drop(row.messageId)
  }
  return true
}

/** Only what still leads nowhere. */
async function cut({ key, arrival }: Extract<Mend, { what: 'dangling' }>, draft: Draft): Promise<boolean> {
  const value = await draft.get('articles', articleKey(arrival))
  const stored = value && decodeRecord(value)
  const table = indexTableOf(key)
  // Another repair was faster, and the article was brought again.
  if (table === 'history' && (await leadsElsewhere(key, arrival, draft))) return true
  if (stored === undefined) {
    await takeOut(key, draft)
    return true
  }
  const { messageId, filings } = stored
  const right =
    table === 'history'
      ? messageIdHash(messageId) === hashOfKey(key)
      : table !== 'number' ||
        filings.some(({ group, number }) => group === groupOfKey(key) && number === numberOfKey(key))
  if (right) return leadTo(arrival, draft)
  await takeOut(key, draft)
  return true
}

async function leadsElsewhere(key: Buffer, arrival: Arrival, draft: Draft): Promise<boolean> {
  const value = await draft.get('index', key)
  return value?.length === 8 && readWide(value) !== arrival
}

async function takeOut(key: Buffer, draft: Draft): Promise<void> {
  const table = indexTableOf(key)
  // Nothing in memory may say of such an id that its article is here, or nobody could bring it again.
  if (table === 'history') draft.dropHash(hashOfKey(key))
  else if (table !== 'number') draft.delete('index', key)
  else {
    draft.numbers.remove(groupOfKey(key), numberOfKey(key))
    await draft.overview.remove(groupOfKey(key), numberOfKey(key))
  }
}

/** RFC 3977 6.1.1.2: low never decreases, nor does high. */
async function countAgain(id: GroupId, { retention }: Storage, draft: Draft): Promise<boolean> {
  const group = draft.groupWithId(id)
  if (group === undefined) return false
  let [count, octets, lowest, highest] = [0, 0, group.high + 1, 0]
  for await (const filed of retention.filed(id, { low: 0, high: 2 ** 31 - 1 }))
    for (const { number, row } of filed) {
      count += 1
      octets += row.size
      lowest = Math.min(lowest, number)
      highest = Math.max(highest, number)
    }
  const high = Math.max(group.high, highest)
  const low = count === 0 ? high + 1 : Math.max(group.low, lowest)
  draft.setGroup({ ...group, count, octets, low, high })
  return true
}
