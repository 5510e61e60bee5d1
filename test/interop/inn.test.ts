import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { Inn, inn } from '../support/inn.ts'
import { needs } from '../support/needs.ts'
import type { RawClient } from '../support/raw-client.ts'
import { RunningSite } from '../support/running-site.ts'

const group = 'local.test'
const innName = 'inn.example'

/** Where each of our nodes calls from: that is how INN tells them apart. INN calls from 127.0.0.1. */
const addresses = { 'a.example': '127.0.0.2', 'b.example': '127.0.0.3' }
type Name = keyof typeof addresses

interface Sites extends AsyncDisposable {
  readonly a: RunningSite
  readonly b: RunningSite
  readonly inn: Inn
}

const section = (peer: { name: string; from: string; to: number; bind: string }) =>
  `[[peer]]\nname = "${peer.name}"\nfrom = ["${peer.from}"]\nto = "127.0.0.1:${peer.to}"\nbind = "${peer.bind}"\naccept = "*"\nsend = "*"\n`

/** a and b with INN between them; in a ring they feed each other too. */
async function sites(ring: boolean): Promise<Sites> {
  const a = await RunningSite.start('a.example')
  const b = await RunningSite.start('b.example')
  const peers = [a, b].map(site => {
    const name = site.name as Name
    return { name, address: addresses[name], port: site.port }
  })
  const between = await Inn.start({ name: innName, groups: [group, 'local.other'], peers })
  for (const [site, other] of [
    [a, b],
    [b, a],
  ] as const) {
    const bind = addresses[site.name as Name]
    const from = addresses[other.name as Name]
    const toInn = section({ name: innName, from: '127.0.0.1', to: between.port, bind })
    site.write(ring ? toInn + section({ name: other.name, from, to: other.port, bind }) : toInn)
    expect((await site.run(['reload'])).code).to.equal(0)
  }
  return {
    a,
    b,
    inn: between,
    async [Symbol.asyncDispose]() {
      await between[Symbol.asyncDispose]()
      await a[Symbol.asyncDispose]()
      await b[Symbol.asyncDispose]()
    },
  }
}

async function post(connect: () => Promise<RawClient>, ids: readonly string[]): Promise<void> {
  const client = await connect()
  for (const id of ids) {
    client.send('POST\r\n')
    expect(await client.line()).to.match(/^340 /)
    client.send(
      `From: Ann Åberg <ann@example.org>\r\nNewsgroups: ${group}\r\nSubject: Grüße\r\n` +
        `X-Folded: one\r\n\ttwo\r\nMessage-ID: ${id}\r\n\r\n..dots, and 8-bit: é\r\n\r\nend\r\n.\r\n`,
    )
    expect(await client.line(), id).to.match(/^240 /)
  }
  client.send('QUIT\r\n')
  await client.rest()
}

const ids = (count: number, from: string) => Array.from({ length: count }, (_, at) => `<${at + 1}@${from}>`)

async function held(connect: () => Promise<RawClient>): Promise<string[]> {
  const client = await connect()
  client.send(`GROUP ${group}\r\n`)
  await client.line()
  client.send('XHDR Message-ID 1-\r\n')
  const lines = /^221 /.test(await client.line()) ? await client.block() : []
  client.send('QUIT\r\n')
  await client.rest()
  return lines.map(line => line.slice(line.indexOf(' ') + 1)).sort()
}

/** Header fields but for Path and Xref, and the body. */
async function article(connect: () => Promise<RawClient>, id: string) {
  const client = await connect()
  client.send(`ARTICLE ${id}\r\n`)
  expect(await client.line()).to.match(/^220 /)
  const lines = await client.block()
  client.send('QUIT\r\n')
  await client.rest()
  const path = lines.find(line => line.startsWith('Path: ')) ?? ''
  return { path, rest: lines.filter(line => !/^(?:Path|Xref): /.test(line)) }
}

/** Polls: INN says nothing when an article has come. */
async function everywhere({ a, b, inn: between }: Sites, wanted: readonly string[]): Promise<void> {
  const places = [a, between, b]
  for (;;) {
    const lists = await Promise.all(places.map(place => held(() => place.connect())))
    if (lists.every(list => list.length >= wanted.length)) break
    await new Promise(resolve => setTimeout(resolve, 100))
  }
  for (const place of places) expect(await held(() => place.connect())).to.deep.equal([...wanted].sort())
}

async function identical({ a, b, inn: between }: Sites, id: string): Promise<string[]> {
  const copies = await Promise.all([a, between, b].map(place => article(() => place.connect(), id)))
  for (const { rest } of copies) expect(rest).to.deep.equal(copies[0]?.rest)
  return copies.map(({ path }) => path)
}

