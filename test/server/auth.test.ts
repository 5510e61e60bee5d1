import { pbkdf2Sync } from 'node:crypto'
import { expect } from 'chai'
import fc from 'fast-check'
import type { Client } from '../../src/client.ts'
import { type Clock, systemClock } from '../../src/clock.ts'
import { silentLog } from '../../src/log.ts'
import { formatScram, scramKeys } from '../../src/login/scram.ts'
import { AccessRules } from '../../src/server/access.ts'
import type { Response } from '../../src/server/command.ts'
import { commandTable } from '../../src/server/commands.ts'
import { interpret } from '../../src/server/engine.ts'
import type { Session } from '../../src/server/session.ts'
import { LoginServer } from '../support/login-server.ts'
import type { RawClient } from '../support/raw-client.ts'
import { clientProof } from '../support/scram-client.ts'

const base64 = (text: string) => Buffer.from(text).toString('base64')
const elsewhere = '192.0.2.1'

async function withFred(options: ConstructorParameters<typeof LoginServer>[0] = {}): Promise<LoginServer> {
  const server = new LoginServer(options)
  await server.world.add('fred', 'flintstone')
  await server.world.add('fred  flint', 'two  words ')
  await server.world.add('reader', 'only', { roles: ['reader'] })
  return server
}

/** A session as it is under TLS, or with a certificate. */
function sessionOf(server: LoginServer, client: Partial<Client>): Session {
  const rules = new AccessRules(server.node.config)
  const authorize = (who: Client) => rules.for(who)
  const whole: Client = { address: elsewhere, secure: true, ...client }
  return {
    services: { ...server.node.services, logins: server.world.logins },
    client: whole,
    access: authorize(whole),
    authorize,
    transports: new Set(),
    signal: new AbortController().signal,
    log: silentLog,
    group: undefined,
    number: undefined,
    sawCapabilities: false,
    streaming: false,
  }
}

const table = commandTable()

/** Code and text of the answer to one line. */
async function say(session: Session, text: string): Promise<string> {
  const response: Response = await interpret(Buffer.from(text), session, table).run()
  return `${response.code} ${response.text ?? ''}`.trimEnd()
}

async function capabilities(session: Session): Promise<string[]> {
  const response = await interpret(Buffer.from('CAPABILITIES'), session, table).run()
  if (response.kind !== 'body') throw new Error('no list')
  let text = ''
  for await (const chunk of response.body) text += Buffer.from(chunk).toString()
  return text.split('\r\n').filter(each => /^(?:AUTHINFO|SASL)/.test(each))
}

