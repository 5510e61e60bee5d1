import { expect } from 'chai'
import { Article } from '../../../src/article.ts'
import { peerSchema } from '../../../src/config/sections/exchange.ts'
import {
  compilePeer,
  groupsOfControl,
  type PeerRules,
  type Why,
  wants,
} from '../../../src/feed/peers/peer.ts'
import { Hierarchies } from '../../../src/hierarchies.ts'
import type { MessageId } from '../../../src/message-id.ts'
import type { Arrival, ArrivalRow } from '../../../src/storage/reading.ts'

const section = {
  name: 'News.B.example',
  aliases: ['Old-Name.example'],
  to: 'news.b.example:119',
  send: 'comp.*,!comp.binaries.*,@comp.private.*,misc.test',
  distributions: 'de,eu,!eu.secret',
  max_bytes: 1000,
}
const rules = compilePeer(peerSchema.parse(section)) as PeerRules

const hierarchies = new Hierarchies([{ pattern: 'comp.inside.*', private: true, labels: [] }])
const open = compilePeer(peerSchema.parse({ ...section, send: '*' }), hierarchies) as PeerRules

const row = (over: Partial<ArrivalRow> = {}): ArrivalRow => ({
  arrival: 1 as Arrival,
  kind: 'article',
  time: 0,
  source: 'post:alice',
  messageId: '<1@x>' as MessageId,
  filings: [],
  path: ['a.example'],
  distributions: [],
  size: 1000,
  localOnly: false,
  control: false,
  ...over,
})

describe('what a peer wants', () => {
  const table: readonly [what: string, over: Partial<ArrivalRow>, names: string[], why: Why | undefined][] = [
    ['a group of its hierarchies', {}, ['comp.a'], undefined],
    ['a crosspost of which it wants one', {}, ['alt.x', 'misc.test'], undefined],
    ['no group of its own', {}, ['alt.x', 'misc.test.b'], 'groups'],
    ['no group at all', {}, [], 'groups'],
    ['an excluded hierarchy', {}, ['comp.binaries.a'], 'groups'],
    ['an excluded hierarchy and a wanted one', {}, ['comp.binaries.a', 'comp.a'], undefined],
    ['a poisoned crosspost', {}, ['comp.a', 'comp.private.b'], 'groups'],
    ['what it sent us', { source: 'peer:News.B.example' }, ['comp.a'], 'source'],
    ['what another peer sent us', { source: 'peer:news.c.example' }, ['comp.a'], undefined],
    ['what it has seen', { path: ['a.example', 'news.b.example', 'c.example'] }, ['comp.a'], 'path'],
    ['what an alias of it has seen', { path: ['old-name.example'] }, ['comp.a'], 'path'],
    ['what a namesake has seen', { path: ['xnews.b.example', 'b.example'] }, ['comp.a'], undefined],
    ['an article as large as it may be', { size: 1000 }, ['comp.a'], undefined],
    ['an article one octet larger', { size: 1001 }, ['comp.a'], 'size'],
    ['its distribution', { distributions: ['de'] }, ['comp.a'], undefined],
    ['its distribution in other case', { distributions: ['DE'] }, ['comp.a'], undefined],
    ['another distribution', { distributions: ['us'] }, ['comp.a'], 'distribution'],
    ['an excluded distribution', { distributions: ['eu.secret'] }, ['comp.a'], 'distribution'],
    ['one distribution of several', { distributions: ['us', 'eu'] }, ['comp.a'], undefined],
    ['world', { distributions: ['world'] }, ['comp.a'], undefined],
    ['local', { distributions: ['local'] }, ['comp.a'], 'distribution'],
    ['local and its own', { distributions: ['local', 'de'] }, ['comp.a'], undefined],
    ['what is kept for local readers', { localOnly: true }, ['comp.a'], 'local only'],
    ['a control message', { control: true }, ['comp.a'], undefined],
    ['a new group', { kind: 'group' }, ['comp.a'], 'no article'],
    ['the effect of a cancel', { kind: 'cancel' }, ['comp.a'], 'no article'],
    ['an expiry', { kind: 'expire' }, ['comp.a'], 'no article'],
    ['a refiling', { kind: 'file' }, ['comp.a'], 'no article'],
  ]
  for (const [what, over, names, why] of table) {
    it(`${what}: ${why ?? 'yes'}`, () => {
      const expected = why === undefined ? { send: true } : { send: false, why }
      expect(wants(rules, row(over), names)).to.deep.equal(expected)
    })
  }

  it('is never an article of a private group, whatever the patterns say', () => {
    const not = { send: false, why: 'private' }
    expect(wants(open, row(), ['comp.inside.a'])).to.deep.equal(not)
    expect(wants(open, row(), ['comp.a', 'comp.inside.a'])).to.deep.equal(not)
    expect(wants(open, row({ localOnly: true }), ['comp.inside.a'])).to.deep.equal(not)
    expect(wants(open, row(), ['comp.a'])).to.deep.equal({ send: true })
  })

  it('is nothing without `send`, or without `to`', () => {
    expect(compilePeer(peerSchema.parse({ name: 'b', to: 'b:119' }))).to.equal(undefined)
    expect(compilePeer(peerSchema.parse({ name: 'b', send: '*' }))).to.equal(undefined)
    const silent = compilePeer(peerSchema.parse({ name: 'b', to: 'b:119', send: '' }))
    expect(silent && wants(silent, row(), ['comp.a'])).to.deep.equal({ send: false, why: 'groups' })
  })

  it('is all but `local` where no distributions are given', () => {
    const open = compilePeer(peerSchema.parse({ name: 'b', to: 'b:119', send: '*' })) as PeerRules
    expect(wants(open, row({ distributions: ['xyz'] }), ['a.b'])).to.deep.equal({ send: true })
    expect(wants(open, row({ distributions: ['local'] }), ['a.b'])).to.deep.include({ send: false })
  })
})

describe('the groups of a control message', () => {
  const limits = { header_bytes: 1_000, header_line_bytes: 1_000, headers: 10 }
  const of = (control: string) => {
    const article = Article.parse(Buffer.from(`Newsgroups: a.x\r\nControl: ${control}\r\n\r\n`), limits)
    return article instanceof Article ? groupsOfControl(article) : undefined
  }
  const table: readonly [string, string[]][] = [
    ['newgroup a.new moderated', ['a.x', 'a.new']],
    ['RMGROUP\ta.old', ['a.x', 'a.old']],
    ['checkgroups &a', ['a.x']],
    ['cancel <1@x>', ['a.x']],
    ['newgroup', ['a.x']],
  ]
  for (const [control, groups] of table) it(control, () => expect(of(control)).to.deep.equal(groups))
})
