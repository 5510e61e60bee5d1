import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { LevelStore } from '../../../src/storage/database/level-store.ts'
import { damagedTables, mend } from '../../../src/storage/tables/damage.ts'
import { type Extent, isSound, readEntries, readLayout } from '../../../src/storage/tables/table.ts'
import { compactedElsewhere } from '../../support/compacted-elsewhere.ts'
import { seeded } from '../../support/seeded.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'

const seed = Number(process.env.TIDINGS_SEED ?? Math.floor(Math.random() * 1e9))
const compressible = 'the quick brown fox '.repeat(20)

/** Keys that share their beginnings; values of every size, some of which Snappy packs and some not. */
async function filled(directory: string, random: () => number): Promise<Map<string, string>> {
  const pairs = new Map<string, string>()
  for (let at = 0; at < 500; at++) {
    const noise = Buffer.from(Array.from({ length: 1 + random() * 400 }, () => random() * 256)).toString(
      'hex',
    )
    pairs.set(`key/${at.toString(36).padStart(4, '0')}/${random()}`, at % 3 === 0 ? compressible : noise)
  }
  const store = await LevelStore.open(directory)
  await store.batch([...pairs].map(([key, value]) => ({ key: Buffer.from(key), value: Buffer.from(value) })))
  await store.flush()
  await store.close()
  return pairs
}

async function onlyTable(directory: string): Promise<string> {
  const names = (await readdir(directory)).filter(name => name.endsWith('.ldb'))
  expect(names).to.have.length(1)
  return join(directory, names[0] ?? '')
}

/** All pairs after LevelDB has compacted every table, which is where it would end the process. */
async function compacted(directory: string): Promise<Map<string, string>> {
  const store = await LevelStore.open(directory)
  await store.compact(Buffer.alloc(0), Buffer.from('~'))
  const pairs = new Map<string, string>()
  for await (const batch of store.iterate({ gte: Buffer.alloc(0), lt: Buffer.from('~') }))
    for (const { key, value } of batch) pairs.set(String(key), String(value))
  await store.close()
  return pairs
}

