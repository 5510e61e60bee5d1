import { connect } from 'node:net'
import { expect } from 'chai'
import type { PeerLink } from '../../src/server/control/peer-control.ts'
import { FakeProcess } from '../cli/fake-process.ts'
import { CertificateFolder, type Identity } from '../support/certificate-folder.ts'
import { RawClient } from '../support/raw-client.ts'
import { RunningSite, until } from '../support/running-site.ts'
import { upgraded } from '../support/tls-server.ts'

const secure = { secure: true }

interface Shown {
  readonly out: {
    readonly accepted: number
    readonly offered: number
    readonly state: string
    readonly retryIn: number
    readonly lastError: string
    readonly links: readonly PeerLink[]
  }
  readonly in: { readonly offered: number; readonly useful: number; readonly links: readonly PeerLink[] }
}

const show = (site: RunningSite, peer: string): Promise<Shown> => site.json('peer', 'show', peer)

const section = (keys: Readonly<Record<string, unknown>>): string =>
  `[[peer]]\naccept = "local.*"\n${Object.entries(keys)
    .map(([key, value]) => `${key} = ${JSON.stringify(value)}\n`)
    .join('')}`

/** Writes, and lets it count. */
async function change(site: RunningSite, more: string): Promise<void> {
  site.write(more)
  const { code, err } = await site.run(['reload'])
  expect(code, err).to.equal(0)
}

/** The value of Path as `site` stored it. */
async function pathAt(site: RunningSite, id: string): Promise<string | undefined> {
  const client = await site.connect()
  client.send(`HEAD ${id}\r\n`)
  const found = (await client.line()).startsWith('221')
  const fields = found ? await client.block() : []
  client.end()
  return fields.find(field => field.startsWith('Path: '))?.slice('Path: '.length)
}

/** The Path at `to` of an article that was posted at `from`. */
async function fed(from: RunningSite, to: RunningSite, id: string): Promise<string> {
  await from.post(id)
  return arrived(to, id)
}

async function arrived(to: RunningSite, id: string): Promise<string> {
  let path: string | undefined
  await until(`${id} arrives at ${to.name}`, async () => {
    path = await pathAt(to, id)
    return path !== undefined
  })
  return path ?? ''
}

