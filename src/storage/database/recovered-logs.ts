/** Evidence from LevelDB's own files: which write-ahead logs there are, and what became of them at an open. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Names of the write-ahead logs in a LevelDB directory, ascending. */
export async function writeAheadLogs(directory: string): Promise<string[]> {
  const names = await readdir(directory)
  return names.filter(name => /^\d+\.log$/.test(name)).sort()
}

/** LevelDB's message file of the latest open; it begins a new one each time (LOG.old). Empty when there is none. */
export async function messages(directory: string, name: 'LOG' | 'LOG.old' = 'LOG'): Promise<string> {
  try {
    return await readFile(join(directory, name), 'latin1')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw error
  }
}

/**
 * True when `text` proves that each of `logs` was read back whole. LevelDB opens without complaint when it could
 * not open a log or a block of it was damaged, and then deletes it; only its messages tell.
 */
export function allRecovered(logs: readonly string[], text: string): boolean {
  if (/Ignoring error|ignoring error|dropping \d+ bytes/.test(text)) return false
  const read = new Set([...text.matchAll(/Recovering log #(\d+)/g)].map(found => Number(found[1])))
  return logs.every(name => read.has(Number.parseInt(name, 10)))
}

/**
 * True when the process ended while LevelDB compacted tables, in the latest run and in the one before. Once is an
 * accident; what ends a compaction by itself ends it again at each start.
 */
export async function endedInCompaction(directory: string): Promise<boolean> {
  const runs = await Promise.all([messages(directory), messages(directory, 'LOG.old')])
  return runs.every(text => text.lastIndexOf(' Compacting ') > text.lastIndexOf(' compacted to: '))
}
