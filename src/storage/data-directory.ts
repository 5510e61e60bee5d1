/** A node's data directory: its format, its one owner, its three databases and its journal. */
import { access, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Disk } from './disk.ts'
import { LevelStore } from './level-store.ts'
import { NodeDisk } from './node-disk.ts'
import type { Stores } from './store.ts'
import { StoreLocked } from './store-error.ts'

/** Written into every data directory; another version is refused and left alone. */
export const formatVersion = 1
const formatFile = 'tidings-format'
const ownerFile = 'owner'
const MiB = 1024 * 1024

export class UnusableData extends Error {
  override readonly name = 'UnusableData'
}

export interface DataDirectory {
  readonly stores: Stores
  readonly disk: Disk
  /** Gives the directory up; close the stores first. */
  release(): Promise<void>
}

/**
 * Opens `path`, making it where absent. Throws `UnusableData` where it is of another format, holds something else,
 * or belongs to a running process.
 */
export async function openDataDirectory(path: string): Promise<DataDirectory> {
  await mkdir(path, { recursive: true, mode: 0o700 })
  await checkFormat(path)
  const owner = join(path, ownerFile)
  // LevelDB's own lock decides who owns the directory; `state` is opened first and the others only behind it.
  const state = await openStore(path, 'state', { cacheSize: 8 * MiB, writeBufferSize: 8 * MiB })
  await writeFile(owner, `${process.pid}\n`)
  await mkdir(join(path, 'journal'), { recursive: true, mode: 0o700 })
  const stores = {
    state,
    articles: await openStore(path, 'articles', { cacheSize: 8 * MiB, writeBufferSize: 32 * MiB }),
    index: await openStore(path, 'index', { cacheSize: 32 * MiB, writeBufferSize: 16 * MiB }),
  }
  return {
    stores,
    disk: await NodeDisk.open(join(path, 'journal')),
    release: () => rm(owner, { force: true }),
  }
}

async function openStore(
  path: string,
  name: keyof Stores,
  options: { cacheSize: number; writeBufferSize: number },
): Promise<LevelStore> {
  try {
    return await LevelStore.open(join(path, name), options)
  } catch (error) {
    if (!(error instanceof StoreLocked)) throw error
    const pid = (await readFile(join(path, ownerFile), 'utf8').catch(() => '')).trim()
    throw new UnusableData(
      `${path} is in use by ${pid === '' ? 'another process' : `process ${pid}`}: stop it first ("tidings stop"), or give this node another node.data`,
      { cause: error },
    )
  }
}

async function checkFormat(path: string): Promise<void> {
  const file = join(path, formatFile)
  const text = await readFile(file, 'utf8').catch(() => undefined)
  if (text === undefined) return startFormat(path, file)
  const found = /^tidings (\d+)\n$/.exec(text)?.[1]
  if (found === String(formatVersion)) return
  throw new UnusableData(
    `${path} has the storage format "${text.trim().slice(0, 40)}", this version reads "tidings ${formatVersion}": nothing was changed; use the version of tidings that wrote it, or another node.data`,
  )
}

async function startFormat(path: string, file: string): Promise<void> {
  const present = (await readdir(path)).filter(name => !name.startsWith('.') && name !== 'lost+found')
  const foreign = present.filter(name => name !== `${formatFile}.new`)
  if (foreign.length > 0)
    throw new UnusableData(
      `${path} is not a data directory of tidings (it holds ${foreign.slice(0, 3).join(', ')}): nothing was changed; give an empty or new directory as node.data`,
    )
  await writeFile(`${file}.new`, `tidings ${formatVersion}\n`, { flush: true })
  await rename(`${file}.new`, file)
  await access(file)
}
