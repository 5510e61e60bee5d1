import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { Level } from 'level'
import { FakeProcess } from '../cli/fake-process.ts'
import { auditStore } from '../support/auditor/auditor.ts'
import { Network, type Site } from '../support/network.ts'
import { anyone, proto } from '../support/node.ts'
import type { RawClient } from '../support/raw-client.ts'
import { RunningSite } from '../support/running-site.ts'

const settings =
  '[auth]\nplaintext_from = ["127.0.0.0/8"]\n[[peer]]\nname = "peer.example"\nfrom = ["127.0.0.1"]\naccept = "*"\n'

async function loggedIn(site: RunningSite, name: string): Promise<RawClient> {
  const client = await site.connect()
  await client.play(`
    C: AUTHINFO USER ${name}
    S: 381 *
    C: AUTHINFO PASS s3cret
    S: 281 *`)
  return client
}

const posting = (id: string, more = '') => `
      C: POST
      S: 340 *
      C: From: a@example.org
      C: Subject: s${more}
      C: Newsgroups: local.test
      C: Message-ID: ${id}
      C:
      C: Hello.
      C: .`

const cancelling = (target: string, id: string) => posting(id, `\n      C: Control: cancel ${target}`)

describe('cancels on a node', function () {
  this.timeout(30_000)

  it('are posted by the author alone, superseding articles too, and leave a store that agrees with itself', async () => {
    await using site = await RunningSite.start('news.example', settings)
    for (const name of ['ann', 'bob'])
      await site.run(['user', 'add', name, '--password-stdin'], new FakeProcess({ input: 's3cret\n' }))
    const [ann, bob] = [await loggedIn(site, 'ann'), await loggedIn(site, 'bob')]
    await ann.play(`${posting('<1@x>')}
      S: 240 *${posting('<2@x>')}
      S: 240 *`)
    await bob.play(`${cancelling('<1@x>', '<c1@x>')}
      S: 441 Article <1@x> is not known to be yours
      C: STAT <1@x>
      S: 223 *`)
    await ann.play(`${cancelling('<1@x>', '<c2@x>')}
      S: 240 *
      C: STAT <1@x>
      S: 430 *${posting('<3@x>', '\n      C: Supersedes: <2@x>')}
      S: 240 *
      C: STAT <2@x>
      S: 430 *
      C: GROUP local.test
      S: 211 1 3 3 local.test
      C: LIST ACTIVE control*
      S: 215 *
      S: .
      C: HDR Control <c2@x>
      S: 225 *
      S: 0 cancel <1@x>
      S: .
      C: QUIT
      S: 205 *`)

    expect((await site.run(['verify'])).code).to.equal(0)
    await site.end()
    const audit = readFileSync(join(site.folder, 'data/audit/audit.log'), 'utf8')
    const lines = audit.split('\n').filter(line => line.includes('"event":"cancel"'))
    const told = lines
      .map(line => JSON.parse(line))
      .map(it => `${it.how} ${it.target} ${it.result} ${it.why}`)
    expect(told).to.deep.equal([
      'cancel <1@x> refused not the author',
      'cancel <1@x> done key',
      'supersedes <2@x> done key',
    ])
  })

  it('are remembered before their article, and the auditor sees where', async () => {
    await using site = await RunningSite.start('news.example', settings)
    const key = Buffer.from('a secret').toString('base64')
    const lock = createHash('sha256').update(key).digest('base64')
    const peer = await site.connect()
    const date = new Date().toUTCString().replace('GMT', '+0000')
    const bring = (id: string, field: string) => `
      C: IHAVE ${id}
      S: 335 *
      C: Path: peer.example!x
      C: From: a@example.org
      C: Newsgroups: local.test
      C: Subject: s
      C: Date: ${date}
      C: Message-ID: ${id}
      C: ${field}
      C:
      C: Hello.
      C: .`
    const cancels = [1, 2, 3].map(
      at => `${bring(`<c${at}@x>`, `Control: cancel <${at}@x>\n      C: Cancel-Key: sha256:${key}`)}
      S: 235 *`,
    )
    await peer.play(`${cancels.join('')}${bring('<1@x>', `Cancel-Lock: sha256:${lock}`)}
      S: 437 Article was cancelled before it came
      C: CHECK <1@x>
      S: 438 <1@x>
      C: QUIT
      S: 205 *`)
    expect((await site.run(['verify'])).code).to.equal(0)
    await site.end()
    // Once more, so that the journal is empty.
    await site.begin()
    await site.end()
    const data = join(site.folder, 'data')
    expect((await auditStore(data, ['<c1@x>', '<c2@x>', '<c3@x>'])).faults).to.deep.equal([])
    const state = new Level<Buffer, Buffer>(join(data, 'state'), { keyEncoding: 'buffer' })
    for await (const name of state.keys({ gte: Buffer.from('s'), lt: Buffer.from('t') }))
      await state.del(name)
    await state.close()
    expect((await auditStore(data)).faults.join('\n')).to.match(/has no place in the ring/)
  })

  it('by the operator go to peers where they are to, for what was posted here', async () => {
    await using site = await RunningSite.start('news.example', settings)
    await site.post('<1@x>')
    await site.post('<2@x>')
    expect(await site.run(['article', 'cancel', '1@x'])).to.include({ code: 0, out: 'cancelled <1@x>\n' })
    expect(await site.run(['article', 'cancel', '--send', '2@x'])).to.include({ code: 0 })
    expect((await site.run(['article', 'cancel', '--send', '2@x'])).err).to.contain('no article <2@x>')
    const peer = await site.connect()
    const date = new Date().toUTCString().replace('GMT', '+0000')
    await peer.play(`
      C: IHAVE <3@x>
      S: 335 *
      C: Path: peer.example!x
      C: From: a@example.org
      C: Newsgroups: local.test
      C: Subject: s
      C: Date: ${date}
      C: Message-ID: <3@x>
      C:
      C: Hello.
      C: .
      S: 235 *
      C: QUIT
      S: 205 *`)
    expect((await site.run(['article', 'cancel', '--send', '3@x'])).err).to.contain('was not posted here')
    expect(await site.metrics()).to.contain('tidings_cancels_total{how="cancel",result="done"} 1')
  })
})

