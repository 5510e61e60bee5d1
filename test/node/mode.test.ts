import { connect } from 'node:net'
import { expect } from 'chai'
import { RawClient } from '../support/raw-client.ts'
import { RunningSite } from '../support/running-site.ts'

const peer = '[[peer]]\nname = "feeder.example"\nfrom = ["127.0.0.1"]\naccept = "*"\n'

describe('mode, on a whole node', () => {
  let site: RunningSite
  before(async () => {
    site = await RunningSite.start('modes.example', peer)
  })
  after(() => site[Symbol.asyncDispose]())

  it('is running at first, and refuses a reason for it', async () => {
    expect(await site.json('mode')).to.deep.equal({ mode: 'running', reason: '' })
    expect((await site.run(['mode', 'running', '--reason', 'x'])).code).to.equal(64)
    expect((await site.run(['mode', '--reason', 'x'])).code).to.equal(64)
    expect((await site.run(['mode', 'paused', '--reason', 'a\nb'])).err).to.contain('printable ASCII')
    expect((await site.run(['mode', 'asleep'])).err).to.contain('running, paused, throttled')
  })

  it('paused: posts and offers are put off with the reason, all else goes on', async () => {
    const there = await site.connect()
    await site.post('<before@modes.example>')
    expect(await site.run(['mode', 'paused', '--reason', 'new disk'])).to.include({
      out: 'paused: new disk\n',
    })
    const why = 'Not accepting articles now, try again later: new disk'
    expect((await site.json('status')).troubles).to.deep.equal([why])
    const refused = await site.post('<during@modes.example>').catch(String)
    expect(refused).to.contain(why)
    await there.play(`
      C: CHECK <x@modes.example>
      S: 431 <x@modes.example>
      C: IHAVE <x@modes.example>
      S: 436 *
      C: STAT <before@modes.example>
      S: 223 0 <before@modes.example>
    `)
    await (await site.connect()).play(`
      C: GROUP local.test
      S: 211 1 1 1 local.test
    `)
    // An administrator who takes nothing can still do his work.
    expect((await site.run(['group', 'add', 'local.later'])).code).to.equal(0)
    expect((await site.run(['group', 'remove', 'local.later'])).code).to.equal(0)
  })

  it('throttled: nobody new is let in, those who are there stay', async () => {
    const there = await site.connect()
    expect((await site.run(['mode', 'throttled'])).out).to.equal('throttled: by its administrator\n')
    const newcomer = new RawClient(connect(site.port, '127.0.0.1'))
    expect(await newcomer.line()).to.equal(
      '400 Not taking connections now, try again later: by its administrator',
    )
    await there.play(`
      C: DATE
      S: 111 *
      C: CHECK <x@modes.example>
      S: 431 <x@modes.example>
    `)
  })

  it('running again: as before', async () => {
    expect((await site.run(['mode', 'running'])).out).to.equal('running\n')
    await site.post('<after@modes.example>')
    expect((await site.json('status')).troubles).to.deep.equal([])
    await (await site.connect()).play(`
      C: STAT <after@modes.example>
      S: 223 *
      C: STAT <during@modes.example>
      S: 430 *
    `)
  })

  it('is running after a start', async () => {
    await site.run(['mode', 'paused'])
    await site.end()
    await site.begin()
    expect(await site.json('mode')).to.deep.equal({ mode: 'running', reason: '' })
  })
})
