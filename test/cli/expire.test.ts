import { expect } from 'chai'
import { Site } from './fake-node.ts'

describe('tidings expire', () => {
  let site: Site
  beforeEach(async () => {
    site = await Site.open()
  })
  afterEach(() => site[Symbol.asyncDispose]())

  const counted = { articles: 1234, octets: 5_000_000, groups: [], done: false }
  const groups = [{ name: 'local.test', articles: 1234, octets: 5_000_000 }]

  it('asks the node, and shows what went in each group', async () => {
    site.node.expired = [counted, { ...counted, groups, done: true }]
    expect((await site.run(['expire', '--groups', 'local.*'])).out).to.equal(
      'local.test      1,234    5.0 MB\n1,234 articles removed, 5.0 MB\n',
    )
    const dry = await site.run(['expire', '--dry-run', '--json'])
    expect(JSON.parse(dry.out)).to.deep.equal({ articles: 1234, octets: 5_000_000, groups })
    expect(site.node.calls).to.deep.equal([
      { dryRun: false, groups: 'local.*' },
      { dryRun: true, rules: [] },
    ])
  })
})