describe('server/auth', () => {
  it('logs in with USER and PASS, and once only', async () => {
    await using server = await withFred()
    await server.play(`
      C: GROUP private.a
      S: 411 *
      C: AUTHINFO PASS flintstone
      S: 482 Authentication commands issued out of sequence
      C: AUTHINFO USER fred
      S: 381 Password required
      C: GROUP private.a
      S: 411 *
      C: POST
      S: 480 *
      C: AUTHINFO PASS flintstone
      S: 281 Authentication accepted
      C: GROUP private.a
      S: 211 *
      C: POST
      S: 340 *
      C: .
      S: 240 *
      C: AUTHINFO USER fred
      S: 502 *
      C: AUTHINFO PASS flintstone
      S: 502 *
      C: AUTHINFO SASL PLAIN
      S: 502 *
      C: MODE READER
      S: 200 *`)
  })

  it('takes blanks in names and passwords as they are', async () => {
    await using server = await withFred()
    await server.play(`
      C: authinfo  user fred  flint
      S: 381 *
      C: authinfo pass two  words
      S: 481 *
      C: AUTHINFO USER fred  flint
      S: 381 *
      C: AUTHINFO PASS two  words 
      S: 281 *`)
  })

  it('refuses wrong passwords, unknown names and no name in the same words, and forgets the name', async () => {
    await using server = await withFred()
    await server.play(`
      C: AUTHINFO USER fred
      S: 381 *
      C: AUTHINFO PASS wrong
      S: 481 Authentication failed
      C: AUTHINFO PASS flintstone
      S: 482 *
      C: AUTHINFO USER nobody
      S: 381 *
      C: AUTHINFO PASS wrong
      S: 481 Authentication failed
      C: AUTHINFO
      S: 501 *
      C: AUTHINFO USER
      S: 501 *
      C: AUTHINFO GENERIC x
      S: 501 *
      C: DATE
      S: 111 *`)
  })

  it('wants encryption for passwords, except where the configuration says otherwise', async () => {
    await using server = await withFred()
    await server.play(
      `
      C: CAPABILITIES
      S: 101 *
      S: VERSION 2
      S: IMPLEMENTATION Tidings
      S: READER
      S: COMPRESS DEFLATE
      S: AUTHINFO
      S: OVER MSGID
      S: HDR
      S: LIST ACTIVE ACTIVE.TIMES COUNTS NEWSGROUPS OVERVIEW.FMT HEADERS
      S: NEWNEWS
      S: .
      C: AUTHINFO USER fred
      S: 483 Encryption or stronger authentication required
      C: AUTHINFO PASS flintstone
      S: 483 *
      C: AUTHINFO SASL PLAIN ${base64('\0fred\0flintstone')}
      S: 483 *
      C: AUTHINFO SASL EXTERNAL =
      S: 503 *`,
      elsewhere,
    )
    const session = sessionOf(server, {})
    expect(await say(session, 'AUTHINFO USER fred')).to.equal('381')
    expect(await say(session, 'AUTHINFO PASS flintstone')).to.equal('281')
  })

  it('lists what works: with and without TLS, certificate and SCRAM, and nothing after a login', async () => {
    await using server = await withFred({ scram: true })
    const certificate = { names: [], fingerprint: `sha256:${'a'.repeat(64)}`, trusted: false }
    const cases: [Partial<Client>, string[]][] = [
      [{ secure: false }, ['AUTHINFO SASL', 'SASL SCRAM-SHA-256']],
      [{}, ['AUTHINFO USER SASL', 'SASL SCRAM-SHA-256 PLAIN']],
      [{ certificate }, ['AUTHINFO USER SASL', 'SASL EXTERNAL SCRAM-SHA-256 PLAIN']],
      [{ account: { name: 'fred', roles: new Set(), groups: [] } }, []],
    ]
    for (const [client, expected] of cases)
      expect(await capabilities(sessionOf(server, client))).to.deep.equal(expected)
    const compressed = sessionOf(server, {})
    compressed.transports = new Set(['deflate'])
    expect(await capabilities(compressed)).to.deep.equal([])
    for (const text of ['AUTHINFO USER fred', 'AUTHINFO PASS x', 'AUTHINFO SASL PLAIN'])
      expect(await say(compressed, text)).to.match(/^502 /)
    await using empty = new LoginServer()
    expect(await capabilities(sessionOf(empty, {}))).to.deep.equal([])
    expect(await say(sessionOf(empty, {}), 'AUTHINFO USER fred')).to.equal('502 No accounts here')
  })

  it('takes PLAIN with and without an initial response', async () => {
    await using server = await withFred()
    await server.play(`
      C: AUTHINFO SASL PLAIN
      S: 383 =
      C: ${base64('\0fred\0flintstone')}
      S: 281 *`)
    await server.play(`
      C: authinfo sasl plain ${base64('fred\0fred\0flintstone')}
      S: 281 *`)
    const long = base64(`${'x'.repeat(300)}\0${'y'.repeat(300)}\0${'z'.repeat(300)}`)
    await server.play(`
      C: AUTHINFO SASL PLAIN
      S: 383 =
      C: ${long}
      S: 481 *
      C: AUTHINFO SASL PLAIN
      S: 383 =
      C: *
      S: 481 Authentication aborted
      C: AUTHINFO SASL PLAIN
      S: 383 =
      C: ${'A'.repeat(5000)}
      S: 501 *
      C: AUTHINFO SASL PLAIN a=b
      S: 504 *
      C: AUTHINFO SASL PLAIN
      S: 383 =
      C:
      S: 504 *
      C: AUTHINFO SASL PLAIN =
      S: 482 *
      C: AUTHINFO SASL PLAIN ${base64('other\0fred\0flintstone')}
      S: 481 *
      C: AUTHINFO SASL PLAIN ${base64('fred\0flintstone')}
      S: 482 *
      C: AUTHINFO SASL CRAM-MD5
      S: 503 *
      C: AUTHINFO SASL SCRAM-SHA-256
      S: 503 *
      C: AUTHINFO SASL
      S: 501 *
      C: DATE
      S: 111 *`)
  })

  it('takes EXTERNAL by the certificate of the session', async () => {
    await using server = await withFred()
    const certificate = { names: ['client.example'], fingerprint: `sha256:${'a'.repeat(64)}`, trusted: true }
    await server.world.add('machine', 'x', { certificates: ['client.example'], roles: ['peer'] })
    const outcomes: [string, Partial<Client>, string][] = [
      ['AUTHINFO SASL EXTERNAL =', { certificate }, '281'],
      [`AUTHINFO SASL EXTERNAL ${base64('machine')}`, { certificate }, '281'],
      [`AUTHINFO SASL EXTERNAL ${base64('fred')}`, { certificate }, '481'],
      ['AUTHINFO SASL EXTERNAL =', { certificate: { ...certificate, trusted: false } }, '481'],
      ['AUTHINFO SASL EXTERNAL =', {}, '503 Mechanism not recognized'],
    ]
    for (const [text, client, expected] of outcomes) {
      const session = sessionOf(server, client)
      expect(await say(session, text), text).to.equal(expected)
      expect(session.client.account?.name).to.equal(expected === '281' ? 'machine' : undefined)
    }
  })

  it('speaks SCRAM-SHA-256, also to names that nobody has', async () => {
    await using server = await withFred({ scram: true })
    const salt = Buffer.alloc(16, 7)
    const keys = scramKeys(pbkdf2Sync('pencil', salt, 4096, 32, 'sha256'), { salt, iterations: 4096 })
    await server.world.add('user', 'pencil', { scram: formatScram(keys) })
    const run = async (client: RawClient, name: string, password: string) => {
      client.send(`AUTHINFO SASL SCRAM-SHA-256 ${base64(`n,,n=${name},r=abc`)}\r\n`)
      const challenge = /^383 (\S+)$/.exec(await client.line())?.[1] ?? ''
      const final = clientProof({
        name,
        nonce: 'abc',
        password,
        challenge: Buffer.from(challenge, 'base64').toString(),
      })
      client.send(`${base64(final.message)}\r\n`)
      const answer = await client.line()
      const data = /^283 (\S+)$/.exec(answer)?.[1]
      if (data !== undefined)
        expect(Buffer.from(data, 'base64').toString()).to.equal(`v=${final.serverSignature}`)
      return answer.slice(0, 3)
    }
    // SCRAM needs no encryption.
    const { client, served } = server.connect(elsewhere)
    await client.line()
    expect(await run(client, 'user', 'pen')).to.equal('481')
    expect(await run(client, 'nobody', 'pencil')).to.equal('481')
    client.send(`AUTHINFO SASL SCRAM-SHA-256 ${base64('p=tls-unique,,n=user,r=abc')}\r\n`)
    expect(await client.line()).to.match(/^482 /)
    expect(await run(client, 'user', 'pencil')).to.equal('283')
    client.send('GROUP private.a\r\n')
    expect(await client.line()).to.match(/^211 /)
    client.end()
    await served
  })

  it('has no group selected any more that the account may not read', async () => {
    await using server = await withFred({
      config: { access: [{ read: '*' }, { users: 'fred', read: 'private.*' }] },
    })
    await server.play(`
      C: GROUP public.a
      S: 211 *
      C: AUTHINFO USER fred
      S: 381 *
      C: AUTHINFO PASS flintstone
      S: 281 *
      C: STAT
      S: 412 *`)
  })

  it('lets an account without the role post nothing, whatever the rule says', async () => {
    await using server = await withFred()
    await server.play(`
      C: AUTHINFO USER reader
      S: 381 *
      C: AUTHINFO PASS only
      S: 281 *
      C: GROUP private.a
      S: 211 *
      C: POST
      S: 440 *`)
  })

  it('shows nothing of names and passwords in its answers', async () => {
    await using server = await withFred()
    const { client, served } = server.connect()
    await client.line()
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }), async text => {
        const hostile = Buffer.from(text).filter(octet => octet !== 0 && octet !== 10 && octet !== 13)
        client.send(Buffer.concat([Buffer.from('AUTHINFO USER x'), hostile, Buffer.from('\r\n')]))
        expect(await client.line()).to.match(/^(?:381|501) [\x20-\x7e]*$/)
      }),
      { numRuns: 300 },
    )
    client.end()
    await served
  })

  it('does nothing for a name without its password (model)', async () => {
    await using server = await withFred({ clock: hurried() })
    const run = async (steps: readonly Step[]) => {
      const { client, served } = server.connect()
      await client.line()
      let state: State = 'none'
      for (const step of steps) {
        const { code, next } = expected(step, state)
        client.send(`${lines[step]}\r\n`)
        const answer = await client.line()
        expect(answer.slice(0, 3), `${step} in ${state} of ${steps.join(', ')}`).to.equal(code)
        if (answer.startsWith('340')) {
          client.send('.\r\n')
          await client.line()
        }
        state = next
      }
      client.end()
      await served
    }
    await fc.assert(fc.asyncProperty(fc.array(fc.constantFrom(...stepNames), { maxLength: 14 }), run), {
      numRuns: 100,
    })
  })
})

