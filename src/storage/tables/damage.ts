/**
 * Damaged blocks in the tables of a database that is not open, and what may stand in their place. LevelDB here does
 * not look at checksums when it compacts tables: keys that are out of order then end the process by an assertion of
 * its own, at each start anew.
 */
import { open, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { blockTrailer, type Extent, isFinished, isSound, readLayout, sealOf } from './table.ts'

export interface DamagedTable {
  readonly path: string
  /** Octets of keys and values that are lost with their blocks; 0 where only the filter is damaged. */
  readonly lost: number
  /** Undefined where the table is damaged in what tells of its blocks: then nothing here can mend it. */
  readonly replacements: readonly Replacement[] | undefined
}

/** A block in whose place something of the same length is to stand. */
export interface Replacement {
  readonly block: Extent
  readonly by: 'nothing' | 'open filter'
}

/**
 * Reads every table whole, one after the other, and changes nothing. What is no file of its own is left to LevelDB.
 * Errors are those of the file system.
 */
export async function damagedTables(directory: string): Promise<DamagedTable[]> {
  const files = (await readdir(directory, { withFileTypes: true })).filter(file => file.isFile())
  const names = files.map(({ name }) => name).filter(name => /\.(ldb|sst)$/.test(name))
  const found: DamagedTable[] = []
  for (const name of names.sort()) {
    const path = join(directory, name)
    const damage = damageOf(await readFile(path))
    if (damage !== undefined) found.push({ path, ...damage })
  }
  return found
}

/** A filter that keeps no key out: one that names no part of itself is not asked. */
function openFilter(length: number): Buffer {
  const filter = Buffer.alloc(length, 0xff)
  // The last octet says for how many octets of keys a part stands: 2 to the power of this.
  if (length > 0) filter[length - 1] = 11
  return filter
}

/** In place and synced; interrupted and done again it ends the same. What was in the damaged blocks is lost. */
export async function mend(path: string, replacements: readonly Replacement[]): Promise<void> {
  await using file = await open(path, 'r+')
  for (const { block, by } of replacements) {
    // Zeros are a block without keys. A key in it, were it only a deleted one, would have to lie between its neighbours:
    // of the last block a table knows but a bound, which may lie behind the keys of the next table.
    const octets = by === 'nothing' ? Buffer.alloc(block.length) : openFilter(block.length)
    // Not compressed, and sealed as LevelDB would.
    const sealed = Buffer.concat([octets, Buffer.alloc(blockTrailer)])
    sealed.writeUInt32LE(sealOf(sealed.subarray(0, octets.length + 1)), octets.length + 1)
    for (let written = 0; written < sealed.length; ) {
      const { bytesWritten } = await file.write(sealed, written, undefined, block.at + written)
      written += bytesWritten
    }
  }
  await file.sync()
}

function damageOf(table: Buffer): Omit<DamagedTable, 'path'> | undefined {
  if (!isFinished(table)) return undefined
  const layout = readLayout(table)
  if (layout === undefined) return { lost: table.length, replacements: undefined }
  const { keys, names, filter } = layout
  const damaged = keys.filter(block => !isSound(table, block))
  const replacements: Replacement[] = damaged.map(block => ({ block, by: 'nothing' }))
  if (names !== undefined && !isSound(table, names)) replacements.push({ block: names, by: 'nothing' })
  else if (filter !== undefined && !isSound(table, filter))
    replacements.push({ block: filter, by: 'open filter' })
  const lost = damaged.reduce((sum, { length }) => sum + length, 0)
  return replacements.length === 0 ? undefined : { lost, replacements }
}
