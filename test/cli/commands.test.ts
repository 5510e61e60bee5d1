import { expect } from 'chai'
import { Site } from './fake-node.ts'

describe('tidings commands', () => {
  let site: Site
  beforeEach(async () => {
    site = await Site.open()
  })
  afterEach(() => site[Symbol.asyncDispose]())

  it('says what to do when the node is not running', async () => {
    await site.stop()
    for (const words of [['status'], ['stop'], ['reload'], ['group', 'list'], ['tail', '*'], ['export']]) {
      const { code, err } = await site.run(words)
      expect(code, words.join(' ')).to.equal(69)
      expect(err).to.contain('the node is not running').and.contain('run "tidings start"')
    }
  })

  it('stops the node and waits for it', async () => {
    expect(await site.run(['stop'])).to.deep.equal({ code: 0, out: 'The node has stopped.\n', err: '' })
    expect((await site.run(['stop'])).code).to.equal(69)
  })

  it('reloads and shows what changed', async () => {
    expect((await site.run(['reload'])).out).to.equal('Nothing has changed.\n')
    site.node.outcome = { applied: ['limits.headers'], restart: ['listen.nntp'], warnings: ['w'] }
    expect(await site.run(['reload'])).to.deep.equal({
      code: 0,
      out: 'applied        limits.headers\nneeds restart  listen.nntp\n',
      err: 'warning: w\n',
    })
    expect(JSON.parse((await site.run(['reload', '--json'])).out)).to.deep.equal(site.node.outcome)
  })

  it('has the words of the search made again by the running node', async () => {
    expect(await site.run(['rebuild', '--search'])).to.deep.include({ code: 0, err: '' })
    expect(site.node.calls).to.deep.equal(['search.rebuild'])
  })
})