describe('damaged tables', () => {
  it('reads the tables of LevelDB as LevelDB does', async () => {
    await using home = await temporaryDirectory()
    const pairs = await filled(home.path, seeded(seed))
    const table = await readFile(await onlyTable(home.path))
    const layout = readLayout(table)
    expect(layout?.filter && isSound(table, layout.filter)).to.equal(true)
    const read = new Map<string, string>()
    for (const block of layout?.keys ?? []) {
      const entries = readEntries(table, block) ?? []
      // LevelDB's own eight octets stand behind each key.
      for (const { key, value } of entries) read.set(key.toString('latin1', 0, key.length - 8), String(value))
      expect(
        Buffer.compare(entries.at(-1)?.key.subarray(0, -8) ?? Buffer.alloc(0), block.bound.subarray(0, -8)),
      ).to.be.at.most(0)
    }
    expect(read).to.deep.equal(pairs)
    expect(await damagedTables(home.path)).to.deep.equal([])
  })

  it(`takes out what is damaged and nothing else (seed ${seed})`, async function () {
    this.timeout(60_000)
    await using home = await temporaryDirectory()
    const random = seeded(seed)
    const sound = join(home.path, 'sound')
    const pairs = await filled(sound, random)
    const names = await readdir(sound)
    const path = await onlyTable(sound)
    const table = await readFile(path)
    const layout = readLayout(table)
    if (layout?.names === undefined || layout.filter === undefined) throw new Error('no layout')
    const { filter } = layout
    const blocks: Extent[] = [...layout.keys, layout.names, filter]
    for (let turn = 0; turn < 24; turn++) {
      // Every block of keys is as likely as the filter and the block that names it.
      const block = blocks[(turn * 7) % blocks.length] ?? filter
      const octet = block.at + Math.floor(random() * (block.length + 5))
      const copy = join(home.path, `${turn}`)
      await mkdir(copy)
      for (const name of names) await writeFile(join(copy, name), await readFile(join(sound, name)))
      const flipped = Buffer.from(table)
      flipped[octet] = (flipped[octet] ?? 0) ^ (1 << Math.floor(random() * 8))
      await writeFile(await onlyTable(copy), flipped)

      const [damage, ...more] = await damagedTables(copy)
      const where = `TIDINGS_SEED=${seed}, turn ${turn}, octet ${octet}`
      expect(more, where).to.deep.equal([])
      const isKeys = layout.keys.includes(block as (typeof layout.keys)[number])
      expect(damage?.lost, where).to.equal(isKeys ? block.length : 0)
      await mend(damage?.path ?? '', damage?.replacements ?? [])

      expect(await damagedTables(copy), where).to.deep.equal([])
      const lost = new Set(
        isKeys
          ? (readEntries(table, block) ?? []).map(({ key }) => key.toString('latin1', 0, key.length - 8))
          : [],
      )
      const kept = await compacted(copy)
      expect(kept, where).to.deep.equal(new Map([...pairs].filter(([key]) => !lost.has(key))))
      // What is written again is there again.
      const store = await LevelStore.open(copy)
      for (const key of lost) await store.batch([{ key: Buffer.from(key), value: Buffer.from('again') }])
      await store.flush()
      for (const key of lost) expect(String(await store.get(Buffer.from(key))), where).to.equal('again')
      await store.close()
    }
  })

  it('does not touch a table that is damaged where it tells of its blocks', async () => {
    await using home = await temporaryDirectory()
    await filled(home.path, seeded(seed))
    const path = await onlyTable(home.path)
    const table = await readFile(path)
    // The last block is the index of the others; behind it are a footer and five octets of its own.
    const last = table.length - 48 - 6
    table[last] = (table[last] ?? 0) ^ 1
    await writeFile(path, table)
    expect(await damagedTables(home.path)).to.deep.equal([
      { path, lost: table.length, replacements: undefined },
    ])
  })

  it('bears that the last part of one table of many is gone', async function () {
    this.timeout(60_000)
    await using home = await temporaryDirectory()
    const store = await LevelStore.open(home.path)
    const random = seeded(seed)
    const noise = () => Buffer.from(Array.from({ length: 200 }, () => random() * 256))
    const keys = Array.from({ length: 4000 }, (_, at) => Buffer.from(`key/${1000 + at}`))
    for (let from = 0; from < keys.length; from += 1000) {
      await store.batch(keys.slice(from, from + 1000).map(key => ({ key, value: noise() })))
      await store.compact(Buffer.alloc(0), Buffer.from('~'))
    }
    await store.close()
    const paths = (await readdir(home.path)).filter(name => name.endsWith('.ldb')).sort()
    const path = join(home.path, paths[0] ?? '')
    const table = await readFile(path)
    // All that LevelDB says of it is that it ends before "l", where all keys of the next table lie before.
    const last = readLayout(table)?.keys.at(-1)
    if (last === undefined || paths.length < 3) throw new Error('too few tables')
    expect(last.bound.toString('latin1', 0, last.bound.length - 8)).to.equal('l')
    const gone = (readEntries(table, last) ?? []).length
    table[last.at + 3] = (table[last.at + 3] ?? 0) ^ 0x40
    await writeFile(path, table)
    for (const damage of await damagedTables(home.path)) await mend(damage.path, damage.replacements ?? [])

    expect(await compactedElsewhere(home.path, ['key/1000', 'key/4999'])).to.equal(null)
    expect((await compacted(home.path)).size).to.equal(keys.length - gone)
  })

  it('does not take what a damaged footer points at for what it should be', async () => {
    await using home = await temporaryDirectory()
    await filled(home.path, seeded(seed))
    const path = await onlyTable(home.path)
    const table = await readFile(path)
    // The first octets of the footer say where the block of names begins.
    for (const octet of [0, 1, 3]) {
      const flipped = Buffer.from(table)
      const at = table.length - 48 + octet
      flipped[at] = (flipped[at] ?? 0) ^ 1
      await writeFile(path, flipped)
      expect(await damagedTables(home.path), `octet ${octet}`).to.deep.equal([])
    }
  })

  it('ends the same where mending was interrupted', async () => {
    await using home = await temporaryDirectory()
    await filled(home.path, seeded(seed))
    const path = await onlyTable(home.path)
    const table = await readFile(path)
    const block = readLayout(table)?.keys[1]
    if (block === undefined) throw new Error('one block is too few')
    table[block.at + 3] = (table[block.at + 3] ?? 0) ^ 1
    await writeFile(path, table)
    const [damage] = await damagedTables(home.path)
    await mend(path, damage?.replacements ?? [])
    const mended = await readFile(path)
    for (const written of [1, block.length >> 1, block.length, block.length + 4]) {
      const torn = Buffer.from(table)
      mended.copy(torn, block.at, block.at, block.at + written)
      await writeFile(path, torn)
      for (const again of await damagedTables(home.path)) await mend(path, again.replacements ?? [])
      expect((await readFile(path)).equals(mended), `${written} octets`).to.equal(true)
    }
  })

  it('reads nothing that is not a file of the database itself', async () => {
    await using home = await temporaryDirectory()
    await filled(home.path, seeded(seed))
    await symlink('/dev/zero', join(home.path, '000098.ldb'))
    await mkdir(join(home.path, '000099.ldb'))
    expect(await damagedTables(home.path)).to.deep.equal([])
  })

  it('passes over a table that was never finished', async () => {
    await using home = await temporaryDirectory()
    await filled(home.path, seeded(seed))
    const path = await onlyTable(home.path)
    const table = await readFile(path)
    await writeFile(path, table.subarray(0, table.length - 1))
    await writeFile(join(home.path, '000099.ldb'), '')
    expect(await damagedTables(home.path)).to.deep.equal([])
  })
})
