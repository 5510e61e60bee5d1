/** The version of the storage format, and the way from older ones. */
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { syncDirectory } from '../disk/node-disk.ts'

/** Written into every data directory. */
export const formatVersion = 1
export const formatFile = 'tidings-format'

/**
 * From one version to the next, in place. It may be cut short anywhere and is begun again then: it must come to the
 * same from whatever it left.
 */
export type Upgrade = (path: string) => Promise<void>

/** By the version they start from. */
export type Upgrades = ReadonlyMap<number, Upgrade>
export const upgrades: Upgrades = new Map()

export interface Formats {
  readonly version: number
  readonly upgrades: Upgrades
}
export const presentFormats: Formats = { version: formatVersion, upgrades }

/** Undefined where there is none; otherwise its text and, where it is of a known form, its version. */
export async function readFormat(path: string): Promise<{ text: string; version?: number } | undefined> {
  try {
    const text = await readFile(join(path, formatFile), 'utf8')
    const found = /^tidings (\d{1,9})\n$/.exec(text)?.[1]
    return found === undefined ? { text } : { text, version: Number(found) }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

/** All or nothing, and durable. */
export async function writeFormat(path: string, version: number): Promise<void> {
  const file = join(path, formatFile)
  await writeFile(`${file}.new`, formatText(version), { flush: true })
  await rename(`${file}.new`, file)
  await syncDirectory(path)
}

export const formatText = (version: number): string => `tidings ${version}\n`

/** Whether each step from `version` is there. */
export function leadsHere(version: number, formats: Formats): boolean {
  for (let at = version; at < formats.version; at++) if (!formats.upgrades.has(at)) return false
  return version <= formats.version
}

/** Step by step; each is noted when it is done, so that a start after an interruption goes on there. */
export async function upgrade(path: string, version: number, formats: Formats): Promise<void> {
  for (let at = version; at < formats.version; at++) {
    await formats.upgrades.get(at)?.(path)
    await writeFormat(path, at + 1)
  }
}