const lines = {
  user: 'AUTHINFO USER fred',
  stranger: 'AUTHINFO USER nobody',
  right: 'AUTHINFO PASS flintstone',
  wrong: 'AUTHINFO PASS wrong',
  sasl: `AUTHINFO SASL PLAIN ${base64('\0fred\0flintstone')}`,
  badSasl: `AUTHINFO SASL PLAIN ${base64('\0fred\0wrong')}`,
  group: 'GROUP private.a',
  article: 'ARTICLE <secret@example.net>',
  post: 'POST',
  mode: 'MODE READER',
} as const
type Step = keyof typeof lines
const stepNames = Object.keys(lines) as Step[]

type State = 'none' | 'fred given' | 'stranger given' | 'proven'

interface Expected {
  readonly code: string
  readonly next: State
}

function expected(step: Step, state: State): Expected {
  const proven = state === 'proven'
  const given = state === 'fred given' || state === 'stranger given'
  switch (step) {
    case 'group':
      return { code: proven ? '211' : '411', next: state }
    case 'article':
      return { code: '430', next: state }
    case 'post':
      return { code: proven ? '340' : '480', next: state }
    case 'mode':
      return { code: proven ? '200' : '201', next: state }
  }
  if (proven) return { code: '502', next: state }
  switch (step) {
    case 'user':
      return { code: '381', next: 'fred given' }
    case 'stranger':
      return { code: '381', next: 'stranger given' }
    case 'right':
      if (state === 'fred given') return { code: '281', next: 'proven' }
      return { code: given ? '481' : '482', next: 'none' }
    case 'wrong':
      return { code: given ? '481' : '482', next: 'none' }
    case 'sasl':
      return { code: '281', next: 'proven' }
    case 'badSasl':
      return { code: '481', next: 'none' }
  }
}

/** A clock on which a wait passes at once. */
function hurried(): Clock {
  let ahead = 0
  return {
    ...systemClock,
    monotonic: () => systemClock.monotonic() + ahead,
    sleep: async milliseconds => {
      ahead += milliseconds
    },
  }
}
