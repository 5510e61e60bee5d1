import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { expect } from 'chai'
import type { Client } from '../../src/client.ts'
import { type Command, line } from '../../src/server/command.ts'
import { CommandTable } from '../../src/server/command-table.ts'
import { commandTable } from '../../src/server/commands.ts'
import type { Session } from '../../src/server/session.ts'
import { keyFingerprint } from '../../src/tls/certificate.ts'
import { keyPair, pemPair } from '../support/certificates.ts'
import { FakeNode, fakeConfig } from '../support/fake-node.ts'
import { FakeServer } from '../support/fake-server.ts'
import { ManualClock, settled } from '../support/manual-clock.ts'
import { RawClient } from '../support/raw-client.ts'
import { fillWithSamples } from '../support/sample-news.ts'
import { TlsServer, upgraded } from '../support/tls-server.ts'

/** The usual commands and one that hands out the session. */
function tableWith(seen: (session: Session) => void): CommandTable {
  const look: Command = {
    name: 'XLOOK',
    args: [0, 1],
    syntax: 'XLOOK',
    rfc: 'test',
    run(session) {
      seen(session)
      return line(203)
    },
  }
  return new CommandTable([...commandTable().rows, look])
}

async function quit(client: RawClient): Promise<void> {
  client.send('QUIT\r\n')
  await client.rest()
  client.end()
}

async function closed(socket: Socket): Promise<void> {
  if (!socket.destroyed) await new Promise(resolve => socket.once('close', resolve))
}

/** Everything that comes before the end, whatever ends it. */
async function received(socket: Socket): Promise<string> {
  let text = ''
  socket.on('data', chunk => {
    text += chunk.toString('latin1')
  })
  socket.on('error', () => {})
  await closed(socket)
  return text
}

