import { randomBytes } from 'node:crypto'
import { expect } from 'chai'
import { noAudit } from '../../src/audit/audit-log.ts'
import type { Client, Role } from '../../src/client.ts'
import { systemClock } from '../../src/clock.ts'
import type { Config } from '../../src/config/config.ts'
import { silentLog } from '../../src/log.ts'
import { Elsewhere } from '../../src/login/external.ts'
import { Logins } from '../../src/login/login.ts'
import { AccessRules } from '../../src/server/access.ts'
import { commandTable } from '../../src/server/commands.ts'
import { interpret } from '../../src/server/engine.ts'
import type { Session } from '../../src/server/session.ts'
import type { ArticleNumber } from '../../src/storage/reading.ts'
import { wireFromText } from '../../src/wire.ts'
import { FakeNode, fakeConfig } from '../support/fake-node.ts'
import { article, fillWithSamples } from '../support/sample-news.ts'

const persons = ['anonymous', 'reader', 'poster', 'moderator', 'peer', 'admin'] as const
const transports = ['plain', 'tls', 'compressed'] as const
type Person = (typeof persons)[number]
type Transport = (typeof transports)[number]

/** One code for all persons, or one for each in their order. */
type Codes = string
/** For all transports, or for each. */
type Answers = Codes | Readonly<Record<Transport, Codes>>

/** Whoever may read gets it; the account of a peer may not, and a login would give it nothing. */
const read = (code: string): Codes => `${code} ${code} ${code} ${code} 502 ${code}`
/** Only the poster may post. */
const greeted: Codes = '201 201 200 201 201 201'
/** What a login would help with; under compression there is none to come. RFC 8054 2.2.2 */
const helped = (anonymous: string, others: Codes): Answers => ({
  plain: `480 ${others}`,
  tls: `480 ${others}`,
  compressed: `${anonymous} ${others}`,
})
/** A login could make the anonymous one a peer. */
const fed = (code: string): Answers => helped('502', `502 502 502 ${code} 502`)
/** Nobody logs in twice, and nobody under compression. */
const login = (plain: string, secure: string): Answers => ({
  plain: `${plain} 502 502 502 502 502`,
  tls: `${secure} 502 502 502 502 502`,
  compressed: '502',
})

/** For each row of the command table what is sent, and the answers. */
const matrix: Readonly<Record<string, readonly [line: string, answers: Answers]>> = {
  CAPABILITIES: ['CAPABILITIES', '101'],
  'MODE READER': ['MODE READER', { plain: greeted, tls: greeted, compressed: '502' }],
  QUIT: ['QUIT', '205'],
  DATE: ['DATE', '111'],
  HELP: ['HELP', '100'],
  STARTTLS: ['STARTTLS', { plain: '382 502 502 502 502 502', tls: '502', compressed: '502' }],
  COMPRESS: ['COMPRESS DEFLATE', { plain: '206', tls: '502', compressed: '502' }],
  'AUTHINFO USER': ['AUTHINFO USER ann', login('483', '381')],
  'AUTHINFO PASS': ['AUTHINFO PASS secret', login('483', '482')],
  'AUTHINFO SASL': ['AUTHINFO SASL PLAIN', login('483', '383')],
  GROUP: ['GROUP misc.test', read('211')],
  LISTGROUP: ['LISTGROUP', read('211')],
  NEXT: ['NEXT', read('223')],
  LAST: ['LAST', read('422')],
  ARTICLE: ['ARTICLE', read('220')],
  HEAD: ['HEAD 237', read('221')],
  BODY: ['BODY <411@example.net>', read('222')],
  STAT: ['STAT', read('223')],
  OVER: ['OVER 1-', read('224')],
  XOVER: ['XOVER 1-', read('224')],
  HDR: ['HDR Subject 1-', read('225')],
  XHDR: ['XHDR Subject 1-', read('221')],
  XPAT: ['XPAT Subject 1- *', read('221')],
  LIST: ['LIST', read('215')],
  'LIST ACTIVE': ['LIST ACTIVE', read('215')],
  'LIST ACTIVE.TIMES': ['LIST ACTIVE.TIMES', read('215')],
  'LIST COUNTS': ['LIST COUNTS', read('215')],
  'LIST NEWSGROUPS': ['LIST NEWSGROUPS', read('215')],
  XGTITLE: ['XGTITLE', read('282')],
  'LIST DISTRIBUTIONS': ['LIST DISTRIBUTIONS', read('503')],
  'LIST DISTRIB.PATS': ['LIST DISTRIB.PATS', read('503')],
  'LIST MODERATORS': ['LIST MODERATORS', read('503')],
  'LIST MOTD': ['LIST MOTD', read('503')],
  'LIST SUBSCRIPTIONS': ['LIST SUBSCRIPTIONS', read('503')],
  'LIST OVERVIEW.FMT': ['LIST OVERVIEW.FMT', read('215')],
  'LIST HEADERS': ['LIST HEADERS', read('215')],
  NEWGROUPS: ['NEWGROUPS 19990624 000000 GMT', read('231')],
  NEWNEWS: ['NEWNEWS * 19990624 000000 GMT', read('230')],
  XSEARCH: ['XSEARCH * article', read('503')],
  POST: ['POST', helped('440', '440 340 440 440 440')],
  IHAVE: ['IHAVE <new@example.org>', fed('335')],
  'MODE STREAM': ['MODE STREAM', fed('203')],
  CHECK: ['CHECK <new@example.org>', fed('238')],
  TAKETHIS: ['TAKETHIS <new@example.org>', fed('239')],
}

