import { duplexPair } from 'node:stream'
import { expect } from 'chai'
import { silentLog } from '../../src/log.ts'
import { FakeServer } from '../support/fake-server.ts'
import { RawClient } from '../support/raw-client.ts'
import { fillWithSamples } from '../support/sample-news.ts'

function sampleServer(config: Record<string, unknown> = {}): FakeServer {
  const server = new FakeServer({ config })
  fillWithSamples(server.node)
  return server
}

describe('server/session', () => {
  it('greets with 200, 201 or 502 by what the address may do', async () => {
    const access = [
      { from: ['127.0.0.1'], read: '*', post: 'misc.*' },
      { from: ['127.0.0.2'], read: 'misc.*' },
    ]
    const server = sampleServer({ access })
    const greet = async (address: string) => {
      const { client } = server.connect(address)
      const text = await client.line()
      client.end()
      return { text, rest: await client.rest() }
    }
    expect(await greet('127.0.0.1')).to.deep.equal({
      text: '200 localhost.invalid Tidings ready, posting allowed',
      rest: '',
    })
    expect((await greet('127.0.0.2')).text).to.match(/^201 .*posting prohibited$/)
    expect((await greet('::ffff:127.0.0.1')).text).to.match(/^200 /)
    expect((await greet('192.0.2.1')).text).to.match(/^502 /)
  })

  it('closes after a 502 greeting', async () => {
    const { client } = sampleServer({ access: [] }).connect()
    expect(await client.rest()).to.match(/^502 [^\r\n]*\r\n$/)
  })

  it('answers the commands of a session', () =>
    sampleServer().play(`
      C: MODE READER
      S: 200 Reading, posting allowed
      C: mode reader
      S: 200 *
      C: MODE READER now
      S: 501 Syntax: MODE READER
      C: MODE FOO
      S: 501 Unknown MODE keyword, expected READER*
      C: MODE
      S: 501 *
      C: DATE
      S: 111 20*
      C: DATE 1
      S: 501 *
      C: XYZZY
      S: 500 Unknown command
      C:
      S: 500 *
      C: QUIT now
      S: 501 *
      C: QUIT
      S: 205 Connection closing
      S: <end>`))

  it('lists what works, from the table', () =>
    sampleServer().play(`
      C: CAPABILITIES
      S: 101 Capability list follows
      S: VERSION 2
      S: IMPLEMENTATION Tidings
      S: READER
      S: COMPRESS DEFLATE
      S: OVER MSGID
      S: HDR
      S: LIST ACTIVE ACTIVE.TIMES COUNTS NEWSGROUPS OVERVIEW.FMT HEADERS
      S: NEWNEWS
      S: POST
      S: .
      C: CAPABILITIES AUTOUPDATE
      S: 101 *
      S: VERSION 2
      S: *
      S: *
      S: *
      S: *
      S: *
      S: *
      S: *
      S: *
      S: .
      C: CAPABILITIES 1
      S: 501 *
      C: CAPABILITIES A B
      S: 501 *`))

  it('leaves out of the capabilities what the session may not do', async () => {
    const server = sampleServer({
      access: [{ from: ['127.0.0.1'], read: '*' }],
      lists: { motd: 'hello', subscriptions: ['misc.test'] },
      moderator: [{ groups: '*', address: 'a@example.com' }],
    })
    await server.play(`
      C: CAPABILITIES
      S: 101 *
      S: VERSION 2
      S: IMPLEMENTATION Tidings
      S: READER
      S: COMPRESS DEFLATE
      S: OVER MSGID
      S: HDR
      S: LIST ACTIVE ACTIVE.TIMES COUNTS NEWSGROUPS MODERATORS MOTD SUBSCRIPTIONS OVERVIEW.FMT HEADERS
      S: NEWNEWS
      S: .`)
  })

  it('gives help on the commands that work', async () => {
    const { client } = sampleServer({ node: { admin: 'usenet@example.com' } }).connect()
    await client.line()
    client.send('HELP\r\n')
    expect(await client.line()).to.equal('100 Help text follows')
    const lines = await client.block()
    expect(lines).to.include('  GROUP newsgroup').and.include('Report problems to <usenet@example.com>')
    client.end()
  })

  it('refuses AUTHINFO for good while there are no accounts', () =>
    sampleServer().play(`
      C: AUTHINFO USER fred  flintstone 
      S: 502 *
      C: AUTHINFO PASS x
      S: 502 *
      C: AUTHINFO USER
      S: 501 *
      C: AUTHINFO FOO
      S: 501 *
      C: DATE
      S: 111 *`))

  it('takes keywords in any case, and blanks and TABs between words', () =>
    sampleServer().play(`
      C: list \t  overview.FMT \t
      S: 215 *
      S: Subject:
      S: From:
      S: Date:
      S: Message-ID:
      S: References:
      S: Bytes:
      S: Lines:
      S: Xref:full
      S: .
      C: liſt
      S: 500 *`))

  it('keeps lines to 512 octets and arguments to 497, and goes on', async () => {
    const { client } = sampleServer().connect()
    await client.line()
    client.send(`GROUP ${'x'.repeat(504)}\r\n`) // 512 octets with CRLF, 504 of them arguments
    expect(await client.line()).to.match(/^501 /)
    client.send(`GROUP ${'x'.repeat(497)}\r\n`)
    expect(await client.line()).to.match(/^411 /)
    client.send(`GROUP ${'x'.repeat(498)}\r\n`)
    expect(await client.line()).to.match(/^501 /)
    client.send(`STAT ${'x'.repeat(100_000)}\r\nDATE\r\n`)
    expect(await client.line()).to.match(/^501 /)
    expect(await client.line()).to.match(/^111 /)
    client.end()
  })

  it('closes after a line that ends with LF alone, or holds a NUL', async () => {
    for (const bad of ['DATE\n', 'DATE\rDATE\r\n', 'DA\0TE\r\n']) {
      const { client } = sampleServer().connect()
      await client.line()
      client.send(bad)
      expect(await client.rest(), JSON.stringify(bad)).to.match(/^501 [^\r\n]*\r\n$/)
    }
  })

  it('says nothing to browsers and TLS clients', async () => {
    const starts = [
      Buffer.from('GET /<script> HTTP/1.1\r\nHost: x\r\n\r\n'),
      Buffer.from('POST /x HTTP/1.1\r\nDATE\r\n\r\n'),
      Buffer.from('HTTP/1.1 200 OK\r\n'),
      Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00]),
    ]
    for (const start of starts) {
      const { client, served } = sampleServer().connect()
      await client.line()
      client.send(start)
      await served
      expect(client.unread).to.equal('')
    }
    const { client, served } = sampleServer().connect()
    await client.line()
    client.send('DATE\r\n')
    expect(await client.line()).to.match(/^111 /)
    client.send('GET / HTTP/1.1\r\n')
    await served
    expect(client.unread).to.equal('')
  })

  it('answers what was sent before the client closed its side', async () => {
    const { client, served } = sampleServer().connect()
    client.send('GROUP misc.test\r\nSTAT\r\nDATE\r\nDAT')
    client.end()
    const text = await client.rest()
    await served
    expect(text.split('\r\n').map(found => found.slice(0, 3))).to.deep.equal(['200', '211', '223', '111', ''])
  })

  it('does not run what comes behind QUIT', async () => {
    const server = sampleServer()
    const { client } = server.connect()
    await client.line()
    client.send('QUIT\r\nPOST\r\n')
    expect(await client.rest()).to.equal('205 Connection closing\r\n')
  })

  it('never lets octets of a client make a second line', async () => {
    const { client } = sampleServer().connect()
    await client.line()
    client.send(Buffer.from('LIST \xffX\x01 caf\xe9\r\nDATE\r\n', 'latin1'))
    expect(await client.line()).to.match(/^501 [\x20-\x7e]*$/)
    expect(await client.line()).to.match(/^111 /)
    client.end()
  })

  it('answers 403 and logs where a handler fails, and goes on', async () => {
    const server = sampleServer()
    server.node.group = () => Promise.reject(new Error('disk on fire'))
    await server.play(`
      C: GROUP misc.test
      S: 403 Internal fault *
      C: DATE
      S: 111 *`)
  })

  it('refuses when there are too many connections', async () => {
    const server = sampleServer({ limits: { connections_per_address: 2, connections: 4 } })
    const open = [server.connect('192.0.2.1'), server.connect('192.0.2.1')]
    const { client } = server.connect('192.0.2.1')
    expect(await client.rest()).to.match(/^400 Too many connections/)
    expect(server.server.connections).to.equal(2)
    const local = [server.connect('127.0.0.1'), server.connect('127.0.0.1'), server.connect('127.0.0.1')]
    expect(await local[2]?.client.rest()).to.match(/^400 /)
    for (const { client } of [...open, ...local.slice(0, 2)]) client.end()
    await Promise.all([...open, ...local.slice(0, 2)].map(({ served }) => served))
    expect(server.server.connections).to.equal(0)
  })

  it('logs one line of those who come and go, two of those who stay', async () => {
    const events: object[] = []
    const info = (fields: object, event: string) => void events.push({ ...fields, event })
    const server = new FakeServer({ log: { ...silentLog, info } })
    await server.play('C: QUIT\n S: 205 *', '192.0.2.1')
    await server.play('C: DATE\n S: 111 *\n C: QUIT\n S: 205 *', '192.0.2.2')
    expect(events).to.deep.equal([
      { connection: 1, address: '192.0.2.1', secure: false, event: 'came and went' },
      { connection: 2, address: '192.0.2.2', secure: false, event: 'connected' },
      { connection: 2, event: 'disconnected' },
    ])
  })

  it('sends 400 and closes when the server stops', async () => {
    const server = sampleServer()
    const { client } = server.connect()
    await client.play('S: 200 *')
    const closing = server.server.close()
    expect(await client.rest()).to.match(/^400 /)
    client.end()
    await closing
    const [ours, theirs] = duplexPair()
    const late = new RawClient(ours)
    await server.server.accept(theirs, '127.0.0.1')
    expect(await late.rest()).to.match(/^400 /)
  })
})
