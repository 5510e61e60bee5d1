import { expect } from 'chai'
import type { Client, Role } from '../../src/client.ts'
import { AccessRules } from '../../src/server/access.ts'
import { fakeConfig } from '../support/fake-node.ts'

interface Login {
  readonly groups?: readonly string[]
  readonly roles?: readonly Role[]
}

const everything: readonly Role[] = ['poster', 'moderator']

const client = (
  address: string,
  account: string,
  { groups = [], roles = everything }: Login = {},
): Client => ({
  address,
  secure: false,
  ...(account !== '' && { account: { name: account, roles: new Set(roles), groups } }),
})

describe('server/access', () => {
  it('knows who may read what strangers may not', () => {
    const privileged = (access: readonly object[], who: Client) =>
      new AccessRules(fakeConfig({ access })).isPrivileged(who)
    const local = [{ read: 'public.*' }, { from: ['192.0.2.0/24'], read: '*' }]
    expect(privileged(local, client('192.0.2.1', ''))).to.equal(true)
    expect(privileged(local, client('198.51.100.1', ''))).to.equal(false)
    expect(privileged(local, client('198.51.100.1', 'fred'))).to.equal(true)
    expect(privileged([{ from: ['192.0.2.0/24'], read: '*' }], client('192.0.2.1', ''))).to.equal(true)
    // Where strangers may read everything there is nothing to be kept from them.
    expect(privileged([{ read: '*' }, { users: 'fred', post: '*' }], client('192.0.2.1', 'fred'))).to.equal(
      false,
    )
    expect(privileged([], client('192.0.2.1', ''))).to.equal(false)
  })

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

  it('says what is held for release by the rule that counts', () => {
    const rules = new AccessRules(
      fakeConfig({
        access: [
          { read: '*', post: '*' },
          { groups: ['pupils'], read: '*', post: '*', hold: 'local.*,!local.test' },
        ],
      }),
    )
    const held = (groups: string[]) => {
      const { holds } = rules.for(client('::1', 'ann', { groups })).poster
      return holds && ['public.x', 'local.x', 'local.test'].filter(holds)
    }
    expect(held(['pupils'])).to.deep.equal(['local.x'])
    expect(held([])).to.equal(undefined)
  })

  it('tells groups of accounts apart, and lets only the last rule count', () => {
    const rules = new AccessRules(
      fakeConfig({
        access: [
          { users: '', read: 'public.*' },
          { users: '?*', read: '*,!staff.*', post: 'public.*' },
          { groups: ['staff', 'board'], users: '*', read: '*', post: '*', posts_per_hour: 9 },
          { groups: ['guests'], read: 'public.*', connections: 2 },
        ],
      }),
    )
    const reads = (groups: string[]) =>
      ['public.x', 'local.x', 'staff.x'].filter(rules.for(client('::1', 'ann', { groups })).mayRead)
    expect(reads([])).to.deep.equal(['public.x', 'local.x'])
    expect(reads(['board'])).to.deep.equal(['public.x', 'local.x', 'staff.x'])
    expect(reads(['board', 'guests'])).to.deep.equal(['public.x'])
    expect(rules.for(client('::1', '')).mayRead('staff.x')).to.equal(false)
    expect(rules.ruleOf(client('::1', 'ann', { groups: ['staff'] }))).to.equal(2)
    expect(rules.for(client('::1', 'ann', { groups: ['staff'] })).limits).to.deep.equal({ posts_per_hour: 9 })
    expect(rules.for(client('::1', 'ann', { groups: ['guests'] })).limits).to.deep.equal({ connections: 2 })
    expect(rules.for(client('::1', 'ann')).limits).to.deep.equal({})
  })

  it('lets the roles of an account say what it does where the rule lets it', () => {
    const rules = new AccessRules(fakeConfig({ access: [{ read: '*', post: '*', approve: 'local.*' }] }))
    const may = (...roles: Role[]) => {
      const { reader, postsSomewhere, poster } = rules.for(client('::1', 'ann', { roles }))
      return [reader, postsSomewhere, poster.mayApprove('local.m'), poster.mayApprove('comp.m')]
    }
    expect(may()).to.deep.equal([false, false, false, false])
    expect(may('reader')).to.deep.equal([true, false, false, false])
    expect(may('poster')).to.deep.equal([true, true, false, false])
    expect(may('moderator')).to.deep.equal([true, false, true, false])
    expect(may('moderator', 'poster')).to.deep.equal([true, true, true, false])
    expect(may('admin')).to.deep.equal([true, false, false, false])
    expect(may('peer')).to.deep.equal([false, false, false, false])
    expect(may('peer', 'reader')).to.deep.equal([true, false, false, false])
  })

  it('hides groups with a denied label from reading, posting and approving', () => {
    const rules = new AccessRules(
      fakeConfig({
        hierarchy: [
          { pattern: '*', labels: ['public'] },
          { pattern: 'alt.sex.*', labels: ['adult'] },
          { pattern: 'alt.sex.education' },
        ],
        access: [
          { read: '*', post: '*', approve: '*', deny_labels: ['adult'] },
          { users: 'ann', read: '*', post: '*' },
        ],
      }),
    )
    const { mayRead, readsAll, poster } = rules.for(client('::1', ''))
    const names = ['alt.sex.stories', 'alt.sex.education', 'comp.x']
    for (const may of [mayRead, poster.mayPost, poster.mayApprove, poster.maySee])
      expect(names.filter(name => may?.(name))).to.deep.equal(['alt.sex.education', 'comp.x'])
    expect(readsAll).to.equal(false)
    expect(rules.for(client('::1', 'ann')).readsAll).to.equal(true)
  })

  it('asks for a login only where one would give more', () => {
    const helps = (access: object[], address = '192.0.2.1') =>
      new AccessRules(fakeConfig({ access })).for(client(address, '')).loginHelps
    expect(helps([])).to.equal(false)
    expect(helps([{ read: '*', post: '*' }])).to.equal(false)
    expect(helps([{ users: '?*', read: '*' }])).to.equal(true)
    expect(helps([{ users: '', read: '' }, { groups: ['staff'] }])).to.equal(true)
    expect(helps([{ read: '*' }, { users: 'ann', read: '*', post: '*' }])).to.equal(true)
    expect(
      helps([
        { read: '*', post: '*' },
        { users: 'ann', read: 'local.*' },
      ]),
    ).to.equal(false)
    expect(helps([{ users: '?*' }, { read: 'local.*' }])).to.equal(false) // the last rule is for all
    expect(helps([{ from: ['198.51.100.0/24'], users: '?*' }])).to.equal(false)
    const rules = new AccessRules(fakeConfig({ access: [{ read: '' }, { users: 'ann' }] }))
    expect(rules.for(client('::1', 'bob')).loginHelps).to.equal(false) // is logged in already
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
    expect(rules.doorOf('192.0.2.7')).to.deep.equal({ exempt: true, own: undefined })
    expect(rules.doorOf('192.0.2.8').exempt).to.equal(false)
  })
})
