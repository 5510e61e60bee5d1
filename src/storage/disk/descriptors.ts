/** File descriptors of this process: how many there may be, and how many of them are left. */
import { readdir, readFile } from 'node:fs/promises'

export interface Descriptors {
  /** Infinity where the system does not tell. */
  readonly limit: number
  readonly used: number
}

/** What the store opens at its start and, for a moment, while it writes tables: below this it is not opened at all. */
export const descriptorsOfStore = 128

/** Linux: proc(5). Elsewhere unknown, and then nothing depends on it. */
export async function countDescriptors(): Promise<Descriptors> {
  const limits = await readFile('/proc/self/limits', 'latin1').catch(() => '')
  const limit = /^Max open files +(\d+)/m.exec(limits)?.[1]
  if (limit === undefined) return { limit: Number.POSITIVE_INFINITY, used: 0 }
  return { limit: Number(limit), used: (await readdir('/proc/self/fd')).length }
}

/** Files that one database may hold open: all three together a small part of what there is. LevelDB's own least is 74. */
export function filesOfDatabase({ limit }: Descriptors): number {
  return Math.min(1000, Math.max(74, Math.floor(limit / 16)))
}
