import { expect } from 'chai'
import type { Client, Role } from '../../src/client.ts'
import type { Source } from '../../src/feed/feed.ts'
import { PeerPresence } from '../../src/server/peer-presence.ts'
import { PeerSources } from '../../src/server/peer-source.ts'
import { fakeConfig } from '../support/fake-node.ts'

const key = `sha256:${'ab'.repeat(32)}`
const { peer: peers } = fakeConfig({
  peer: [
    { name: 'addr.example', from: ['192.0.2.0/24'] },
    { name: 'name.example', certificate: ['News.Name.Example'], aliases: ['old.example'] },
    { name: 'key.example', certificate: [key.toUpperCase()] },
    { name: 'login.example', account: 'Login' },
    { name: 'strict.example', from: ['198.51.100.1'], account: 'strict', require_tls: true },
    { name: 'out.example', to: 'out.example:119' },
  ],
})

interface Shown {
  readonly address?: string
  readonly secure?: boolean
  readonly names?: readonly string[]
  readonly fingerprint?: string
  readonly trusted?: boolean
  readonly login?: string
  readonly roles?: readonly Role[]
}

const client = ({ address = '203.0.113.9', secure = false, login, ...shown }: Shown): Client => ({
  address,
  secure,
  ...(login !== undefined && {
    account: { name: login, roles: new Set(shown.roles ?? ['peer']), groups: [] },
  }),
  ...((shown.names !== undefined || shown.fingerprint !== undefined) && {
    certificate: {
      names: shown.names ?? [],
      fingerprint: shown.fingerprint ?? `sha256:${'00'.repeat(32)}`,
      trusted: shown.trusted ?? true,
    },
  }),
})

const cases: readonly [string, Shown, string][] = [
  ['an address', { address: '192.0.2.5' }, 'addr.example by address'],
  ['an address mapped into IPv6', { address: '::ffff:192.0.2.5' }, 'addr.example by address'],
  ['nothing', {}, 'nobody'],
  ['a name', { secure: true, names: ['other.example', 'news.name.example'] }, 'name.example by certificate'],
  [
    'a name by an unknown authority',
    { secure: true, names: ['news.name.example'], trusted: false },
    'nobody',
  ],
  ['a part of a name', { secure: true, names: ['name.example'] }, 'nobody'],
  ['a wildcard', { secure: true, names: ['*.name.example'] }, 'nobody'],
  [
    'a key, whoever issued it',
    { secure: true, fingerprint: key, trusted: false },
    'key.example by certificate',
  ],
  ['a name that looks like a key', { secure: true, names: [key.slice('sha256:'.length)] }, 'nobody'],
  ['a login', { login: 'Login' }, 'login.example by account'],
  ['a login in other letters', { login: 'login' }, 'nobody'],
  ['a login without the role', { login: 'Login', roles: ['reader', 'admin'] }, 'nobody'],
  ['an account that no peer names', { login: '' }, 'nobody'],
  [
    'certificate before account before address',
    { address: '192.0.2.5', secure: true, fingerprint: key, login: 'Login' },
    'key.example by certificate',
  ],
  ['account before address', { address: '192.0.2.5', login: 'Login' }, 'login.example by account'],
  ['an address that needs TLS', { address: '198.51.100.1' }, 'nobody'],
  ['an address over TLS', { address: '198.51.100.1', secure: true }, 'strict.example by address'],
  ['an account that needs TLS', { login: 'strict' }, 'nobody'],
  ['an account over TLS', { login: 'strict', secure: true }, 'strict.example by account'],
]

describe('server/peer-source', () => {
  const sources = new PeerSources(peers)
  for (const [title, shown, expected] of cases)
    it(`${title}: ${expected}`, () => {
      const source = sources.for(client(shown))
      expect(source === undefined ? 'nobody' : `${source.peer} by ${source.by}`).to.equal(expected)
    })

  it('gives what the section says', () => {
    const source = sources.for(client({ secure: true, names: ['news.name.example'] }))
    expect(source?.aliases).to.deep.equal(['old.example'])
    expect(['comp.x', 'local.x'].map(group => source?.accepts(group))).to.deep.equal([true, false])
    expect(sources.for(client({ login: 'Login' }))?.connection).to.not.equal(source?.connection)
  })

  it('lets clients in that TLS or a login could make a peer', () => {
    const only = (section: object) =>
      new PeerSources(fakeConfig({ peer: [{ name: 'a.example', ...section }] }).peer)
    const plain = client({})
    const secure = client({ secure: true })
    const results = [
      { from: ['192.0.2.1'] },
      { certificate: ['a.example'] },
      { account: 'a' },
      { from: ['203.0.113.9'], require_tls: true },
    ].map(section => [
      only(section).couldBecomePeer(plain),
      only(section).couldBecomePeer(secure),
      only(section).couldBecomePeer(client({ secure: true, login: 'b' })),
    ])
    expect(results).to.deep.equal([
      [false, false, false],
      [true, false, false],
      [true, true, false],
      [true, false, false],
    ])
  })
})

describe('server/peer-presence', () => {
  it('enters and leaves as the peer changes, and keeps the connection of one that stays', () => {
    const told: string[] = []
    const names = new Map<symbol, number>()
    const number = ({ connection }: Source) => {
      names.set(connection, names.get(connection) ?? names.size + 1)
      return names.get(connection)
    }
    const presence = new PeerPresence({
      enter: source => told.push(`enter ${source.peer} ${number(source)}`),
      leave: source => told.push(`leave ${source.peer} ${number(source)}`),
    })
    const sources = new PeerSources(peers)
    const become = (shown: Shown) => presence.become(sources.for(client(shown)))
    expect(become({})).to.equal(undefined)
    const first = become({ address: '192.0.2.5' })
    const again = become({ address: '192.0.2.5', secure: true })
    expect(again?.connection).to.equal(first?.connection)
    const login = become({ address: '192.0.2.5', login: 'Login' })
    expect(login?.connection).to.not.equal(first?.connection)
    presence.end()
    presence.end()
    expect(told).to.deep.equal([
      'enter addr.example 1',
      'leave addr.example 1',
      'enter login.example 2',
      'leave login.example 2',
    ])
  })
})