describe('server: TLS', () => {
  it('closes what is no TLS at once, and serves others', async () => {
    await using site = await TlsServer.start()
    const hello = Buffer.from('16030100050100000100', 'hex')
    const garbage = [
      Buffer.alloc(70_000, 0x16),
      Buffer.from('QUIT\r\n'.repeat(100)),
      hello,
      Buffer.concat([hello, Buffer.alloc(300, 0xff)]),
    ]
    for (const octets of garbage) {
      const socket = site.securePlain()
      const answer = received(socket)
      socket.write(octets)
      expect(await answer, octets.toString('hex', 0, 20)).to.not.contain('200 ')
    }
    await quit(new RawClient(await site.secure()))
  })

  it('closes at once where the client ends before the handshake has', async () => {
    await using site = await TlsServer.start()
    for (const octets of ['', '16', '16030100', '16030100050100000100'].map(hex => Buffer.from(hex, 'hex'))) {
      const socket = site.securePlain()
      const gone = closed(socket)
      socket.on('error', () => {})
      socket.resume().end(octets)
      await gone
    }
  })

  it('answers a client that has ended its side after the handshake', async () => {
    await using site = await TlsServer.start()
    const socket = await site.secure()
    const answer = received(socket)
    socket.end('DATE\r\n')
    socket.once('end', () => socket.destroy())
    expect(await answer).to.match(/^20\d .*\r\n111 \d{14}\r\n$/)
  })

  it('greets under TLS, where STARTTLS is not to be had', async () => {
    const clients: Client[] = []
    const table = tableWith(({ client }) => clients.push(client))
    await using site = await TlsServer.start({ server: { table } })
    const client = new RawClient(await site.secure())
    await client.play(`
      S: 200 *
      C: STARTTLS
      S: 502 *
      C: XLOOK
      S: 203 *
      C: CAPABILITIES`)
    expect(await client.line()).to.match(/^101 /)
    const labels = await client.block()
    expect(labels).to.include('READER').and.not.include('STARTTLS').and.not.include('COMPRESS DEFLATE')
    expect(clients).to.deep.equal([{ address: '127.0.0.1', secure: true, protocol: 'TLSv1.3' }])
    await quit(client)
  })

  it('speaks TLS 1.2 and 1.3 and nothing older', async () => {
    await using site = await TlsServer.start()
    for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
      const socket = await site.secure({ minVersion: version, maxVersion: version })
      expect(socket.getProtocol()).to.equal(version)
      socket.destroy()
    }
    const ciphers = 'ALL:@SECLEVEL=0'
    const old = await site
      .secure({ minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers })
      .catch((error: unknown) => error)
    expect(String(old)).to.match(/version/)
  })

  const refused = [
    'ECDHE-ECDSA-AES256-SHA',
    'ECDHE-ECDSA-AES128-SHA256',
    'AES128-GCM-SHA256',
    'ECDHE-RSA-AES128-SHA',
    'DHE-RSA-AES128-GCM-SHA256',
  ]
  it('takes no cipher suite beyond the intermediate ones of Mozilla', async () => {
    await using site = await TlsServer.start()
    for (const ciphers of refused) {
      const tried = await site.secure({ maxVersion: 'TLSv1.2', ciphers }).catch((error: unknown) => error)
      expect(String(tried), ciphers).to.match(/handshake failure/)
    }
    const ciphers = 'ECDHE-ECDSA-CHACHA20-POLY1305'
    const socket = await site.secure({ maxVersion: 'TLSv1.2', ciphers })
    expect(socket.getCipher().name).to.equal(ciphers)
    socket.destroy()
  })

  it('does not renegotiate, and leaves no ticket to come back with', async () => {
    await using site = await TlsServer.start()
    const socket = await site.secure({ maxVersion: 'TLSv1.2' })
    expect(socket.getTLSTicket()).to.equal(undefined)
    const refusal = new Promise(resolve => {
      socket.on('error', resolve)
      socket.renegotiate({}, error => error !== null && resolve(error))
    })
    expect(String(await refusal)).to.match(/renegotiation/i)
    socket.destroy()
  })

  it('takes clients that name nntp or nothing by ALPN, and none that name others', async () => {
    await using site = await TlsServer.start()
    for (const ALPNProtocols of [['nntp'], ['h2', 'nntp'], undefined]) {
      const socket = await site.secure(ALPNProtocols && { ALPNProtocols })
      expect(socket.alpnProtocol).to.equal(ALPNProtocols === undefined ? false : 'nntp')
      socket.destroy()
    }
    for (const ALPNProtocols of [['http/1.1'], ['h2', 'http/1.1'], ['nntp/1']]) {
      const error = await site.secure({ ALPNProtocols }).catch((reason: unknown) => reason)
      expect(String(error), ALPNProtocols.join()).to.match(/no application protocol/)
    }
  })

  it('tells what a client certificate proves', async () => {
    const authority = pemPair({ names: ['An authority'] })
    const issued = pemPair({ names: ['peer.example', '192.0.2.1'], issuer: authority })
    const stranger = pemPair({ names: ['peer.example'] })
    const clients: Client[] = []
    const table = tableWith(({ client }) => clients.push(client))
    await using site = await TlsServer.start({ server: { table } })
    const shown = async (own: { readonly cert: string; readonly key: string }) => {
      const client = new RawClient(await site.secure(own))
      await client.line()
      client.send('XLOOK\r\n')
      await client.line()
      await quit(client)
      return clients.pop()?.certificate
    }
    const fingerprint = keyFingerprint(new X509Certificate(issued.cert))
    const names = ['peer.example']
    // No authority is configured: those of browsers do not count either.
    expect(await shown(issued)).to.deep.equal({ names, fingerprint, trusted: false })
    site.pair = keyPair(pemPair(), authority.cert)
    expect(await shown(issued)).to.deep.equal({ names, fingerprint, trusted: true })
    expect(await shown(stranger)).to.deep.include({ names, trusted: false })
    site.pair = keyPair(pemPair())
    expect(await shown(issued)).to.deep.include({ trusted: false })
  })

  it('shows a new certificate to the next client, while sessions go on', async () => {
    await using site = await TlsServer.start()
    const early = await site.secure()
    const old = new RawClient(early)
    await old.line()
    const renewed = pemPair()
    site.pair = keyPair(renewed)
    const late = await site.secure()
    const first = early.getPeerX509Certificate()
    const second = late.getPeerX509Certificate()
    expect(second?.fingerprint256).to.equal(new X509Certificate(renewed.cert).fingerprint256)
    expect(second?.fingerprint256).to.not.equal(first?.fingerprint256)
    await old.play(`
      C: DATE
      S: 111 *`)
    await quit(old)
    late.destroy()
  })

  it('gives a handshake 10 seconds, and counts those who are in one', async () => {
    const clock = new ManualClock()
    const config = fakeConfig({ listen: { nntp: [], nntps: ['127.0.0.1:0'] }, tls: { cert: 'a' } })
    await using site = await TlsServer.start({ node: new FakeNode(clock, config) })
    const socket = site.securePlain()
    const end = received(socket)
    await once(socket, 'connect')
    while (site.server.connections === 0) await settled()
    await clock.advance(9_900)
    expect(socket.destroyed).to.equal(false)
    await clock.advance(200)
    expect(await end).to.equal('')
    while (site.server.connections > 0) await settled()
  })

  it('stops while a handshake is under way', async () => {
    const site = await TlsServer.start()
    const socket = site.securePlain()
    const end = received(socket)
    while (site.server.connections === 0) await new Promise(resolve => setImmediate(resolve))
    await site.server.close()
    expect(await end).to.equal('')
    expect(site.server.connections).to.equal(0)
  })

  it('refuses one too many without a word in the clear', async () => {
    await using site = await TlsServer.start({
      config: { listen: { nntp: [], nntps: ['127.0.0.1:0'] }, limits: { connections: 1 } },
    })
    const first = await site.secure()
    expect(await received(site.securePlain())).to.equal('')
    first.destroy()
  })

  describe('STARTTLS', () => {
    it('forgets what was said before, and greets no second time', async () => {
      const states: object[] = []
      const table = tableWith(session => {
        const { client, claimed, group, number, streaming, sawCapabilities, transports, access } = session
        const { poster, source } = access
        states.push({
          client,
          claimed,
          group,
          number,
          streaming,
          sawCapabilities,
          tls: [...transports],
          poster,
          source,
        })
      })
      await using site = await TlsServer.start({ server: { table } })
      fillWithSamples(site.node)
      const fresh = new RawClient(await site.secure())
      await fresh.play(`
        S: 200 *
        C: XLOOK
        S: 203 *`)
      const plain = site.plain()
      const before = new RawClient(plain)
      await before.play(`
        S: 200 *
        C: MODE READER
        S: 200 *
        C: MODE STREAM
        S: *
        C: AUTHINFO USER fred
        S: *
        C: GROUP misc.test
        S: 211 *
        C: STAT
        S: 223 *
        C: CAPABILITIES`)
      await before.line()
      expect(await before.block()).to.include('STARTTLS')
      await before.play(`
        C: STARTTLS
        S: 382 *`)
      const after = new RawClient(await upgraded(plain))
      await after.play(`
        C: XLOOK
        S: 203 *
        C: STAT
        S: 412 *
        C: STARTTLS
        S: 502 *
        C: CAPABILITIES`)
      await after.line()
      expect(await after.block()).to.not.include('STARTTLS')
      expect(states).to.have.length(2)
      expect(states[1]).to.deep.equal(states[0])
      await quit(after)
      await quit(fresh)
    })

    it('is not offered without a certificate, and answers 580', async () => {
      await new FakeServer().play(`
        C: STARTTLS
        S: 580 *`)
      const { client } = new FakeServer().connect()
      await client.line()
      client.send('CAPABILITIES\r\n')
      await client.line()
      expect(await client.block()).to.not.include('STARTTLS')
      client.end()
    })

    it('is not to be had after a login', async () => {
      const table = new CommandTable([
        ...commandTable().rows,
        {
          name: 'XLOGIN',
          args: [0, 0],
          syntax: 'XLOGIN',
          rfc: 'test',
          run(session) {
            session.client = { ...session.client, account: { name: 'a', roles: new Set(), groups: [] } }
            return line(281)
          },
        },
      ])
      await using site = await TlsServer.start({ server: { table } })
      const client = new RawClient(site.plain())
      await client.play(`
        S: 200 *
        C: XLOGIN
        S: 281 *
        C: STARTTLS
        S: 502 *
        C: CAPABILITIES`)
      await client.line()
      expect(await client.block()).to.not.include('STARTTLS')
      await quit(client)
    })

    it('ends the connection where no handshake follows', async () => {
      await using site = await TlsServer.start()
      const socket = site.plain()
      const client = new RawClient(socket)
      await client.play(`
        S: 200 *
        C: STARTTLS
        S: 382 *
        C: DATE`)
      expect(await client.rest()).to.not.match(/111/)
      socket.destroy()
    })

    // What stands before the command, behind it, and how the octets come.
    const before = ['', 'AUTHINFO USER fred\r\n', 'MODE READER\r\n', 'GROUP misc.test\r\n']
    const behind = ['XLOOK\r\n', 'XLOOK evil\r\nXLOOK\r\n', 'X', '\r\n', 'XLOOK\r\nQUIT\r\n']
    const splits = ['none', 'at each octet', 'behind the command', 'behind CR', 'in the middle', 'one by one']
    it('executes nothing that stood in the clear behind it, in 240 variants', async function () {
      this.timeout(60_000)
      let executed = 0
      const table = tableWith(() => executed++)
      await using site = await TlsServer.start({
        server: { table },
        config: { limits: { connections: 1000 } },
      })
      fillWithSamples(site.node)
      const attack = async (chunks: readonly string[], pause: () => Promise<unknown>) => {
        const socket = site.plain()
        socket.setNoDelay(true)
        const text = received(socket)
        for (const chunk of chunks) {
          if (socket.destroyed) break
          socket.write(chunk)
          await pause()
        }
        // Where a handshake has begun, this ends it.
        if (!socket.destroyed) socket.end(Buffer.alloc(64, 0xff))
        return text
      }
      const variants = before.flatMap(head =>
        behind.flatMap(tail => splits.flatMap(split => [1, 8].map(turns => ({ head, tail, split, turns })))),
      )
      expect(variants).to.have.length(240)
      const texts = variants.map(async ({ head, tail, split, turns }) =>
        attack(divided(`${head}STARTTLS\r\n`, tail, split), () => settled(turns)),
      )
      for (const text of await Promise.all(texts))
        expect(text)
          .to.match(/^(382|502) /m)
          .and.not.match(/^203 /m)
      expect(executed).to.equal(0)
    })

    function divided(command: string, tail: string, split: string): string[] {
      switch (split) {
        case 'at each octet':
        case 'one by one':
          return [...(split === 'one by one' ? command + tail : command)].concat(
            split === 'one by one' ? [] : tail,
          )
        case 'behind the command':
          return [command, tail]
        case 'behind CR':
          return [command.slice(0, -1), `\n${tail}`]
        case 'in the middle':
          return [command.slice(0, -4), command.slice(-4) + tail]
        default:
          return [command + tail]
      }
    }
  })

  it('gives nothing back of what a browser sends, on either side', async () => {
    await using site = await TlsServer.start()
    const request = 'POST / HTTP/1.1\r\nHost: news.example\r\n\r\n<script>alert(1)</script>\r\n'
    // In the clear to the port that expects TLS: at most an alert.
    const clear = site.securePlain()
    clear.write(request)
    expect((await received(clear)).length).to.be.lessThan(8)
    // Under TLS, by a client that named no protocol: the greeting is all.
    const secret = await site.secure()
    secret.write(request)
    expect(await received(secret)).to.match(/^(200 [^\r\n]*\r\n)?$/)
    // A handshake to the plain port.
    const socket = site.plain()
    const text = received(socket)
    const tls = connectTls({ socket, rejectUnauthorized: false })
    tls.on('error', () => {})
    await closed(tls)
    socket.destroy()
    expect(await text).to.match(/^(200 [^\r\n]*\r\n)?$/)
  })

  it('needs a socket below', async () => {
    const server = new FakeServer({
      config: { tls: { cert: 'a' } },
      server: { keyPair: () => keyPair(pemPair()) },
    })
    const { client, served } = server.connect()
    await client.play(`
      S: 200 *
      C: STARTTLS
      S: 382 *
      S: <end>`)
    client.end()
    await served
  })
})
