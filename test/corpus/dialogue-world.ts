/** Nodes that hold what the examples of the RFCs suppose: groups, numbers, articles, lists, peers and troubles. */
import { type Duplex, duplexPair } from 'node:stream'
import { Article } from '../../src/article.ts'
import { systemClock } from '../../src/clock.ts'
import type { Verdict } from '../../src/feed/feed.ts'
import type { Node } from '../../src/feed/node.ts'
import { silentLog } from '../../src/log.ts'
import type { Newsgroup } from '../../src/newsgroup.ts'
import { Reason } from '../../src/reason.ts'
import { NntpServer } from '../../src/server/server.ts'
import type { Reading } from '../../src/storage/reading.ts'
import { TestLogins } from '../support/logins.ts'
import { proto, testConfig, testNode } from '../support/node.ts'
import { RawClient } from '../support/raw-client.ts'

export const reader = '127.0.0.1'
export const onlyReader = '127.0.0.3'
export const peer = '127.0.0.2'
export const stranger = '192.0.2.1'

interface Filed {
  readonly id: string
  /** `group:number` each. */
  readonly places: readonly string[]
}

export interface World {
  readonly groups: readonly {
    name: string
    status?: string
    high?: number
    created?: number
    creator?: string
    description?: string
  }[]
  readonly articles: readonly Filed[]
  /** Done last. */
  readonly aliases?: Readonly<Record<string, string>>
  readonly lists?: boolean
  /** fred and test can log in, from `reader` without TLS. */
  readonly accounts?: boolean
  /** What every article that comes is answered with. */
  readonly verdict?: Verdict
}

const numbered = (group: string, numbers: readonly number[]): Filed[] =>
  numbers.map(number => ({ id: `<${group}.${number}@example.net>`, places: [`${group}:${number}`] }))

const descriptions: Readonly<Record<string, string>> = {
  'misc.test': 'General Usenet testing',
  'alt.rfc-writers.recovery': 'RFC Writers Recovery',
  'tx.natives.recovery': 'Texas Natives Recovery',
}

export const usual: World = {
  lists: true,
  groups: [
    { name: 'misc.test', created: 930_445_408, creator: '<creatme@isc.org>' },
    { name: 'comp.risks', status: 'm' },
    { name: 'alt.rfc-writers.recovery', created: 930_562_309, creator: '<m@example.com>' },
    { name: 'tx.natives.recovery', created: 930_678_923, creator: '<sob@academ.com>' },
    { name: 'tx.natives.recovery.d', status: 'n' },
    { name: 'alt.crossposts' },
    { name: 'local.chat' },
    { name: 'news.announce.newusers' },
    { name: 'rec.food.drink.tea' },
    { name: 'local.tea' },
    { name: 'local.empty', high: 7 },
    { name: 'example.currently.empty.newsgroup', high: 3999 },
    { name: 'example.empty.newsgroup' },
    { name: 'archive.local' },
    { name: 'secret.group' },
  ],
  articles: [
    { id: '<23894720@example.com>', places: ['alt.crossposts:111111'] },
    { id: '<45223423@example.com>', places: ['misc.test:3000234', 'alt.crossposts:123456'] },
    { id: '<668929@example.org>', places: ['misc.test:3000237'] },
    { id: '<i.am.a.test.article@example.com>', places: ['misc.test:3000238'] },
    { id: '<i.am.an.article.you.have@example.com>', places: ['misc.test:3000239'] },
    { id: '<411@example.net>', places: ['misc.test:3002322'] },
    { id: '<last@example.com>', places: ['alt.crossposts:222222'] },
    ...numbered('comp.risks', [441_099, 442_001]),
    ...numbered('alt.rfc-writers.recovery', [1, 4]),
    ...numbered('tx.natives.recovery', [56, 89]),
    ...numbered('tx.natives.recovery.d', [9, 11]),
    ...numbered('rec.food.drink.tea', [51, 60, 100]),
    ...numbered('local.tea', [1504, 2004]),
    ...[1, 2, 3, 4, 5].map(n => ({ id: `<article.${n}@local.service>`, places: [`local.chat:${n}`] })),
    { id: '<i.am.a.new.article@example.com>', places: ['news.announce.newusers:1'] },
    { id: '<i.am.another.new.article@example.com>', places: ['news.announce.newusers:2'] },
  ],
}

/** RFC 3977 6.1.1.3: misc.test with other numbers. */
export const smallNumbers: World = {
  groups: [{ name: 'misc.test' }],
  articles: [
    { id: '<different@example.net>', places: ['misc.test:234'] },
    { id: '<123456@example.net>', places: ['misc.test:444'] },
    { id: '<567@example.net>', places: ['misc.test:567'] },
  ],
}

/** RFC 6048 3.2: misc.test was renamed; `high` of foo.bar. */
export const renamed = (high: number): World => ({
  groups: [{ name: 'foo.bar' }, { name: 'misc.test' }],
  articles: [...numbered('foo.bar', [12, high]), ...numbered('misc.test', [3_000_234, 3_002_322])],
  aliases: { 'misc.test': '=foo.bar' },
})