/** Polls: nobody says when a cancel was carried out. */
async function goneEverywhere({ a, b, inn: between }: Sites, id: string): Promise<void> {
  for (const place of [a, between, b])
    for (;;) {
      const client = await place.connect()
      client.send(`STAT ${id}\r\nQUIT\r\n`)
      const answer = await client.line()
      await client.rest()
      if (/^430 /.test(answer)) break
      await new Promise(resolve => setTimeout(resolve, 100))
    }
}

describe('INN', function () {
  this.timeout(120_000)
  before(function () {
    needs(this, inn)
  })

  it('stands between two nodes: what is posted anywhere is everywhere once, the same but for Path and Xref', async () => {
    await using all = await sites(false)
    const { a, b, inn: between } = all
    const posted = [ids(40, 'a.example'), ids(40, 'b.example'), ids(20, innName)]
    await Promise.all([
      post(() => a.connect(), posted[0] ?? []),
      post(() => b.connect(), posted[1] ?? []),
      post(() => between.connect(), posted[2] ?? []),
    ])
    await everywhere(all, posted.flat())

    const [onA, onInn, onB] = await identical(all, '<1@a.example>')
    expect(onA).to.equal('Path: a.example!.POSTED.127.0.0.1!not-for-mail')
    expect(onInn).to.match(/^Path: inn\.example!+a\.example!\.POSTED/)
    expect(onB).to.match(/^Path: b\.example!!inn\.example!+a\.example!\.POSTED/)
    await identical(all, '<1@b.example>')
    await identical(all, `<1@${innName}>`)
    for (const site of [a, b]) {
      const [peer] = await site.json('peer', 'list')
      expect(peer).to.include({ name: innName })
      expect(peer.out).to.include({ accepted: 40, rejected: 0, behind: 0, gone: 0 })
      expect(peer.in).to.include({ useful: 60, late: 0 })
      expect(peer.in.refused).to.deep.equal([])
    }
  })

  it('is one of three in a ring, and every article is everywhere once', async () => {
    await using all = await sites(true)
    const { a, b, inn: between } = all
    const posted = [ids(40, 'a.example'), ids(40, 'b.example'), ids(20, innName)]
    await Promise.all([
      post(() => a.connect(), posted[0] ?? []),
      post(() => b.connect(), posted[1] ?? []),
      post(() => between.connect(), posted[2] ?? []),
    ])
    await everywhere(all, posted.flat())
    for (const id of posted.map(([first = '']) => first)) await identical(all, id)
  })

  it('feeds us a batch with innxmit by streaming, and again without harm', async () => {
    await using all = await sites(false)
    const { a, b, inn: between } = all
    await post(() => between.connect(), ids(100, innName))
    await everywhere(all, ids(100, innName))

    await between.program('ctlinnd', '-s', 'flush', 'batch')
    const batch = join(between.folder, 'spool/outgoing/batch')
    const listed = (await readFile(batch, 'utf8')).trim().split('\n')
    expect(listed).to.have.length(100)
    await using c = await RunningSite.start(
      'c.example',
      `[[peer]]\nname = "${innName}"\nfrom = ["127.0.0.1"]\naccept = "*"\n`,
    )
    for (const useful of [100, 0]) {
      const before = (await c.json('peer', 'show', innName)).in
      const again = between.file('again', `${listed.join('\n')}\n`)
      const said = await between.program('innxmit', '-d', '-P', `${c.port}`, '127.0.0.1', again)
      const after = (await c.json('peer', 'show', innName)).in
      expect(after.useful - before.useful, said).to.equal(useful)
      expect(after.refused).to.deep.equal([])
    }
    expect(await held(() => c.connect())).to.deep.equal(ids(100, innName).sort())
    expect(await held(() => a.connect())).to.deep.equal(await held(() => b.connect()))
  })

  it('carries out our cancels by their Cancel-Key, and we carry out its', async () => {
    await using all = await sites(false)
    const { a, inn: between } = all
    const posted = ['<1@a.example>', '<2@a.example>', `<1@${innName}>`, `<2@${innName}>`]
    await post(() => a.connect(), posted.slice(0, 2))
    await post(() => between.connect(), posted.slice(2))
    await everywhere(all, posted)

    const { code, err } = await a.run(['article', 'cancel', '--send', posted[0] ?? ''])
    expect(code, err).to.equal(0)
    await goneEverywhere(all, posted[0] ?? '')
    const cancel = await between.program('gencancel', '-f', 'news@inn.example', posted[2] ?? '')
    const client = await between.connect()
    client.send(`POST\r\n${cancel.replace(/\r?\n/g, '\r\n')}.\r\n`)
    expect(await client.line()).to.match(/^340 /)
    expect(await client.line()).to.match(/^240 /)
    client.send('QUIT\r\n')
    await client.rest()
    await goneEverywhere(all, posted[2] ?? '')
    await everywhere(all, [posted[1] ?? '', posted[3] ?? ''])
  })
})
