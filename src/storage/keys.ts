/** Keys of the three databases: one table letter, then fixed-width big-endian numbers or a fixed-width hash. */
import { hash } from 'node:crypto'
import { seal } from './checksum.ts'
import type { Arrival, GroupId } from './reading.ts'

const letter = (text: string) => text.charCodeAt(0)

/** Tables of `index`: what can be made again from the other two databases. */
const historyTable = letter('h')
const numberTable = letter('n')
const overviewTable = letter('o')
const arrivalTable = letter('a')
const wholeTable = letter('w')
const expiresTable = letter('e')
const doneTable = letter('d')
const searchTable = letter('s')
const searchBlockTable = letter('b')
/** Tables of `state`: what nothing else tells. */
const groupTable = letter('g')
const marksTable = letter('m')
const goneTable = letter('x')
const cancelTable = letter('l')
const cancelSlotTable = letter('s')
const placeTable = letter('p')
const mailTable = letter('q')
const heldTable = letter('r')
const noteTable = letter('t')
const shelfTable = letter('v')
const counterTable = letter('c')
const accountTable = letter('u')
const certificateTable = letter('k')

/**
 * Sixteen octets that stand for a message-ID, one character an octet: two ids never share them, and an attacker
 * cannot choose them.
 */
export function messageIdHash(id: string): string {
  // Ids are ASCII, but for what somebody asks for; a string is hashed without a buffer, but as UTF-8.
  const octets = /[^\0-\x7f]/.test(id) ? Buffer.from(id, 'latin1') : id
  return hash('sha256', octets, 'binary').slice(0, hashLength)
}

const textHash = (text: string): string => hash('sha256', text, 'binary').slice(0, hashLength)

/** Of a message-ID, octets. */
export const hashLength = 16

/**
 * Four of the sixteen octets as a signed number of 32 bits, which is no object in V8; those at 0, 4, 8 and 12 are
 * independent of each other.
 */
export const hashWord = (hash: string, at: number): number =>
  (hash.charCodeAt(at) << 24) |
  (hash.charCodeAt(at + 1) << 16) |
  (hash.charCodeAt(at + 2) << 8) |
  hash.charCodeAt(at + 3)

function hashed(table: number, hash: string): Buffer {
  const key = Buffer.allocUnsafe(1 + hash.length)
  key[0] = table
  key.write(hash, 1, 'latin1')
  return key
}

function pair(table: number, first: number, second: number): Buffer {
  const key = Buffer.allocUnsafe(9)
  key[0] = table
  key.writeUInt32BE(first, 1)
  key.writeUInt32BE(second, 5)
  return key
}

function single(table: number, value: number): Buffer {
  const key = Buffer.allocUnsafe(5)
  key[0] = table
  key.writeUInt32BE(value, 1)
  return key
}

function wide(table: number, value: number): Buffer {
  const key = Buffer.allocUnsafe(9)
  key[0] = table
  writeWide(key, value, 1)
  return key
}

/** 53-bit numbers in eight octets. */
export function writeWide(buffer: Buffer, value: number, offset: number): void {
  buffer.writeUInt32BE(Math.floor(value / 0x1_0000_0000), offset)
  buffer.writeUInt32BE(value >>> 0, offset + 4)
}

export function readWide(buffer: Buffer, offset = 0): number {
  return buffer.readUInt32BE(offset) * 0x1_0000_0000 + buffer.readUInt32BE(offset + 4)
}

export function wideValue(value: number): Buffer {
  const octets = Buffer.allocUnsafe(8)
  writeWide(octets, value, 0)
  return octets
}

export const articleKey = wideValue
/** Behind all articles: the octets of a damaged one, for whoever wants to look at them. */
export const quarantineKey = (arrival: number): Buffer => Buffer.concat([Buffer.of(0xff), wideValue(arrival)])
export const allArticles = { lt: Buffer.of(0xff) }

export const historyKey = (hash: string): Buffer => hashed(historyTable, hash)
export const goneKey = (hash: string): Buffer => hashed(goneTable, hash)
/** A cancel whose article has not come: message-ID and lock, each as `messageIdHash` gives it. */
export const cancelKey = (id: string, lock: string): Buffer => hashed(cancelTable, id + lock)
/** Its place in the ring. */
export const cancelSlotKey = (slot: number): Buffer => single(cancelSlotTable, slot)
/** Of the message-ID in a history, gone or cancel key, as `messageIdHash` gives it. */
export const hashOfKey = (key: Buffer): string => key.toString('latin1', 1, 1 + hashLength)

export const numberKey = (group: GroupId, number: number): Buffer => pair(numberTable, group, number)
export const numberOfKey = (key: Buffer): number => key.readUInt32BE(5)

export const blockKey = (group: GroupId, block: number): Buffer => pair(overviewTable, group, block)

/** Sorts behind the key of its own block and before the next block; `slot` is that of the first row of the run. */
export function runKey(group: GroupId, block: number, slot: number): Buffer {
  const key = Buffer.allocUnsafe(10)
  key[0] = overviewTable
  key.writeUInt32BE(group, 1)
  key.writeUInt32BE(block, 5)
  key[9] = slot
  return key
}

export const arrivalKey = (arrival: number): Buffer => wide(arrivalTable, arrival)
export const arrivalOfKey = (key: Buffer): Arrival => readWide(key, 1) as Arrival
export const isArrivalKey = (key: Buffer): boolean => key[0] === arrivalTable

/** Articles that have an Expires header, by arrival. */
export const expiresKey = (arrival: number): Buffer => wide(expiresTable, arrival)
/** Rows of the log without an article any more, which go when every place has passed them. */
export const doneKey = (arrival: number): Buffer => wide(doneTable, arrival)