describe('peers over TLS, between nodes', function () {
  this.timeout(30_000)
  let folder: CertificateFolder
  let ours: Identity
  let theirs: Identity
  before(async () => {
    folder = await CertificateFolder.make()
    ours = folder.issue('news.a.example')
    theirs = folder.issue('news.b.example')
  })
  after(() => folder[Symbol.asyncDispose]())

  it('know each other by pinned keys in both directions, and compress', async () => {
    const compress = 'compress = true\n'
    await using a = await RunningSite.start('a.example', ours.section + compress, secure)
    const common = { tls: 'implicit', send: 'local.*', compress: true }
    await using b = await RunningSite.start(
      'b.example',
      theirs.section +
        compress +
        section({
          ...common,
          name: 'a.example',
          to: `127.0.0.1:${a.securePort}`,
          pin: [ours.fingerprint],
          certificate: [ours.fingerprint],
        }),
      secure,
    )
    await change(
      a,
      ours.section +
        compress +
        section({
          ...common,
          name: 'b.example',
          to: `127.0.0.1:${b.securePort}`,
          pin: [theirs.fingerprint.toUpperCase()],
          certificate: [theirs.fingerprint.toUpperCase()],
        }),
    )
    expect(await fed(a, b, '<1@a.example>')).to.match(/^b\.example!!a\.example!\.POSTED/)
    expect(await fed(b, a, '<1@b.example>')).to.match(/^a\.example!!b\.example!\.POSTED/)
    const tested = await a.run(['peer', 'test', 'b.example'])
    expect(tested.code, tested.out).to.equal(0)
    expect(tested.out)
      .to.match(/^trusted +by pin$/m)
      .and.match(/^COMPRESS +206 /m)
      .and.match(/^CHECK +238 /m)
    // The call of the test takes its time to go.
    await until('one is left', async () => (await show(b, 'a.example')).in.links.length === 1)
    const shown = await show(b, 'a.example')
    expect(shown.in.offered).to.equal(2)
    const link = { tls: 'TLSv1.3', login: '', compressed: true }
    expect(shown.in.links).to.deep.equal([{ ...link, address: '127.0.0.1', proof: 'certificate' }])
    expect(shown.out.links).to.deep.equal([{ ...link, address: `127.0.0.1:${a.securePort}`, proof: 'pin' }])
    expect((await b.run(['peer', 'show', 'a.example'])).out)
      .to.match(/^ +TLS +TLSv1\.3, its key pinned, compressed$/m)
      .and.match(/^ +TLS +TLSv1\.3, known by its certificate, compressed$/m)
    expect((await b.run(['peer', 'list'])).out).to.match(/^a\.example .* TLSv1\.3 *$/m)
  })

  it('know each other by names that an authority certified, over STARTTLS', async () => {
    const client_ca = `client_ca = "${folder.authorityFile}"\n`
    const certified = { certified: true }
    const [one, two] = [folder.issue('one.example', certified), folder.issue('two.example', certified)]
    const common = { tls: 'starttls', send: 'local.*', ca_file: folder.authorityFile }
    await using a = await RunningSite.start('a.example', one.section + client_ca)
    await using b = await RunningSite.start(
      'b.example',
      two.section +
        client_ca +
        section({
          ...common,
          name: 'a.example',
          to: `127.0.0.1:${a.port}`,
          tls_name: 'one.example',
          certificate: ['ONE.example'],
        }),
    )
    // Another name than that of its Path.
    await change(
      a,
      one.section +
        client_ca +
        section({
          ...common,
          name: 'other.example',
          to: `127.0.0.1:${b.port}`,
          tls_name: 'two.example',
          certificate: ['two.example'],
        }),
    )
    expect(await fed(a, b, '<2@a.example>')).to.match(/^b\.example!!a\.example!/)
    expect(await fed(b, a, '<2@b.example>')).to.match(/^a\.example!\.MISMATCH\.other\.example!b\.example!/)
  })

  it('log in with a password', async () => {
    const account = section({ name: 'a.example', account: 'a-feeds-us', require_tls: true })
    await using b = await RunningSite.start('b.example', theirs.section + account, secure)
    const made = await b.run(
      ['user', 'add', 'a-feeds-us', '--role', 'peer', '--password-stdin'],
      new FakeProcess({ input: 's3cret\n' }),
    )
    expect(made.code, made.err).to.equal(0)
    const password_file = folder.file('right', 's3cret\n')
    const login = { name: 'b.example', send: 'local.*', user: 'a-feeds-us', password_file }
    for (const [tls, port] of [
      ['implicit', b.securePort],
      ['starttls', b.port],
    ] as const) {
      await using a = await RunningSite.start(
        'a.example',
        section({ ...login, tls, to: `127.0.0.1:${port}`, pin: [theirs.fingerprint] }),
      )
      expect(await fed(a, b, `<${tls}@a.example>`)).to.match(/^b\.example!!a\.example!/)
      const [link] = (await show(a, 'b.example')).out.links
      expect(link).to.include({ tls: 'TLSv1.3', proof: 'pin', login: 'a-feeds-us', compressed: false })
      const [caller] = (await show(b, 'a.example')).in.links
      expect(caller).to.include({ tls: 'TLSv1.3', proof: 'account', login: 'a-feeds-us' })
    }
  })

  describe('send nothing', () => {
    /** What is wrong, and what `peer show` says of it. */
    interface Wrong {
      readonly what: string
      readonly link?: Readonly<Record<string, unknown>>
      readonly port?: 'plain'
      readonly shows?: () => Identity
      readonly says: RegExp
    }
    const cases: readonly Wrong[] = [
      {
        what: 'where its key is another',
        shows: () => folder.issue('stranger.example'),
        says: /its certificate has none of the keys in pin; if the key is theirs, write pin = \["sha256:/,
      },
      {
        what: 'where its certificate is for another name',
        link: { pin: [] },
        shows: () => folder.issue('elsewhere.example', { certified: true }),
        says: /is not trusted: it is for another name; .*it names elsewhere\.example/,
      },
      {
        what: 'where its certificate has expired',
        link: { pin: [] },
        shows: () =>
          folder.issue('127.0.0.1', { certified: true, from: Date.now() - 40 * 86_400_000, days: 30 }),
        says: /is not trusted: it has expired/,
      },
      {
        what: 'where it speaks no TLS',
        port: 'plain',
        says: /what answers there speaks no TLS; see the port and tls/,
      },
      {
        what: 'where it does not take the password',
        link: { password_file: 'wrong' },
        says: /login: it does not take the login of a-feeds-us: "481 /,
      },
    ]

    for (const { what, link = {}, port, shows, says } of cases)
      it(`${what}, say so, try again, and go on once it is mended`, async () => {
        const shown = shows?.() ?? theirs
        const account = section({ name: 'a.example', account: 'a-feeds-us' })
        await using b = await RunningSite.start('b.example', shown.section + account, secure)
        await b.run(
          ['user', 'add', 'a-feeds-us', '--role', 'peer', '--password-stdin'],
          new FakeProcess({ input: 's3cret\n' }),
        )
        folder.file('wrong', 'secret\n')
        const right = folder.file('right', 's3cret\n')
        const keys = {
          name: 'b.example',
          send: 'local.*',
          tls: 'implicit',
          pin: [theirs.fingerprint],
          user: 'a-feeds-us',
          password_file: right,
          ...(shown !== theirs && { ca_file: folder.authorityFile }),
          ...link,
        }
        if ('password_file' in link) keys.password_file = right.replace('right', String(link.password_file))
        const to = `127.0.0.1:${port === 'plain' ? b.port : b.securePort}`
        await using a = await RunningSite.start('a.example', section({ ...keys, to }))
        await a.post('<3@a.example>')
        await until('it is said', async () => says.test((await show(a, 'b.example')).out.lastError))
        const { out } = await show(a, 'b.example')
        expect(out).to.include({ state: 'waiting', offered: 0, accepted: 0 })
        expect(out.retryIn).to.be.within(20, 40)
        expect((await show(b, 'a.example')).in.offered).to.equal(0)
        expect((await a.run(['peer', 'show', 'b.example'])).out).to.match(says)

        const mended = { ...keys, pin: [shown.fingerprint], password_file: right }
        await change(a, section({ ...mended, to: `127.0.0.1:${b.securePort}` }))
        expect(await arrived(b, '<3@a.example>')).to.match(/^b\.example!!a\.example!/)
      })

    it('where it is asked for STARTTLS and has none', async () => {
      await using b = await RunningSite.start(
        'b.example',
        section({ name: 'a.example', from: ['127.0.0.1'] }),
      )
      const keys = { name: 'b.example', send: 'local.*', to: `127.0.0.1:${b.port}` }
      await using a = await RunningSite.start('a.example', section({ ...keys, tls: 'starttls' }))
      await a.post('<4@a.example>')
      const says = /does not offer STARTTLS, which tls asks for; nothing was sent without TLS/
      await until('it is said', async () => says.test((await show(a, 'b.example')).out.lastError))
      expect((await show(b, 'a.example')).in.offered).to.equal(0)
    })
  })

  it('become another peer within a session by STARTTLS and by a login, and lose the leases of the one before', async () => {
    const sections = [
      { name: 'plain.example', from: ['127.0.0.1'] },
      { name: 'a.example', certificate: [ours.fingerprint] },
      { name: 'login.example', account: 'login' },
    ]
    await using b = await RunningSite.start('b.example', theirs.section + sections.map(section).join(''))
    await b.run(
      ['user', 'add', 'login', '--role', 'peer', '--password-stdin'],
      new FakeProcess({ input: 's3cret\n' }),
    )
    const socket = connect(b.port, '127.0.0.1')
    const before = new RawClient(socket)
    await before.play(`
      S: 200 *
      C: CHECK <5@a.example>
      S: 238 *`)
    const other = await b.connect()
    await other.play(`
      C: CHECK <5@a.example>
      S: 431 *`)
    await before.play(`
      C: STARTTLS
      S: 382 *`)
    const under = new RawClient(await upgraded(socket, ours))
    await under.play(`
      C: CHECK <5@a.example>
      S: 238 *`)
    await other.play(`
      C: CHECK <5@a.example>
      S: 431 *`)
    const article = (id: string) =>
      [
        `TAKETHIS ${id}`,
        'Path: a.example!not-for-mail',
        'From: a@a.example',
        'Newsgroups: local.test',
        'Subject: s',
        `Date: ${new Date().toUTCString()}`,
        `Message-ID: ${id}`,
        '',
        'body',
        '.\r\n',
      ].join('\r\n')
    under.send(article('<5@a.example>'))
    expect(await under.line()).to.equal('239 <5@a.example>')
    expect(await pathAt(b, '<5@a.example>')).to.match(/^b\.example!!a\.example!/)
    // A certificate is the stronger proof.
    await under.play(`
      C: AUTHINFO USER login
      S: 381 *
      C: AUTHINFO PASS s3cret
      S: 281 *`)
    under.send(article('<6@a.example>'))
    expect(await under.line()).to.equal('239 <6@a.example>')
    expect(await pathAt(b, '<6@a.example>')).to.match(/^b\.example!!a\.example!/)
    under.end()

    const bare = connect(b.port, '127.0.0.1')
    const first = new RawClient(bare)
    await first.play(`
      S: 200 *
      C: STARTTLS
      S: 382 *`)
    const third = new RawClient(await upgraded(bare))
    await third.play(`
      C: CHECK <7@a.example>
      S: 238 *
      C: AUTHINFO USER login
      S: 381 *
      C: AUTHINFO PASS s3cret
      S: 281 *`)
    await other.play(`
      C: CHECK <7@a.example>
      S: 238 *`)
    third.send(article('<8@a.example>'))
    expect(await third.line()).to.equal('239 <8@a.example>')
    expect(await pathAt(b, '<8@a.example>')).to.match(
      /^b\.example!\.MISMATCH\.(login|plain)\.example!a\.example!/,
    )
    third.end()
    // What it held when it went is free again.
    other.send('QUIT\r\n')
    await other.rest()
    const last = await b.connect()
    await last.play(`
      C: CHECK <7@a.example>
      S: 238 *`)
    last.end()
    const counts = await b.json('peer', 'list')
    expect(counts.map(({ in: { useful } }: Shown) => useful)).to.deep.equal([0, 2, 1])
  })

  it('take up a new certificate, key and password with the next connection, while the others go on', async () => {
    const renewed = folder.issue('news.a.example.next')
    const knows = (...certificate: string[]) => section({ name: 'a.example', certificate })
    await using b = await RunningSite.start('b.example', theirs.section + knows(ours.fingerprint), secure)
    await using c = await RunningSite.start('c.example', theirs.section + knows(ours.fingerprint), secure)
    const to = (site: RunningSite, pin = theirs.fingerprint) =>
      section({
        name: site.name,
        send: 'local.*',
        tls: 'implicit',
        to: `127.0.0.1:${site.securePort}`,
        pin: [pin],
      })
    await using a = await RunningSite.start('a.example', ours.section + to(b) + to(c), secure)
    await fed(a, b, '<9@a.example>')
    await arrived(c, '<9@a.example>')

    // `c` would not know the new key: its connection is still the one of before.
    await change(b, theirs.section + knows(ours.fingerprint, renewed.fingerprint))
    await change(a, renewed.section + to(b, theirs.fingerprint.toUpperCase()) + to(c))
    await fed(a, b, '<10@a.example>')
    await arrived(c, '<10@a.example>')
    await change(b, theirs.section + knows(renewed.fingerprint))
    // The connection that stands is made with the new key: it is still a peer's.
    await fed(a, b, '<11@a.example>')
    await arrived(c, '<11@a.example>')
    await a.run(['peer', 'stop', 'c.example'])
    await a.run(['peer', 'start', 'c.example'])
    await a.post('<12@a.example>')
    await until('c does not know it', async () =>
      /it does not know us as a peer|"480 |"502 /.test((await show(a, 'c.example')).out.lastError),
    )
    // A listener shows its new certificate too.
    const next = folder.issue('news.c.example.next')
    await change(c, next.section + knows(renewed.fingerprint))
    await a.run(['peer', 'flush', 'c.example'])
    await until('the pin is of before', async () =>
      /none of the keys in pin/.test((await show(a, 'c.example')).out.lastError),
    )
    await change(a, renewed.section + to(b) + to(c, next.fingerprint))
    await arrived(c, '<12@a.example>')
  })
})
