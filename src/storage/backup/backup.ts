/**
 * Writes a backup: `articles` and `state` of one moment, into a folder where the backups before left what has not
 * changed since. The manifest comes last; until it is whole the backup before it counts.
 */

import type { Clock } from '../../clock.ts'
import { decodeRecord } from '../article/record.ts'
import { unseal } from '../checksum.ts'
import type { Put, Snapshot } from '../database/store.ts'
import type { Disk } from '../disk/disk.ts'
import { allArticles, counterKey, readWide } from '../keys.ts'
import { formatVersion } from '../opening/data-format.ts'
import {
  articlesName,
  encodeHead,
  encodeListed,
  encodeManifest,
  headOctets,
  isBackupFile,
  type Listed,
  listName,
  type Manifest,
  manifestName,
  mark,
  markFile,
  newestManifest,
  readList,
  stateName,
  UnusableBackup,
} from './backup-files.ts'
import { BackupWriter } from './backup-writer.ts'

export interface BackupOptions {
  /** Path identity of the node: a folder holds the backups of one. */
  readonly node: string
  /** Seconds since 1970. */
  readonly time: number
  readonly signal: AbortSignal
  /** Of a node that serves meanwhile: processor and disk are left to it for half of the time. */
  readonly clock?: Clock
  /** Octets after which a new file is begun; 256 MiB where absent. */
  readonly fileOctets?: number
}

export interface BackupProgress {
  /** In the backup so far. */
  readonly articles: number
  readonly octets: number
  /** Of them, written now. */
  readonly copied: number
  readonly copiedOctets: number
  /** Values whose checksum does not hold: articles are left out, but where an older backup has them whole. */
  readonly damaged: number
  /** Arrival of the last article that was looked at, and of the last there is. */
  readonly arrival: number
  readonly newest: number
  readonly done: boolean
}

const usualFileOctets = 256 * 1024 * 1024
/** Pairs that are read at once; LevelDB ends a batch at 256 KiB anyway. */
const batch = 128
/** Milliseconds of work at a time, and of rest at most. */
const slice = 4
const longestRest = 250

/** Throws `UnusableBackup` where the disk is not that of a backup of this node; nothing was changed then. */
export async function* backUp(
  stores: { readonly articles: Snapshot; readonly state: Snapshot },
  disk: Disk,
  options: BackupOptions,
): AsyncGenerator<BackupProgress> {
  const before = await prepare(disk, options.node)
  const run = new BackupRun({ stores, disk, options, before })
  try {
    yield* run.run()
  } catch (error) {
    // Room first: what was begun may have filled the disk. What stays all the same goes with the next backup.
    await run.abandon()
    await removeUnnamed(disk, run.finished ?? before).catch(() => undefined)
    throw error
  }
}

/** Undefined where it is the first. What an interrupted one left is removed. */
async function prepare(disk: Disk, node: string): Promise<Manifest | undefined> {
  const before = await newestManifest(disk)
  if (before !== undefined && before.node !== node)
    throw new UnusableBackup(
      `the folder holds a backup of ${before.node}: nothing was changed; name another folder for ${node}`,
    )
  const marked = await BackupWriter.open(disk, markFile)
  await marked.append(Buffer.from(mark))
  await marked.finish()
  await removeUnnamed(disk, before)
  return before
}

/** Everything the manifest does not name. */
async function removeUnnamed(disk: Disk, manifest: Manifest | undefined): Promise<void> {
  const named = new Set([markFile])
  if (manifest !== undefined) {
    for (const name of [manifestName, listName, stateName]) named.add(name(manifest.serial))
    for (const { serial, part } of manifest.files) named.add(articlesName(serial, part))
  }
  for (const name of await disk.list()) if (isBackupFile(name) && !named.has(name)) await disk.remove(name)
  await disk.syncDirectory()
}

interface Running {
  readonly stores: { readonly articles: Snapshot; readonly state: Snapshot }
  readonly disk: Disk
  readonly options: BackupOptions
  readonly before: Manifest | undefined
}

interface Part {
  readonly serial: number
  readonly part: number
  octets: number
  live: number
}

class BackupRun {
  /** From here on it is the backup that counts. */
  finished: Manifest | undefined
  readonly #running: Running
  readonly #serial: number
  /** Files of before that are hardly alive: what lives in them is written anew. */
  readonly #leaving: ReadonlySet<string>
  readonly #parts = new Map<string, Part>()
  readonly #old: AsyncGenerator<Listed>
  #next: Listed | undefined
  #writer: { readonly part: Part; readonly file: BackupWriter } | undefined
  #open: BackupWriter[] = []
  /** Until when, on the clock. */
  #rested: number
  #progress = { articles: 0, octets: 0, copied: 0, copiedOctets: 0, damaged: 0, arrival: 0, newest: 0 }

