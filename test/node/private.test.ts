import { expect } from 'chai'
import type { Arrival } from '../../src/storage/reading.ts'
import { Network, type Site } from '../support/network.ts'

const insides = [{ pattern: 'local.other', private: true }]

async function standing({ node }: Site, id: string): Promise<string> {
  const { reading } = node.storage
  const located = await reading.locateId(id)
  const [row] = located ? await reading.arrivals((located.arrival - 1) as Arrival, 1) : []
  const found = row && (await node.peering.standing('b.example', row))
  return found === undefined ? 'nothing' : found.send ? 'send' : found.why
}

describe('private hierarchies', () => {
  it('leave by no feed, and are not crossposted to others', async () => {
    await using network = new Network()
    const peers = { 'b.example': { accept: '*', send: '*' }, 'c.example': { send: '' } }
    const a = await network.site('a.example', { peers, config: { hierarchy: insides } })
    const b = await network.site('b.example', { peers: { 'a.example': { send: '' } } })
    expect(await a.post({ Newsgroups: 'local.other', 'Message-ID': '<in@a>' })).to.match(/^240 /)
    expect(await a.post({ Newsgroups: 'local.test', 'Message-ID': '<out@a>' })).to.match(/^240 /)
    expect(await a.post({ Newsgroups: 'local.test,local.other' })).to.equal(
      '441 Crosspost between the private newsgroup "local.other" and others',
    )
    await network.until('the other arrives', async () => (await b.articles('local.test')).length === 1)
    expect(await b.articles('local.other')).to.deep.equal([])
    expect(await a.articles('local.other')).to.deep.equal(['<in@a>'])
    expect(await standing(a, '<in@a>')).to.equal('private')
    expect(network.offers('a.example', 'b.example').join()).to.not.contain('<in@a>')

    const feeder = await a.session('b.example')
    const header = `From: a@x.example\r\nSubject: s\r\nDate: ${new Date(network.clock.now()).toUTCString()}\r\n`
    const article = (id: string, groups: string) =>
      `Path: b.example!not-for-mail\r\n${header}Newsgroups: ${groups}\r\nMessage-ID: ${id}\r\n\r\nbody\r\n.`
    feeder.send(`TAKETHIS <cross@b>\r\n${article('<cross@b>', 'local.other,no.such')}\r\n`)
    expect(await feeder.line()).to.equal(
      '439 <cross@b> Crosspost between the private newsgroup "local.other" and others',
    )
    const other = await a.session('c.example')
    other.send('CHECK <cross@b>\r\n')
    expect(await other.line()).to.equal('238 <cross@b>') // the copy of another peer may be good
    other.end()
    feeder.end()
  })

  it('stay in when the group or the rule goes', async () => {
    await using network = new Network()
    const config: { hierarchy?: object } = { hierarchy: insides }
    const a = await network.site('a.example', { peers: { 'b.example': {} }, config })
    await a.post({ Newsgroups: 'local.other', 'Message-ID': '<in@a>' })
    delete config.hierarchy
    await a.peer({ 'b.example': {} })
    expect(a.config.hierarchy).to.deep.equal([])
    expect(await standing(a, '<in@a>')).to.equal('local only')
  })

  it('shut in what was there before the rule', async () => {
    await using network = new Network()
    const config: { hierarchy?: object } = {}
    const peers = { 'b.example': {} }
    const a = await network.site('a.example', { peers, config })
    await a.post({ Newsgroups: 'local.test,local.other', 'Message-ID': '<early@a>' })
    expect(await standing(a, '<early@a>')).to.equal('send')
    config.hierarchy = insides
    await a.peer(peers)
    expect(await standing(a, '<early@a>')).to.equal('private')
  })
})