const config: Config = fakeConfig({
  access: [
    { users: '', read: '*' },
    { users: '?*', read: '*', post: '*', approve: '*' },
  ],
  peer: [{ name: 'peer.example', account: 'peer' }],
  tls: { cert: 'cert.pem' },
})
const rules = new AccessRules(config)
const node = fillWithSamples(new FakeNode(systemClock, config))
const table = commandTable()
const text = article({ 'Message-ID': '<new@example.org>' })
const block = { ok: true, wire: wireFromText(Buffer.from(text)) } as const

function clientOf(person: Person, transport: Transport): Client {
  const client = { address: '203.0.113.5', secure: transport === 'tls' }
  if (person === 'anonymous') return client
  return { ...client, account: { name: person, roles: new Set<Role>([person]), groups: [] } }
}

/** Somebody who has selected a group and read its first article. */
async function sessionOf(client: Client, transport: Transport, logins: Logins): Promise<Session> {
  const group = await node.group('misc.test')
  return {
    services: { ...node.services, logins },
    client,
    access: rules.for(client),
    authorize: each => rules.for(each),
    transports: new Set(transport === 'plain' ? [] : [transport === 'tls' ? 'tls' : 'deflate']),
    signal: new AbortController().signal,
    log: silentLog,
    group,
    number: 234 as ArticleNumber,
    sawCapabilities: false,
    streaming: false,
  }
}

describe('the answer to each command, for each person, on each transport', () => {
  let logins: Logins
  before(() => {
    logins = new Logins({
      accounts: { count: 1, find: async () => undefined, byCertificate: async () => undefined },
      renew: async () => {},
      elsewhere: new Elsewhere(() => config.auth, systemClock),
      scram: () => true,
      clock: systemClock,
      log: silentLog,
      audit: noAudit,
      random: randomBytes,
    })
  })
  after(() => logins[Symbol.asyncDispose]())

  it('is written for every command there is', () => {
    expect(Object.keys(matrix).sort()).to.deep.equal(table.rows.map(({ name }) => name).sort())
  })

  for (const [name, [line, answers]] of Object.entries(matrix))
    it(`${name}: ${line}`, async () => {
      const found: Record<string, string> = {}
      const expected: Record<string, string> = {}
      for (const transport of transports) {
        const codes = (typeof answers === 'string' ? answers : answers[transport]).split(' ')
        for (const [at, person] of persons.entries()) {
          const session = await sessionOf(clientOf(person, transport), transport, logins)
          const step = interpret(Buffer.from(line), session, table)
          const { code } = await step.run(step.block ? block : undefined)
          found[`${person}, ${transport}`] = String(code)
          expected[`${person}, ${transport}`] = codes[at] ?? codes[0] ?? ''
        }
      }
      expect(found).to.deep.equal(expected)
    })
})