  constructor(running: Running) {
    const { disk, before, options } = running
    this.#running = running
    this.#rested = options.clock?.monotonic() ?? 0
    this.#serial = (before?.serial ?? 0) + 1
    const files = before?.files ?? []
    for (const file of files) this.#parts.set(articlesName(file.serial, file.part), { ...file, live: 0 })
    this.#leaving = new Set(
      files
        .filter(({ octets, live }) => live * 2 < octets)
        .map(({ serial, part }) => articlesName(serial, part)),
    )
    this.#old = before === undefined ? none() : readList(disk, before)
  }

  async *run(): AsyncGenerator<BackupProgress> {
    const { disk, options } = this.#running
    const { articles } = this.#running.stores
    this.#progress.newest = await this.#counter('arrival')
    const state = await this.#copyState()
    const list = await this.#begin(listName(this.#serial))
    await this.#advance()
    for await (const pairs of articles.iterate(allArticles, batch)) {
      options.signal.throwIfAborted()
      for (const pair of pairs) {
        const listed = await this.#keep(pair)
        if (listed !== undefined) await list.append(encodeListed(listed))
      }
      yield { ...this.#progress, done: false }
      await this.#rest()
    }
    while (this.#next !== undefined) await this.#advance()
    await this.#writer?.file.finish()
    await list.finish()
    const manifest = await this.#manifest(state, list)
    await disk.syncDirectory()
    const file = await this.#begin(manifestName(this.#serial))
    await file.append(encodeManifest(manifest))
    await file.finish()
    await disk.syncDirectory()
    this.#open = []
    this.finished = manifest
    await removeUnnamed(disk, manifest)
    yield { ...this.#progress, done: true }
  }

  /** Closes what is open. */
  async abandon(): Promise<void> {
    await this.#old.return(undefined).catch(() => undefined)
    await Promise.allSettled(this.#open.map(file => file.abandon()))
  }

  /** As long as it has worked since it rested last. */
  async #rest(): Promise<void> {
    const { clock } = this.#running.options
    if (clock === undefined) return
    const worked = clock.monotonic() - this.#rested
    if (worked < slice) return
    await clock.sleep(Math.min(worked, longestRest))
    this.#rested = clock.monotonic()
  }

  async #begin(name: string): Promise<BackupWriter> {
    const { disk } = this.#running
    const file = await BackupWriter.open(disk, name)
    this.#open.push(file)
    return file
  }

  async #counter(name: 'arrival' | 'epoch'): Promise<number> {
    const sealed = await this.#running.stores.state.get(counterKey(name))
    const value = sealed && unseal(sealed)
    return value === undefined ? 0 : readWide(value)
  }

  async #copyState() {
    const { stores, options } = this.#running
    const file = await this.#begin(stateName(this.#serial))
    let values = 0
    for await (const pairs of stores.state.iterate({}, batch)) {
      options.signal.throwIfAborted()
      for (const { key, value } of pairs) {
        const lengths = Buffer.allocUnsafe(6)
        lengths.writeUInt16BE(key.length, 0)
        lengths.writeUInt32BE(value.length, 2)
        await file.append(lengths, key, value)
        if (unseal(value) === undefined) this.#progress.damaged++
        values++
      }
      await this.#rest()
    }
    await file.finish()
    return { octets: file.octets, checksum: file.checksum, values }
  }

  async #advance(): Promise<void> {
    const step = await this.#old.next()
    this.#next = step.done === true ? undefined : step.value
  }

  /** Where the article lies in the backup: where it lay before, or at the end. Undefined where nobody has it whole. */
  async #keep({ key, value }: Put): Promise<Listed | undefined> {
    const arrival = readWide(key)
    while (this.#next !== undefined && this.#next.arrival < arrival) await this.#advance()
    const old = this.#next?.arrival === arrival ? this.#next : undefined
    const whole = decodeRecord(value) !== undefined
    if (!whole) this.#progress.damaged++
    this.#progress.arrival = arrival
    // An article that came to a further number has another record under the same arrival.
    const same = old !== undefined && (!whole || isSame(old, value))
    const stays = same && !(whole && this.#leaving.has(articlesName(old.serial, old.part)))
    if (!stays && !whole) return undefined
    const listed = stays ? old : await this.#write(arrival, value)
    const part = this.#parts.get(articlesName(listed.serial, listed.part))
    if (part === undefined) throw new UnusableBackup('the list names a file that the manifest does not')
    part.live += headOctets + listed.length
    this.#progress.articles++
    this.#progress.octets += listed.length
    return listed
  }

  async #write(arrival: number, value: Buffer): Promise<Listed> {
    const { file, part } = await this.#room()
    const { serial, part: number } = part
    const offset = file.octets
    await file.append(encodeHead(arrival, value.length), value)
    part.octets = file.octets
    this.#progress.copied++
    this.#progress.copiedOctets += value.length
    return {
      arrival,
      checksum: value.readUInt32BE(0),
      serial,
      part: number,
      offset,
      length: value.length,
    }
  }

  async #room() {
    const { fileOctets = usualFileOctets } = this.#running.options
    if (this.#writer !== undefined && this.#writer.file.octets < fileOctets) return this.#writer
    await this.#writer?.file.finish()
    const part: Part = {
      serial: this.#serial,
      part: (this.#writer?.part.part ?? 0) + 1,
      octets: 0,
      live: 0,
    }
    const name = articlesName(part.serial, part.part)
    this.#parts.set(name, part)
    this.#writer = { part, file: await this.#begin(name) }
    return this.#writer
  }

  async #manifest(
    state: Manifest['state'],
    { octets, checksum }: Pick<BackupWriter, 'octets' | 'checksum'>,
  ): Promise<Manifest> {
    const { node, time } = this.#running.options
    return {
      format: formatVersion,
      serial: this.#serial,
      time,
      node,
      epoch: await this.#counter('epoch'),
      arrival: this.#progress.newest,
      articles: this.#progress.articles,
      octets: this.#progress.octets,
      state,
      list: { octets, checksum },
      files: [...this.#parts.values()].filter(({ live }) => live > 0),
    }
  }
}

const isSame = ({ checksum, length }: Listed, value: Buffer): boolean =>
  length === value.length && checksum === value.readUInt32BE(0)

async function* none(): AsyncGenerator<Listed> {}
