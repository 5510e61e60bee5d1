/**
 * Damaged blocks in the tables of a database that is not open, and what may stand in their place. LevelDB here does
 * not look at checksums when it merges tables: keys that are out of order then end the process by an assertion of
 * its own, at each start anew.
 */
import { open, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { filler, openFilter } from './filler.ts'
import { blockTrailer, type Extent, isFinished, isSound, readLayout, sealOf } from './table.ts'

export interface DamagedTable {
  readonly path: string
  /** Octets of keys and values that are lost with their blocks; 0 where only the filter is damaged. */
  readonly lost: number
  /** Undefined where the table is damaged in what tells of its blocks: then nothing here can mend it. */
  readonly replacements: readonly Replacement[] | undefined
}

/** A block as it is to stand in the file. */
export interface Replacement {
  readonly block: Extent
  readonly octets: Buffer
}

/** Reads every table whole, one after the other, and changes nothing. Errors are those of the file system. */
export async function damagedTables(directory: string): Promise<DamagedTable[]> {
  const names = (await readdir(directory)).filter(name => /\.(ldb|sst)$/.test(name)).sort()
  const found: DamagedTable[] = []
  for (const name of names) {
    const path = join(directory, name)
    const damage = damageOf(await readFile(path))
    if (damage !== undefined) found.push({ path, ...damage })
  }
  return found
}

/** In place and synced; interrupted and done again it ends the same. What was in the damaged blocks is lost. */
export async function mend(path: string, replacements: readonly Replacement[]): Promise<void> {
  await using file = await open(path, 'r+')
  for (const { block, octets } of replacements) {
    // Not compressed, and sealed as LevelDB would.
    const sealed = Buffer.concat([octets, Buffer.alloc(blockTrailer)])
    sealed.writeUInt32LE(sealOf(sealed.subarray(0, octets.length + 1)), octets.length + 1)
    await file.write(sealed, 0, sealed.length, block.at)
  }
  await file.sync()
}

function damageOf(table: Buffer): Omit<DamagedTable, 'path'> | undefined {
  if (!isFinished(table)) return undefined
  const layout = readLayout(table)
  if (layout === undefined) return { lost: table.length, replacements: undefined }
  const { keys, names, filter } = layout
  const replacements: (Replacement | undefined)[] = []
  const damaged = keys.filter(block => !isSound(table, block))
  for (const block of damaged) replacements.push(replacement(block, filler(block.length, block.bound)))
  if (!isSound(table, names)) replacements.push(replacement(names, filler(names.length, Buffer.from('-'))))
  else if (filter !== undefined && !isSound(table, filter))
    replacements.push(replacement(filter, openFilter(filter.length)))
  if (replacements.length === 0) return undefined
  const whole = replacements.every(found => found !== undefined) ? replacements : undefined
  return { lost: damaged.reduce((sum, { length }) => sum + length, 0), replacements: whole }
}

const replacement = (block: Extent, octets: Buffer | undefined): Replacement | undefined =>
  octets && { block, octets }
