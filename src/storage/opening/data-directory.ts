/** A node's data directory: its format, its one owner, its three databases and its journal. */
import { readdir, readFile, rename, rm, statfs, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Log } from '../../log.ts'
import { LevelStore, type LevelStoreOptions } from '../database/level-store.ts'
import { endedInCompaction } from '../database/recovered-logs.ts'
import type { DatabaseName, Stores } from '../database/store.ts'
import { StoreLocked } from '../database/store-error.ts'
import {
  countDescriptors,
  type Descriptors,
  descriptorsOfStore,
  filesOfDatabase,
} from '../disk/descriptors.ts'
import type { Disk } from '../disk/disk.ts'
import { makeDirectory, NodeDisk, syncDirectory } from '../disk/node-disk.ts'
import { damagedTables, mend } from '../tables/damage.ts'
import {
  type Formats,
  formatFile,
  formatText,
  formatVersion,
  leadsHere,
  presentFormats,
  readFormat,
  upgrade,
  writeFormat,
} from './data-format.ts'

/** There until a restore is finished, and becomes the format file then. */
export const restoringFile = 'restoring'
const ownerFile = 'owner'
export const journalFolder = 'journal'
/** An index that LevelDB refused to open is kept there until the next one. */
const damagedIndex = 'index.damaged'
const MiB = 1024 * 1024

/**
 * Options of the databases on a disk of `total` octets. A database that ran out of space opens again only when both
 * its buffers find room as tables, so on a small disk they are smaller: together no more than `spaceNeeded` keeps free.
 */
export function storeOptions(
  total: number,
  compress = true,
): Readonly<Record<DatabaseName, LevelStoreOptions>> {
  const unit = Math.floor(MiB * Math.min(1, total / (1024 * MiB)))
  return {
    state: { cacheSize: 8 * MiB, writeBufferSize: 8 * unit },
    articles: { cacheSize: 8 * MiB, writeBufferSize: 32 * unit, compression: compress },
    index: { cacheSize: 32 * MiB, writeBufferSize: 16 * unit },
  }
}

export class UnusableData extends Error {
  override readonly name = 'UnusableData'
}

export interface DataDirectoryOptions {
  readonly formats?: Formats
  /** Whether articles that come are compressed; they are where absent. */
  readonly compress?: boolean
}

export interface DataDirectory {
  readonly stores: Stores
  readonly disk: Disk
  /** Gives the directory up; close the stores first. */
  release(): Promise<void>
}

/**
 * Opens `path`, making it where absent. Throws `UnusableData` where it is of another format, holds something else,
 * lacks a part that cannot be made again, or belongs to a running process; nothing was changed then.
 */
export async function openDataDirectory(
  path: string,
  log: Log,
  { formats = presentFormats, compress = true }: DataDirectoryOptions = {},
): Promise<DataDirectory> {
  const version = await checkFormat(path, formats)
  await checkParts(path)
  const descriptors = await countDescriptors()
  checkDescriptors(descriptors)
  await upgradeWhereOlder(path, { version, formats, log })
  const { blocks, bsize } = await statfs(path)
  const options = storeOptions(blocks * bsize, compress)
  const maxOpenFiles = filesOfDatabase(descriptors)
  const opened: LevelStore[] = []
  // Whoever gives the directory up takes the name of its owner away.
  const interrupted = (await namesIn(path)).includes(ownerFile)
  try {
    const open = async (name: DatabaseName) => {
      if (interrupted) await mendAfterCompaction(path, name, log)
      const store = await openStore(path, name, { log, options: { ...options[name], maxOpenFiles } })
      opened.push(store)
      return store
    }
    // LevelDB's own lock decides who owns the directory; `state` is opened first and the others only behind it.
    const state = await open('state')
    const owner = join(path, ownerFile)
    await writeFile(owner, `${process.pid}\n`)
    const rest = [open('articles'), open('index')] as const
    // Where one does not open, the other is not left open behind it.
    await Promise.allSettled(rest)
    const stores = { state, articles: await rest[0], index: await rest[1] }
    const disk = await NodeDisk.open(join(path, journalFolder))
    await syncDirectory(path)
    const release = async () => {
      await disk.close()
      await rm(owner, { force: true })
    }
    return { stores, disk, release }
  } catch (error) {
    await Promise.allSettled(opened.map(store => store.close()))
    throw error
  }
}

/** A database that cannot open its log looks empty to LevelDB, which then removes it. */
export function checkDescriptors({ limit, used }: Descriptors): void {
  if (limit - used >= descriptorsOfStore) return
  throw new UnusableData(
    `only ${limit - used} of ${limit} file descriptors are left and the store needs ${descriptorsOfStore}: nothing was changed; raise "ulimit -n", or LimitNOFILE= of the systemd unit`,
  )
}

interface Opening {
  readonly log: Log
  readonly options: LevelStoreOptions
}

async function openStore(path: string, name: DatabaseName, { log, options }: Opening): Promise<LevelStore> {
  const directory = join(path, name)
  try {
    return await LevelStore.open(directory, options)
  } catch (error) {
    if (error instanceof StoreLocked) throw await inUse(path, error)
    if (!isCorruption(error)) throw unreadable(directory, error)
    if (name !== 'index')
      throw new UnusableData(
        `the database ${directory} is damaged (${causeOf(error)}): nothing was changed; restore it from a backup`,
        { cause: error },
      )
    log.error({ err: error }, `the index is damaged: it is kept as ${damagedIndex} and made again`)
    await setIndexAside(path)
    return await LevelStore.open(directory, options)
  }
}