describe('cancels between nodes', () => {
  const alice = { ...anyone, account: 'alice', mayApprove: () => false }
  const post = (site: Site, fields: Record<string, string>) =>
    site.node.feed.inject(proto({ From: 'a@example.org', Subject: 's', ...fields }), alice)
  const isKnown = (site: Site, id: string) => async () =>
    (await site.node.storage.history.lookup(id)) === 'have'
  const isGone = (site: Site, id: string) => async () =>
    (await site.node.storage.history.lookup(id)) === 'gone'

  it('go where the article went and no further, and take it away there', async () => {
    await using network = new Network()
    const a = await network.site('a.example', {
      peers: { 'b.example': {}, 'c.example': { send: '*,!local.test' } },
    })
    const b = await network.site('b.example', { peers: { 'a.example': {} } })
    const c = await network.site('c.example', { peers: { 'a.example': {} } })
    const group = { Newsgroups: 'local.test' }
    await post(a, { ...group, 'Message-ID': '<1@x>' })
    await network.until('the article on b', isKnown(b, '<1@x>'))
    await post(a, { ...group, 'Message-ID': '<c@x>', Control: 'cancel <1@x>' })
    await post(a, { Newsgroups: 'local.other', 'Message-ID': '<2@x>' })
    await network.until('the cancel on b', isGone(b, '<1@x>'))
    await network.until('another article on c', isKnown(c, '<2@x>'))
    expect(await b.articles('local.test')).to.deep.equal([])
    expect(await b.field('Xref', '<c@x>')).to.equal('b.example control.cancel:1')
    expect(await c.node.storage.history.lookup('<c@x>')).to.equal('new')
  })

  it('take the article away wherever they meet it, whichever of the two is there first', async () => {
    await using network = new Network()
    const a = await network.site('a.example', { peers: { 'b.example': { send: '' } } })
    const b = await network.site('b.example', { peers: { 'a.example': {} } })
    const group = { Newsgroups: 'local.test' }
    await post(a, { ...group, 'Message-ID': '<1@x>' })
    const wire = async (id: string) => (await a.node.storage.reading.articleById(id))?.transfer
    const target = await wire('<1@x>')
    await post(a, { ...group, 'Message-ID': '<c@x>', Control: 'cancel <1@x>' })
    const cancel = await wire('<c@x>')
    const client = await b.session('a.example')
    for (const [id, octets, answer] of [
      ['<c@x>', cancel, '239'],
      ['<1@x>', target, '439'],
    ] as const) {
      client.send(`TAKETHIS ${id}\r\n`)
      client.send(octets ?? '')
      expect((await client.line()).slice(0, answer.length + 1 + id.length)).to.equal(`${answer} ${id}`)
    }
    client.end()
    expect(await b.articles('local.test')).to.deep.equal([])
  })
})