export const deferring: World = { ...usual, verdict: { kind: 'deferred', reason: new Reason('fault') } }
export const rejecting: World = { ...usual, verdict: { kind: 'rejected', reason: new Reason('bad-from') } }
export const withAccounts: World = { ...usual, accounts: true }
export const listless: World = { ...usual, lists: false }

const lists = {
  motd: `Attention all users,

This server will be down for scheduled upgrades on February 1st.
It should be back up by 8:00 a.m. February 2nd.
Any questions should be e-mailed to <newsmaster@example.com>.

Apologies for the disturbance.
`,
  subscriptions: ['local.welcome', 'local.test', 'news.newusers.questions', 'news.announce.newusers'],
  distributions: [
    'fr Local to France.',
    'local Local to this news server.',
    'thissite Local to this site.',
    'usa Local to the United States of America.',
  ],
}

/** The two sections that show LIST DISTRIB.PATS have different ones. */
export const distribPats = {
  'RFC 3977': ['10:local.*:local', '5:*:world', '20:local.here.*:thissite'],
  'RFC 6048': ['10:local.*:local', '5:france.*:fr', '20:local.here.*:thissite'],
}

const moderator = [
  { groups: 'foo.bar', address: 'announce@example.com' },
  { groups: 'local.*', address: '%s@localhost' },
  { groups: '*', address: '%s@moderators.example.com' },
]

export interface Served extends AsyncDisposable {
  connect(address: string): RawClient
  /** As when the power fails. */
  readonly server: NntpServer
}

export async function serve(world: World, patterns: readonly string[]): Promise<Served> {
  const config = testConfig({
    node: { path_identity: 'news.example.com' },
    group: [],
    history: { cutoff_days: 0 },
    auth: { plaintext_from: [reader] },
    access: [
      { from: [reader, peer], read: '*,!secret.*', post: '*' },
      { from: [onlyReader], read: '*' },
    ],
    peer: [{ name: 'peer.example', from: [peer], accept: '*' }],
    ...(world.lists === true ? { lists: { ...lists, distrib_pats: patterns }, moderator } : {}),
  })
  const node = await testNode({ config })
  await fill(node, world)
  const { verdict } = world
  const feed =
    verdict === undefined
      ? node.feed
      : { ...node.feed, inject: async () => verdict, transfer: async () => verdict }
  const accounts = await loginsOf(world)
  const services = {
    reading: withTrouble(node.storage.reading),
    feed,
    ...(accounts && { logins: accounts.logins }),
    clock: systemClock,
    config: () => config,
  }
  const server = new NntpServer({ services, log: silentLog })
  const clients: Duplex[] = []
  return {
    server,
    connect(address) {
      const [ours, theirs] = duplexPair()
      void server.accept(theirs, address)
      theirs.once('close', () => ours.destroy())
      clients.push(ours)
      return new RawClient(ours)
    },
    async [Symbol.asyncDispose]() {
      for (const client of clients) client.end()
      await server.close()
      await accounts?.[Symbol.asyncDispose]()
      await node[Symbol.asyncDispose]()
    },
  }
}

/** As RFC 4643 2.3.3 and 2.4.3 name them. */
async function loginsOf(world: World): Promise<TestLogins | undefined> {
  if (world.accounts !== true) return undefined
  const logins = new TestLogins()
  await logins.add('fred', 'flintstone')
  await logins.add('test', '1234')
  return logins
}

/** One group whose archive is temporarily offline. RFC 3977 3.2.1.1 */
function withTrouble(reading: Reading): Reading {
  return new Proxy(reading, {
    get(target, name) {
      if (name === 'group')
        return (group: string) =>
          group === 'archive.local' ? Promise.reject(new Error('offline')) : target.group(group)
      const value = Reflect.get(target, name)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

async function fill({ storage, accept }: Node, world: World): Promise<void> {
  const submit = (name: string, more: object) =>
    storage.submit({
      kind: 'group',
      action: 'add',
      name: name as Newsgroup,
      time: 1,
      source: 'test',
      ...more,
    })
  for (const { name, created = 1, ...more } of world.groups)
    await submit(name, { time: created, description: descriptions[name] ?? '', ...more })
  for (const { id, places } of world.articles)
    for (const place of places) {
      const [group = '', number] = place.split(':')
      const article = sample(id, group)
      const verdict = await accept({
        article,
        origin: { kind: 'import' },
        keep: { group, number: Number(number) },
      })
      if (verdict.kind !== 'accepted') throw new Error(`${place} was not accepted`)
    }
  for (const [name, status] of Object.entries(world.aliases ?? {}))
    await submit(name, { action: 'set', status })
}

/** RFC 3977 6.2.1.3, under every message-ID. */
function sample(id: string, group: string): Article {
  const fields = {
    Path: 'pathost!demo!whitehouse!not-for-mail',
    From: '"Demo User" <nobody@example.net>',
    Newsgroups: group,
    Subject: 'I am just a test article',
    Date: '6 Oct 1998 04:38:40 -0500',
    Organization: 'An Example Net, Uncertain, Texas',
    'Message-ID': id,
  }
  const article = Article.parse(proto(fields, 'This is just a test article.\n'), testConfig().limits)
  if (article instanceof Reason) throw new Error(article.text)
  return article
}
