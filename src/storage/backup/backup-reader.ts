/** Reads a backup back into databases, and believes no octet of it without its checksum. */

import { decodeRecord } from '../article/record.ts'
import type { Change, Put, Store } from '../database/store.ts'
import type { Disk, DiskFile } from '../disk/disk.ts'
import { articleKey, counterKey, counterValue, groupOfKey, isMarksKey, readWide } from '../keys.ts'
import { passOver } from '../state/active.ts'
import {
  articlesName,
  damaged,
  headOctets,
  type Listed,
  type Manifest,
  readList,
  readSlices,
  stateName,
} from './backup-files.ts'

export interface Restoring {
  readonly disk: Disk
  readonly manifest: Manifest
  /** Empty. */
  readonly stores: { readonly articles: Store; readonly state: Store }
  /** Of the restored store: one that no other has. */
  readonly epoch: number
  /** Numbers that each group passes over. */
  readonly gap: number
  readonly signal: AbortSignal
}

/** Octets that are read at once, and about so many that are written. */
const window = 256 * 1024
const batchOctets = 2 * 1024 * 1024
const openFiles = 8

/** Yields the articles that are there so far. Throws `UnusableBackup` where anything is not as it was written. */
export async function* fillStores(restoring: Restoring): AsyncGenerator<number> {
  const { manifest, stores, signal } = restoring
  await fillState(restoring)
  const records = new Records(restoring.disk)
  let articles = 0
  let changes: Change[] = []
  let octets = 0
  try {
    for await (const listed of readList(restoring.disk, manifest)) {
      changes.push({ key: articleKey(listed.arrival), value: await records.read(listed) })
      octets += listed.length
      articles++
      if (octets < batchOctets) continue
      signal.throwIfAborted()
      await stores.articles.batch(changes)
      changes = []
      octets = 0
      yield articles
    }
    await stores.articles.batch(changes)
    if (articles !== manifest.articles) throw damaged('the list', 'has another number of articles')
    yield articles
  } finally {
    await records.close()
  }
}

async function fillState({ disk, manifest, stores, epoch, gap, signal }: Restoring): Promise<void> {
  const { octets, checksum, values } = manifest.state
  const name = stateName(manifest.serial)
  let rest: Buffer = Buffer.alloc(0)
  let found = 0
  for await (const slice of readSlices(disk, { name, octets, checksum, slice: window })) {
    signal.throwIfAborted()
    const { changes, left } = pairsIn(Buffer.concat([rest, slice]))
    found += changes.length
    rest = left
    await stores.state.batch(changes.map(change => passedOver(change, gap)))
  }
  if (rest.length > 0 || found !== values) throw damaged(name, 'has another number of values')
  await stores.state.batch([{ key: counterKey('epoch'), value: counterValue(epoch) }])
}

/** What is damaged the start names. */
function passedOver({ key, value }: Put, gap: number): Put {
  if (!isMarksKey(key)) return { key, value }
  return { key, value: passOver(groupOfKey(key), value, gap) ?? value }
}

function pairsIn(octets: Buffer): { readonly changes: Put[]; readonly left: Buffer } {
  const changes: Put[] = []
  let at = 0
  while (at + 6 <= octets.length) {
    const keyEnd = at + 6 + octets.readUInt16BE(at)
    const end = keyEnd + octets.readUInt32BE(at + 2)
    if (end > octets.length) break
    changes.push({ key: octets.subarray(at + 6, keyEnd), value: octets.subarray(keyEnd, end) })
    at = end
  }
  return { changes, left: octets.subarray(at) }
}

interface Opened {
  readonly file: DiskFile
  start: number
  octets: Buffer
}

/** Records by where they lie, read ahead: most of them lie one behind the other. */
class Records {
  readonly #disk: Disk
  /** The one that was used last comes last. */
  readonly #files = new Map<string, Opened>()
  #names: ReadonlySet<string> | undefined

  constructor(disk: Disk) {
    this.#disk = disk
  }

  async read({ arrival, checksum, serial, part, offset, length }: Listed): Promise<Buffer> {
    const name = articlesName(serial, part)
    const octets = await this.#octets(name, offset, headOctets + length)
    const record = octets.subarray(headOctets)
    const right =
      octets.length === headOctets + length &&
      readWide(octets) === arrival &&
      octets.readUInt32BE(8) === length &&
      decodeRecord(record) !== undefined &&
      record.readUInt32BE(0) === checksum
    if (!right) throw damaged(name, `at offset ${offset} does not have the article of arrival ${arrival}`)
    return record
  }

  async close(): Promise<void> {
    for (const { file } of this.#files.values()) await file.close()
    this.#files.clear()
  }

  async #octets(name: string, offset: number, length: number): Promise<Buffer> {
    const opened = await this.#open(name)
    if (offset < opened.start || offset + length > opened.start + opened.octets.length) {
      opened.start = offset
      opened.octets = await opened.file.read(offset, Math.max(window, length))
    }
    return opened.octets.subarray(offset - opened.start, offset - opened.start + length)
  }

  async #open(name: string): Promise<Opened> {
    this.#names ??= new Set(await this.#disk.list())
    if (!this.#names.has(name)) throw damaged(name, 'is missing')
    const opened = this.#files.get(name) ?? {
      file: await this.#disk.open(name),
      start: 0,
      octets: Buffer.alloc(0),
    }
    this.#files.delete(name)
    this.#files.set(name, opened)
    if (this.#files.size > openFiles) await this.#closeOldest()
    return opened
  }

  async #closeOldest(): Promise<void> {
    const [oldest] = this.#files
    if (oldest === undefined) return
    this.#files.delete(oldest[0])
    await oldest[1].file.close()
  }
}
