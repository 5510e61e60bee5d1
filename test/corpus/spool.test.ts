import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import type { RawClient } from '../support/raw-client.ts'
import { corpusSuite } from './corpus.ts'
import { fieldOf, overviewOf, served, takeApart, without } from './fields.ts'
import { ProcessNode } from './process-node.ts'

interface SpoolFile {
  readonly group: string
  readonly number: number
  readonly text: string
  readonly id: string
  /** `group:number`; of a repeat in the same group, where it stood first. */
  readonly place: string
}

const localFields = ['path', 'xref']

function readSpool(root: string): SpoolFile[] {
  const places = new Map<string, string>()
  return readdirSync(root).flatMap(group =>
    readdirSync(join(root, group))
      .map(Number)
      .sort((a, b) => a - b)
      .map(number => {
        const text = served(readFileSync(join(root, group, String(number))))
        const id = fieldOf(takeApart(text), 'Message-ID') ?? ''
        const place = places.get(`${group} ${id}`) ?? `${group}:${number}`
        places.set(`${group} ${id}`, place)
        return { group, number, text, id, place }
      }),
  )
}

/** Sends a command for each item, 64 ahead, and gives the answers one by one. */
async function pipeline<T>(
  client: RawClient,
  items: readonly T[],
  talk: { command: (item: T) => string; answer: (item: T) => Promise<void> },
): Promise<void> {
  for (const [at, item] of items.entries()) {
    if (at === 0) for (const first of items.slice(0, 64)) client.send(`${talk.command(first)}\r\n`)
    const ahead = items[at + 64]
    if (ahead !== undefined) client.send(`${talk.command(ahead)}\r\n`)
    await talk.answer(item)
  }
}

const textOf = async (client: RawClient) => `${(await client.block()).join('\r\n')}\r\n`

/** Every file is served as it lies there, but for the fields that are ours. */
async function expectFiles(
  client: RawClient,
  files: readonly SpoolFile[],
  { numbered = false, via = 'corpus.example' } = {},
): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  await pipeline(client, files, {
    command: file => `ARTICLE ${file.id}`,
    async answer(file) {
      const where = `${file.group}/${file.number}`
      expect(await client.line(), where).to.equal(`220 0 ${file.id}`)
      const text = await textOf(client)
      const taken = takeApart(text)
      const original = takeApart(file.text)
      expect(without(taken, localFields), where).to.equal(without(original, localFields))
      expect(fieldOf(taken, 'Path'), where).to.equal(`${via}!${fieldOf(original, 'Path')}`)
      if (numbered) expect(fieldOf(taken, 'Xref')?.split(' '), where).to.include(file.place)
      found.set(file.id, text)
    },
  })
  return found
}

interface Listed {
  readonly group: string
  readonly count: number
  readonly low: number
  readonly high: number
}

async function listCounts(client: RawClient): Promise<Listed[]> {
  client.send('LIST COUNTS\r\n')
  expect(await client.line()).to.match(/^215 /)
  return (await client.block()).map(line => {
    const [group = '', high, low, count] = line.split(' ')
    return { group, count: Number(count), low: Number(low), high: Number(high) }
  })
}

/** OVER of every group says what the headers say, for every number that an Xref names, and no other. */
async function expectOverview(
  client: RawClient,
  texts: ReadonlyMap<string, string>,
): Promise<{ groups: Listed[]; rows: number }> {
  const expected = new Map<string, Map<number, string>>()
  for (const text of texts.values())
    for (const place of fieldOf(takeApart(text), 'Xref')?.split(' ').slice(1) ?? []) {
      const [group = '', number] = place.split(':')
      const rows = expected.get(group) ?? new Map<number, string>()
      expect(rows.has(Number(number)), place).to.equal(false)
      expected.set(group, rows.set(Number(number), overviewOf(Number(number), text)))
    }
  const groups = await listCounts(client)
  expect(groups.map(({ group }) => group).sort()).to.deep.equal([...expected.keys()].sort())
  let rows = 0
  for (const { group, count, low, high } of groups) {
    client.send(`GROUP ${group}\r\nOVER 1-\r\n`)
    expect(await client.line()).to.equal(`211 ${count} ${low} ${high} ${group}`)
    expect(await client.line(), group).to.match(/^224 /)
    const wanted = [...(expected.get(group) ?? [])].sort(([a], [b]) => a - b)
    expect(await client.block(), group).to.deep.equal(wanted.map(([, line]) => line))
    expect([count, low, high]).to.deep.equal([wanted.length, wanted[0]?.[0], wanted.at(-1)?.[0]])
    rows += count
  }
  return { groups, rows }
}

