import { expect } from 'chai'
import { Site } from './fake-node.ts'

describe('tidings verify', () => {
  let site: Site
  beforeEach(async () => {
    site = await Site.open()
  })
  afterEach(() => site[Symbol.asyncDispose]())

  const sound = { checked: 12_345, kinds: [], fetched: 0, done: true, sound: true }
  const kinds = [{ kind: 'history', found: 2, mended: 0, examples: ['<a@b> does not lead to article 3'] }]

  it('shows what is wrong, and ends with 65 then', async () => {
    site.node.verified = [{ ...sound, kinds, sound: false }]
    expect(await site.run(['verify'])).to.deep.equal({
      code: 65,
      out:
        'history: 2 wrong, 0 put right\n  <a@b> does not lead to article 3\n' +
        '12,345 values looked at: the store is damaged\n',
      err: 'Run it again with --repair to put right what can be made again.\n',
    })
  })

  it('ends with 0 where nothing is, or nothing is any more', async () => {
    site.node.verified = [sound]
    expect(await site.run(['verify'])).to.include({
      code: 0,
      out: '12,345 values looked at: all is well\n',
    })
    expect(JSON.parse((await site.run(['verify', '--repair', '--json'])).out)).to.deep.equal(sound)
    expect(site.node.calls).to.deep.equal([{ repair: false }, { repair: true }])
  })
})