/** What a key of the search is of: a word, a group, a thread, or the dates of a block. */
export type SearchKind = 'w' | 'g' | 't' | 'd'

/** `term`: a word in UTF-8, or octets as `searchGroupTerm` and `searchThreadTerm` give them. */
export function searchKey(block: number, kind: SearchKind, term: string | Buffer): Buffer {
  const octets = typeof term === 'string' ? Buffer.byteLength(term) : term.length
  const key = Buffer.allocUnsafe(6 + octets)
  key[0] = searchTable
  key.writeUInt32BE(block, 1)
  key[5] = letter(kind)
  if (typeof term === 'string') key.write(term, 6)
  else term.copy(key, 6)
  return key
}

export const searchGroupTerm = (group: GroupId): Buffer => single(0, group).subarray(1)
export const groupOfSearchKey = (key: Buffer): GroupId => key.readUInt32BE(6) as GroupId
/** Half of the hash of the message-ID that begins the thread. */
export const searchThreadTerm = (id: string): Buffer =>
  Buffer.from(messageIdHash(id).slice(0, hashLength / 2), 'latin1')
/** What kind of the search a key is of, and what stands behind it. */
export const kindOfSearchKey = (key: Buffer): string => String.fromCharCode(key[5] ?? 0)

/** Keys of a block; of one kind, and with words that begin so, where they are named. */
export function searchRange(block: number, kind?: SearchKind, prefix = '') {
  if (kind === undefined) {
    return { gte: single(searchTable, block), lt: single(searchTable, block + 1) }
  }
  const gte = searchKey(block, kind, prefix)
  // No word has this octet: it is none of UTF-8.
  return { gte, lt: Buffer.concat([gte, Buffer.of(0xff)]) }
}

export const searchBlockKey = (block: number): Buffer => single(searchBlockTable, block)
export const blockOfSearchKey = (key: Buffer): number => key.readUInt32BE(1)

export const groupKey = (group: GroupId): Buffer => single(groupTable, group)
export const marksKey = (group: GroupId): Buffer => single(marksTable, group)
export const isMarksKey = (key: Buffer): boolean => key[0] === marksTable
export const groupOfKey = (key: Buffer): GroupId => key.readUInt32BE(1) as GroupId
export const mailKey = (mail: number): Buffer => wide(mailTable, mail)
export const mailOfKey = (key: Buffer): number => readWide(key, 1)

/** A posting that is held, under its message-ID. */
export const heldKey = (id: string): Buffer => hashed(heldTable, messageIdHash(id))

/** `name` is a consumer's, hashed so that no octet of it matters. */
export const placeKey = (name: string): Buffer => hashed(placeTable, messageIdHash(name))

/** Names of accounts and certificates, hashed for the same reason. */
export const accountKey = (name: string): Buffer => hashed(accountTable, textHash(name))
export const certificateKey = (id: string): Buffer => hashed(certificateTable, textHash(id))

/** As a place, and never read by range. */
export const noteKey = (name: string): Buffer => hashed(noteTable, messageIdHash(name))

/** The owner is hashed, so that no two share a range; the name stands as it is, for the order. */
export const shelfKey = (owner: string, name: string): Buffer =>
  Buffer.concat([hashed(shelfTable, textHash(owner)), Buffer.from(name)])
export const nameOfShelfKey = (key: Buffer): string => key.toString('utf8', 1 + hashLength)
/** Names of UTF-8 that begin so: no octet of theirs is 255. */
export const shelfRange = (owner: string, beginning: string) => ({
  gte: shelfKey(owner, beginning),
  lt: Buffer.concat([shelfKey(owner, beginning), Buffer.of(0xff)]),
})

export type Counter = 'arrival' | 'group' | 'mail' | 'epoch' | 'cancel'
export const counterKey = (counter: Counter): Buffer =>
  Buffer.concat([Buffer.of(counterTable), Buffer.from(counter)])

/** Eight octets, sealed. */
export const counterValue = (count: number): Buffer => seal(wideValue(count))

/** In `index`, where all of it was made: without it the index is made again. */
export const wholeKey = Buffer.of(wholeTable)
export const horizonKey = Buffer.concat([Buffer.of(counterTable), Buffer.from('horizon')])

/** When expiry last ran. */
export const expiryRunKey = Buffer.concat([Buffer.of(counterTable), Buffer.from('expiry')])

export const secretKey = Buffer.concat([Buffer.of(counterTable), Buffer.from('secret')])

/** The range of all keys of a table. */
const table = (first: number) => ({ gte: Buffer.of(first), lt: Buffer.of(first + 1) })
export const allGroups = table(groupTable)
export const allMarks = table(marksTable)
export const allMails = table(mailTable)
export const allHeld = table(heldTable)
export const allAccounts = table(accountTable)
export const allArrivals = table(arrivalTable)
export const allHistory = table(historyTable)
export const allExpires = table(expiresTable)
export const allDone = table(doneTable)
export const allGone = table(goneTable)
export const allCancels = table(cancelTable)
export const allSearchBlocks = table(searchBlockTable)
/** All of `index`, a table at a time. */
export const indexTables = [
  historyTable,
  numberTable,
  overviewTable,
  arrivalTable,
  expiresTable,
  searchTable,
].map(table)

export type IndexTable = 'history' | 'number' | 'overview' | 'arrival' | 'other'
const tableNames = new Map<number, IndexTable>([
  [historyTable, 'history'],
  [numberTable, 'number'],
  [overviewTable, 'overview'],
  [arrivalTable, 'arrival'],
])
/** Which table of `index` a key is of. */
export const indexTableOf = (key: Buffer): IndexTable => tableNames.get(key[0] ?? 0) ?? 'other'