corpusSuite('a spool of 1993', folder => {
  const root = join(folder, '20ng')
  const files = readSpool(root)

  it('is filed in every group its articles name, each once', async () => {
    await using node = await ProcessNode.start()
    const words = [root, '--format', 'spool', '--create-groups', '--rejects', join(node.path, 'rejects')]
    const counts = { articles: 6000, accepted: 5986, duplicates: 14, refused: 0, code: 0 }
    expect(await node.import(words)).to.include(counts)
    const client = await node.connect()
    const texts = await expectFiles(client, files)
    for (const [id, text] of texts) {
      const named = fieldOf(takeApart(text), 'Newsgroups')?.split(/[, \t]+/) ?? []
      const filed = fieldOf(takeApart(text), 'Xref')?.split(' ').slice(1) ?? []
      const names = named.filter(name => /^[A-Za-z0-9+_-]+(\.[A-Za-z0-9+_-]+)*$/.test(name))
      expect(
        filed.map(place => place.slice(0, place.indexOf(':'))),
        id,
      ).to.deep.equal([...new Set(names)])
    }
    const before = await expectOverview(client, texts)
    expect(before.groups.every(({ low }) => low === 1)).to.equal(true)
    expect(before.rows).to.be.greaterThan(5986)

    expect(await node.import(words)).to.include({ ...counts, accepted: 0, duplicates: 6000 })
    expect(await expectOverview(client, texts)).to.deep.equal(before)

    await node.stop()
    await node.start()
    const again = await node.connect()
    expect(await expectOverview(again, await expectFiles(again, files))).to.deep.equal(before)
  })

  it('keeps its numbers where asked, and gives a repeat in another group its number there', async () => {
    await using node = await ProcessNode.start()
    const words = [root, '--format', 'spool', '--create-groups', '--keep-numbers']
    // Ten of the fourteen repeats lie in another group.
    expect(await node.import(words)).to.include({ articles: 6000, accepted: 5996, duplicates: 4, refused: 0 })
    const client = await node.connect()
    const texts = await expectFiles(client, files, { numbered: true })
    const before = await expectOverview(client, texts)
    expect(before.rows).to.equal(5996)
    expect(before.groups.map(({ group }) => group)).to.deep.equal(readdirSync(root).sort())

    expect(await node.import(words)).to.include({ articles: 6000, accepted: 0, duplicates: 6000, refused: 0 })
    expect(await expectOverview(client, texts)).to.deep.equal(before)
  })

  it('can be interrupted, by hand or by the end of the node, and taken up again', async () => {
    await using node = await ProcessNode.start()
    const words = ['import', root, '--format', 'spool', '--create-groups', '--keep-numbers']
    const client = await node.connect()
    const stop = new AbortController()
    const interrupted = node.run(words, stop.signal)
    await arrivalsOf(client, 500)
    stop.abort()
    expect((await interrupted).code).to.equal(130)

    const killed = node.run(words)
    await arrivalsOf(client, 2500)
    await node.stop('SIGKILL')
    expect((await killed).code).to.equal(69)

    await node.start()
    const { code, stdout } = await node.run([...words, '--json'])
    expect(code).to.equal(0)
    expect(JSON.parse(stdout)).to.include({ articles: 6000, refused: 0 })
    const again = await node.connect()
    const texts = await expectFiles(again, files)
    expect((await expectOverview(again, texts)).rows).to.equal(5996)
  })

  it('reaches a peer whole, but for the article with bare CRs', async () => {
    const there = '[[peer]]\nname = "corpus.example"\nfrom = ["127.0.0.1"]\naccept = "*"\n'
    await using peer = await ProcessNode.start({ identity: 'peer.example', more: there })
    const to = `[[peer]]\nname = "peer.example"\nto = "127.0.0.1:${peer.port}"\nsend = "*"\n`
    await using node = await ProcessNode.start({ more: to })
    const active = join(peer.path, 'active')
    writeFileSync(
      active,
      readdirSync(root)
        .map(group => `${group} 0 1 y\n`)
        .join(''),
    )
    expect((await peer.run(['group', 'import', active])).code).to.equal(0)
    await node.import([root, '--format', 'spool', '--create-groups'])

    const local = files.filter(({ text }) => /\r(?!\n)/.test(text))
    expect(local).to.have.lengthOf(1)
    const sent = files.filter(file => !local.includes(file))
    expect(sent).to.have.lengthOf(5999)
    while (await isBehind(node));
    const client = await peer.connect()
    await expectFiles(client, sent, { via: 'peer.example!!corpus.example' })
    for (const { id } of local) await client.play(`C: STAT ${id}\nS: 430 *`)
  })
})

/** Asks until the node holds so many articles. */
async function arrivalsOf(client: RawClient, wanted: number): Promise<void> {
  for (;;) {
    const groups = await listCounts(client)
    if (groups.reduce((sum, { count }) => sum + count, 0) >= wanted) return
  }
}

/** Whether its only peer has not answered for everything yet. */
async function isBehind(node: ProcessNode): Promise<boolean> {
  const { peers } = JSON.parse((await node.run(['status', '--json'])).stdout)
  return peers[0].behind > 0 || peers[0].deferred > 0
}
