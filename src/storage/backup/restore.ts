/** A data directory from a backup. Until it is whole it is none that a node starts from. */
import { readFile, rename, rm, statfs, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { LevelStore } from '../database/level-store.ts'
import { StoreLocked } from '../database/store-error.ts'
import { makeDirectory, NodeDisk, syncDirectory } from '../disk/node-disk.ts'
import {
  isOurBeginning,
  journalFolder,
  namesIn,
  restoringFile,
  storeOptions,
} from '../opening/data-directory.ts'
import { formatFile, formatText, leadsHere, presentFormats } from '../opening/data-format.ts'
import { mark, markFile, newestManifest, UnusableBackup } from './backup-files.ts'
import { fillStores } from './backup-reader.ts'

export interface RestoreOptions {
  /** The folder with the backup. */
  readonly from: string
  /** The data directory; empty or absent. */
  readonly to: string
  /** Milliseconds since 1970. */
  readonly now: number
  /** From 0 to below 1. */
  readonly random: number
  /** Numbers that each group passes over, because they may have been given after the backup. */
  readonly gap: number
  /** Whether articles are compressed; they are where absent. */
  readonly compress?: boolean
  readonly signal: AbortSignal
}

export interface RestoreProgress {
  readonly articles: number
  readonly total: number
  /** Of the backup, seconds since 1970, and the node it is of. */
  readonly time: number
  readonly node: string
}

/** The directory `to` is not free for a restore. */
export class Occupied extends Error {
  override readonly name = 'Occupied'
}

const parts = ['state', 'articles', 'index', journalFolder]

/**
 * `index` is left for the next start, or for `openAtRest`. Throws `UnusableBackup` where there is no sound backup and
 * `Occupied` where something is in the way; `to` holds then what it held.
 */
export async function* restore({
  from,
  to,
  gap,
  compress = true,
  signal,
  ...at
}: RestoreOptions): AsyncGenerator<RestoreProgress> {
  const disk = await openBackup(from)
  try {
    const manifest = await newestManifest(disk)
    if (manifest === undefined)
      throw new UnusableBackup(`${from} holds no finished backup: name another folder`)
    if (!leadsHere(manifest.format, presentFormats))
      throw new UnusableBackup(
        `the backup has the storage format ${manifest.format}, this version reads ${presentFormats.version}: use the version of tidings that wrote it, or a later one`,
      )
    await clearPlace(to)
    try {
      await begin(to, manifest.format)
      const { articles: total, time: backedUp, node } = manifest
      for await (const articles of fill(
        { disk, manifest, epoch: epochOf(manifest.epoch, at), gap, signal },
        { to, compress },
      ))
        yield { articles, total, time: backedUp, node }
      await beginJournal(to)
    } catch (error) {
      // What cannot be removed is no data directory, and the next restore removes it.
      await removeParts(to).catch(() => undefined)
      throw error
    }
    // All or nothing: from here on it is a data directory.
    await rename(join(to, restoringFile), join(to, formatFile))
    await syncDirectory(to)
  } finally {
    await disk.close()
  }
}

/** Above that of the backup, and not that of another restore of it, be it in the same second. */
function epochOf(before: number, { now, random }: Pick<RestoreOptions, 'now' | 'random'>): number {
  return Math.max(before + 1, Math.floor(now) * 1024) + Math.floor(random * 1024)
}

async function openBackup(from: string): Promise<NodeDisk> {
  const text = await readFile(join(from, markFile), 'utf8').catch(() => undefined)
  if (text === mark) return NodeDisk.open(from)
  const newer = text?.startsWith('tidings backup ')
  throw new UnusableBackup(
    newer
      ? `${from} is "${text?.trim()}", this version reads "${mark.trim()}": use a later version of tidings`
      : `${from} is no backup of tidings (it has no file ${markFile}): name the folder that was given to "tidings backup"`,
  )
}

/** Only an empty directory, or one that an unfinished restore left, is free. */
async function clearPlace(to: string): Promise<void> {
  const names = await namesIn(to)
  if (names.includes(restoringFile) && !names.includes(formatFile)) {
    await checkAlone(to, names)
    return removeParts(to)
  }
  const inTheWay = names.filter(name => !isOurBeginning(name))
  if (inTheWay.length === 0) return
  throw new Occupied(
    `${to} is not empty (it holds ${inTheWay.slice(0, 3).join(', ')}): nothing was changed; move it away, or give another node.data`,
  )
}

async function checkAlone(to: string, names: readonly string[]): Promise<void> {
  if (!names.includes('state')) return
  try {
    const state = await LevelStore.open(join(to, 'state'))
    await state.close()
  } catch (error) {
    if (error instanceof StoreLocked) throw new Occupied(`another restore into ${to} is running`)
  }
}

/** The mark goes last. */
async function removeParts(to: string): Promise<void> {
  for (const part of parts) await rm(join(to, part), { recursive: true, force: true })
  await syncDirectory(to)
  await rm(join(to, restoringFile), { force: true })
  await syncDirectory(to)
}

async function begin(to: string, format: number): Promise<void> {
  await makeDirectory(to)
  await writeFile(join(to, restoringFile), formatText(format), { flush: true })
  await syncDirectory(to)
}

async function* fill(
  backup: Omit<Parameters<typeof fillStores>[0], 'stores'>,
  { to, compress }: { readonly to: string; readonly compress: boolean },
): AsyncGenerator<number> {
  const { blocks, bsize } = await statfs(to)
  const options = storeOptions(blocks * bsize, compress)
  const state = await LevelStore.open(join(to, 'state'), options.state)
  try {
    const articles = await LevelStore.open(join(to, 'articles'), options.articles)
    try {
      yield* fillStores({ ...backup, stores: { articles, state } })
      for (const store of [articles, state])
        if (!(await store.flush())) throw new Error(`${to}: the databases could not be written to disk`)
    } finally {
      await articles.close()
    }
  } finally {
    await state.close()
  }
}

/** Without records: all is in the databases. */
async function beginJournal(to: string): Promise<void> {
  const journal = await NodeDisk.open(join(to, journalFolder))
  const file = await journal.open('0000000000000001.journal')
  await file.sync()
  await file.close()
  await journal.syncDirectory()
  await journal.close()
  await syncDirectory(to)
}