async function setIndexAside(path: string): Promise<void> {
  await rm(join(path, damagedIndex), { recursive: true, force: true })
  await rename(join(path, 'index'), join(path, damagedIndex))
}

/**
 * Where compacting tables has ended the process twice, they are looked at before LevelDB goes on with it. Of `articles`
 * what is damaged is taken out, `index` is made again, and nothing tells what `state` held.
 */
async function mendAfterCompaction(path: string, name: DatabaseName, log: Log): Promise<void> {
  const directory = join(path, name)
  if (!(await endedInCompaction(directory))) return
  log.warn({ database: name }, 'the last two runs ended while LevelDB compacted tables: they are looked at')
  try {
    await mendTables(path, name, log)
  } catch (error) {
    throw error instanceof UnusableData ? error : unreadable(directory, error)
  }
}

async function mendTables(path: string, name: DatabaseName, log: Log): Promise<void> {
  const tables = await damagedTables(join(path, name))
  const refused = tables.find(({ replacements, lost }) =>
    name === 'articles' ? replacements === undefined : lost > 0,
  )
  if (refused !== undefined && name === 'index') {
    log.error({ table: refused.path }, `the index is damaged: it is kept as ${damagedIndex} and made again`)
    return setIndexAside(path)
  }
  // Before anything is mended.
  if (refused !== undefined)
    throw new UnusableData(
      `the table ${refused.path} is damaged: nothing was changed; restore it from a backup`,
    )
  for (const { path: table, lost, replacements } of tables) {
    await mend(table, replacements ?? [])
    if (lost === 0) log.warn({ table }, 'the filter of the table was damaged: it is not asked any more')
    else
      log.error(
        { table, lost },
        'a damaged part of the table was taken out; run "tidings verify --repair" to fetch its articles from peers',
      )
  }
}

async function inUse(path: string, cause: StoreLocked): Promise<UnusableData> {
  const pid = (await readFile(join(path, ownerFile), 'utf8').catch(() => '')).trim()
  const owner = pid === '' ? 'another process' : `process ${pid}`
  return new UnusableData(
    `${path} is in use by ${owner}: stop it first ("tidings stop"), or give this node another node.data`,
    { cause },
  )
}

/** What LevelDB says of files that are not what it wrote, or not there. */
const isCorruption = (error: unknown): boolean =>
  /^(Corruption:|IO error: .*: No such file or directory$)/s.test(causeOf(error))

function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? error.cause.message : error.message
}

async function checkFormat(path: string, formats: Formats): Promise<number> {
  const found = await readFormat(path).catch((error: unknown) => {
    throw unreadable(path, error)
  })
  if (found === undefined) return startFormat(path)
  const { text, version } = found
  if (version !== undefined && leadsHere(version, formats)) return version
  const use =
    version !== undefined && version > formats.version
      ? 'a later version of tidings'
      : 'the version of tidings that wrote it'
  throw new UnusableData(
    `${path} has the storage format "${text.trim().slice(0, 40)}", this version reads "${formatText(formats.version).trim()}": nothing was changed; use ${use}, or another node.data`,
  )
}

async function startFormat(path: string): Promise<number> {
  const names = await namesIn(path)
  if (names.includes(restoringFile))
    throw new UnusableData(
      `a restore into ${path} was not finished: nothing was changed; run "tidings restore" again, or give another node.data`,
    )
  const foreign = names.filter(name => !isOurBeginning(name))
  if (foreign.length > 0)
    throw new UnusableData(
      `${path} is not a data directory of tidings (it holds ${foreign.slice(0, 3).join(', ')}): nothing was changed; give an empty or new directory as node.data`,
    )
  try {
    await makeDirectory(path)
    await writeFormat(path, formatVersion)
    return formatVersion
  } catch (error) {
    throw unreadable(path, error)
  }
}

interface Older {
  readonly version: number
  readonly formats: Formats
  readonly log: Log
}

/** Nobody else may have it open meanwhile, an older version of the program least of all. */
async function upgradeWhereOlder(path: string, { version, formats, log }: Older): Promise<void> {
  if (version === formats.version) return
  const state = await openStore(path, 'state', { log, options: {} })
  await state.close()
  log.info({ from: version, to: formats.version }, 'the storage format is brought up to date')
  await upgrade(path, version, formats)
}

/** What a new file system has, and what a start that was interrupted leaves. */
export const isOurBeginning = (name: string): boolean =>
  name.startsWith('.') || name === 'lost+found' || name === `${formatFile}.new`

/**
 * The index can be made again from the others, and nothing else can: without them it would be a new, empty node. A
 * directory without CURRENT is a new one to LevelDB, which removes all tables in it.
 */
async function checkParts(path: string): Promise<void> {
  const journal = await namesIn(join(path, journalFolder))
  const begun = journal.some(name => name.endsWith('.journal'))
  for (const database of ['state', 'articles']) {
    const names = await namesIn(join(path, database))
    if (names.includes('CURRENT') || !(begun || names.some(name => name.endsWith('.ldb')))) continue
    const missing = names.length > 0 ? join(path, database, 'CURRENT') : join(path, database)
    throw new UnusableData(
      `${missing} is missing: nothing was changed; restore it from a backup, or give another node.data`,
    )
  }
}

/** None where the directory is absent. */
export async function namesIn(path: string): Promise<string[]> {
  try {
    return await readdir(path)
  } catch (error) {
    if (isAbsent(error)) return []
    throw unreadable(path, error)
  }
}

const isAbsent = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT'

function unreadable(path: string, cause: unknown): UnusableData {
  return new UnusableData(
    `${path} cannot be used as a data directory: ${causeOf(cause)}; check node.data and its owner`,
    {
      cause,
    },
  )
}
