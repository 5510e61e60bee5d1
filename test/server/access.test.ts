import { expect } from 'chai'
import type { Client } from '../../src/client.ts'
import { AccessRules } from '../../src/server/access.ts'
import { Census } from '../../src/server/census.ts'
import { fakeConfig } from '../support/fake-node.ts'

const client = (address: string, account: string): Client => ({
  address,
  secure: false,
  ...(account !== '' && { account: { name: account, roles: new Set(), groups: [] } }),
})

describe('server/access', () => {
  it('lets the last rule decide that matches address and account', () => {
    const config = fakeConfig({
      access: [
        { from: ['0.0.0.0/0', '::/0'], read: 'public.*' },
        { from: ['192.0.2.0/24', '2001:db8::/32'], read: '*,!secret.*', post: 'local.*' },
        { from: ['192.0.2.0/24'], users: 'admin*', read: '*', post: '*', approve: 'local.*' },
        { from: ['192.0.2.99'], read: '', users: '' },
      ],
    })
    const cases: [string, string, { reads: string[]; posts: string[]; all?: boolean }][] = [
      ['198.51.100.1', '', { reads: ['public.x'], posts: [] }],
      ['192.0.2.1', '', { reads: ['public.x', 'local.x'], posts: ['local.x'] }],
      ['::ffff:192.0.2.1', '', { reads: ['public.x', 'local.x'], posts: ['local.x'] }],
      ['2001:db8::1', 'fred', { reads: ['public.x', 'local.x'], posts: ['local.x'] }],
      ['fe80::1%eth0', '', { reads: ['public.x'], posts: [] }],
      [
        '192.0.2.1',
        'admin1',
        { reads: ['public.x', 'local.x', 'secret.x'], posts: ['public.x', 'local.x', 'secret.x'], all: true },
      ],
      ['192.0.2.99', '', { reads: [], posts: [] }],
      ['192.0.2.99', 'fred', { reads: ['public.x', 'local.x'], posts: ['local.x'] }],
    ]
    for (const [address, account, { reads, posts, all = false }] of cases) {
      const access = new AccessRules(config).for(client(address, account))
      const names = ['public.x', 'local.x', 'secret.x']
      const label = `${address} ${account}`
      expect(names.filter(access.mayRead), label).to.deep.equal(reads)
      expect(names.filter(access.poster.mayPost), label).to.deep.equal(posts)
      expect(access.readsAll, label).to.equal(all)
      expect(access.reader, label).to.equal(reads.length > 0)
      expect(access.postsSomewhere, label).to.equal(posts.length > 0)
      expect(access.poster.account).to.equal(account)
    }
    expect(new AccessRules(config).for(client('192.0.2.1', 'admin')).poster.mayApprove('local.m')).to.equal(
      true,
    )
    expect(new AccessRules(config).for(client('192.0.2.1', '')).poster.mayApprove('local.m')).to.equal(false)
  })

  it('lets nobody in where there is no rule', () => {
    const access = new AccessRules(fakeConfig({ access: [] })).for(client('127.0.0.1', ''))
    expect([access.reader, access.postsSomewhere, access.mayRead('local.test')]).to.deep.equal([
      false,
      false,
      false,
    ])
  })

  it('knows peers by their address', () => {
    const rules = new AccessRules(
      fakeConfig({
        peer: [
          {
            name: 'a.example',
            aliases: ['old.a.example'],
            from: ['192.0.2.7', '2001:db8::/32'],
            accept: 'comp.*,!comp.x',
          },
          { name: 'out.example', to: 'out.example:119' },
        ],
      }),
    )
    const { source } = rules.for(client('192.0.2.7', ''))
    expect(source).to.include({ peer: 'a.example', address: '192.0.2.7' })
    expect(source?.aliases).to.deep.equal(['old.a.example'])
    expect(['comp.a', 'comp.x', 'rec.a'].map(name => source?.accepts(name))).to.deep.equal([
      true,
      false,
      false,
    ])
    expect(rules.for(client('192.0.2.7', '')).source?.connection).to.not.equal(source?.connection)
    expect(rules.for(client('2001:db8::5', '')).source?.peer).to.equal('a.example')
    expect(rules.for(client('192.0.2.8', '')).source).to.equal(undefined)
    expect(rules.isPeer('192.0.2.7')).to.equal(true)
    expect(rules.isPeer('192.0.2.8')).to.equal(false)
  })
})

describe('server/census', () => {
  const limits = { connections: 5, connections_per_address: 2 }
  const enter = (census: Census, address: string, exempt = false) => census.enter(address, { limits, exempt })

  it('counts by address, IPv6 by its first half, and not loopback or the exempt', () => {
    const census = new Census()
    expect([1, 2, 3].map(() => enter(census, '192.0.2.1'))).to.deep.equal([true, true, false])
    census.leave('192.0.2.1')
    expect(enter(census, '192.0.2.1')).to.equal(true)
    expect(enter(census, '192.0.2.1', true)).to.equal(true)
    const other = new Census()
    expect(
      ['2001:db8::1', '2001:db8:0:0:1::2', '2001:db8::3', '2001:db8:0:1::1'].map(address =>
        enter(other, address),
      ),
    ).to.deep.equal([true, true, false, true])
    expect(['::1', '::1', '::1'].map(address => enter(other, address))).to.deep.equal([true, true, false])
    expect(other.connections).to.equal(5)
  })
})
