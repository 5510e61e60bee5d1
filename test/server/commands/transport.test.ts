import { type Duplex, PassThrough } from 'node:stream'
import { constants, createDeflateRaw, createInflateRaw, deflateRawSync } from 'node:zlib'
import { expect } from 'chai'
import { type Command, line } from '../../../src/server/command.ts'
import { CommandTable } from '../../../src/server/command-table.ts'
import { commandTable } from '../../../src/server/commands.ts'
import { FakeServer, type FakeServerOptions } from '../../support/fake-server.ts'
import { settled } from '../../support/manual-clock.ts'
import { RawClient } from '../../support/raw-client.ts'
import { fillWithSamples } from '../../support/sample-news.ts'
import { TlsServer } from '../../support/tls-server.ts'

const capabilitiesOf = async (client: RawClient): Promise<string[]> => {
  client.send('CAPABILITIES\r\n')
  await client.line()
  return client.block()
}

/** A client that has read 206: from now on it reads and writes through its own zlib. */
function inflating(stream: Duplex): RawClient {
  stream.removeAllListeners('data')
  const deflate = createDeflateRaw({ flush: constants.Z_SYNC_FLUSH })
  const inflate = createInflateRaw({ finishFlush: constants.Z_SYNC_FLUSH })
  const read = new PassThrough()
  stream.on('data', (chunk: Buffer) => inflate.write(chunk))
  for (const event of ['end', 'close']) stream.once(event, () => inflate.writableEnded || inflate.end())
  inflate.pipe(read)
  deflate.on('data', (chunk: Buffer) => stream.write(chunk))
  return new RawClient({
    on: (name: string, listener: () => void) => read.on(name, listener),
    write: (text: string) => deflate.write(text),
    end: () => stream.end(),
    destroy: () => stream.destroy(),
  } as never)
}

/** A connection over which COMPRESS was accepted. */
async function compressed(options: FakeServerOptions = {}) {
  const server = new FakeServer(options)
  fillWithSamples(server.node)
  const { client, stream, served } = server.connect()
  await client.play(`
    S: 200 *
    C: COMPRESS DEFLATE
    S: 206 *`)
  return { client: inflating(stream), stream, served }
}

describe('server: COMPRESS', () => {
  it('compresses what follows 206, and keeps the session', async () => {
    const server = new FakeServer()
    fillWithSamples(server.node)
    const { client, stream, served } = server.connect()
    await client.line()
    expect(await capabilitiesOf(client)).to.include('COMPRESS DEFLATE')
    await client.play(`
      C: GROUP misc.test
      S: 211 *
      C: compress deflate
      S: 206 *`)
    const secret = inflating(stream)
    secret.send('STAT\r\nARTICLE 237\r\n')
    expect(await secret.line()).to.match(/^223 /)
    expect(await secret.line()).to.match(/^220 /)
    expect((await secret.block()).length).to.be.greaterThan(5)
    secret.send('QUIT\r\n')
    expect(await secret.rest()).to.match(/^205 /)
    stream.end()
    await served
  })

  it('tells nothing by the length of an answer that others may not have', async () => {
    const lengths = async (access: readonly object[]) => {
      const { client, stream, served } = await compressed({ config: { access } })
      let octets = 0
      stream.on('data', (chunk: Buffer) => {
        octets += chunk.length
      })
      client.send('GROUP misc.test\r\n')
      await client.line()
      const each: number[] = []
      for (let times = 0; times < 3; times++) {
        const before = octets
        client.send('ARTICLE 237\r\n')
        expect(await client.line()).to.match(/^220 /)
        await client.block()
        each.push(octets - before)
      }
      stream.destroy()
      await served
      return each
    }
    const [first = 0, ...others] = await lengths([
      { read: 'x.*' },
      { from: ['127.0.0.0/8'], read: '*', post: '*' },
    ])
    expect(first).to.be.greaterThan(100)
    expect(others).to.deep.equal([first, first])
    // Where anybody may read it, the second one is told by the first.
    const [alone = 0, , again = 0] = await lengths([{ read: '*', post: '*' }])
    expect(again).to.be.lessThan(alone / 2)
  })

  it('is not to be had twice, nor TLS, a login or another mode over it', async () => {
    const { client, stream, served } = await compressed({ config: { tls: { cert: 'a' } } })
    for (const command of [
      'COMPRESS DEFLATE',
      'COMPRESS SHRINK',
      'STARTTLS',
      'MODE READER',
      'AUTHINFO USER fred',
    ]) {
      client.send(`${command}\r\n`)
      expect(await client.line(), command).to.match(/^502 /)
    }
    const labels = await capabilitiesOf(client)
    expect(labels).to.not.include('COMPRESS DEFLATE').and.not.include('STARTTLS')
    stream.destroy()
    await served
  })

  it('knows DEFLATE alone', async () => {
    await new FakeServer().play(`
      C: COMPRESS SHRINK
      S: 503 *
      C: COMPRESS
      S: 501 *
      C: COMPRESS DEFLATE BEST
      S: 501 *
      C: COMPRESS DE:FLATE
      S: 501 *
      C: DATE
      S: 111 *`)
  })

  it('is to be had under TLS only where the operator said so', async () => {
    await using careful = await TlsServer.start()
    const without = new RawClient(await careful.secure())
    await without.play(`
      S: 200 *
      C: COMPRESS DEFLATE
      S: 502 *`)
    without.end()
    await using bold = await TlsServer.start({
      config: { tls: { cert: 'a', compress: true }, listen: { nntp: [], nntps: ['127.0.0.1:0'] } },
    })
    const stream = await bold.secure()
    const client = new RawClient(stream)
    await client.line()
    expect(await capabilitiesOf(client)).to.include('COMPRESS DEFLATE')
    await client.play(`
      C: COMPRESS DEFLATE
      S: 206 *`)
    const secret = inflating(stream)
    secret.send('DATE\r\n')
    expect(await secret.line()).to.match(/^111 /)
    stream.destroy()
  })

  it('answers pipelined commands, and sends each answer at once', async () => {
    const { client, stream, served } = await compressed()
    client.send('DATE\r\nHELP\r\nDATE\r\n')
    expect(await client.line()).to.match(/^111 /)
    expect(await client.line()).to.match(/^100 /)
    await client.block()
    expect(await client.line()).to.match(/^111 /)
    client.send('DATE\r\n')
    expect(await client.line()).to.match(/^111 /)
    stream.end()
    await served
  })

  it('executes nothing that stood uncompressed behind it, in 216 variants', async function () {
    this.timeout(30_000)
    let executed = 0
    const look: Command = {
      name: 'XLOOK',
      args: [0, 1],
      syntax: 'XLOOK',
      rfc: 'test',
      run() {
        executed++
        return line(203)
      },
    }
    const table = new CommandTable([...commandTable().rows, look])
    const command = 'COMPRESS DEFLATE\r\n'
    let variants = 0
    for (const head of ['', 'MODE READER\r\n', 'DATE\r\nDATE\r\n'])
      for (const tail of ['XLOOK\r\n', 'X', '\r\n', 'XLOOK\r\n'.repeat(100)])
        for (const turns of [0, 1, 8])
          for (const at of [0, 1, 8, command.length - 2, command.length - 1, command.length]) {
            variants++
            const { client, stream, served } = new FakeServer({ server: { table } }).connect()
            client.send(head + command.slice(0, at))
            if (turns > 0) await settled(turns)
            client.send(command.slice(at) + tail)
            stream.end()
            const text = await client.rest()
            await served
            expect(text)
              .to.match(/^(206|502) /m)
              .and.not.match(/^203 /m)
          }
    expect(variants).to.equal(216)
    expect(executed).to.equal(0)
  })

  const endings: readonly [string, Buffer][] = [
    ['no DEFLATE at all', Buffer.from('DATE\r\nDATE\r\n\xff\xff', 'latin1')],
    ['a bomb', deflateRawSync(Buffer.alloc(16 * 1024 * 1024), { finishFlush: constants.Z_SYNC_FLUSH })],
    ['a bomb of commands', deflateRawSync(Buffer.from('DATE\r\n'.repeat(2_000_000)))],
    [
      'a bomb behind TAKETHIS',
      deflateRawSync(Buffer.from(`TAKETHIS <a@b>\r\n${'a\r\n'.repeat(5_000_000)}.\r\n`)),
    ],
    [
      'the end, and garbage',
      Buffer.concat([deflateRawSync(Buffer.from('DATE\r\n')), Buffer.from('DATE\r\n')]),
    ],
    ['the end, and a second stream', Buffer.concat(Array(2).fill(deflateRawSync(Buffer.from('DATE\r\n'))))],
    ['half a stream', deflateRawSync(Buffer.from('DATE\r\n')).subarray(0, 5)],
  ]
  for (const [name, octets] of endings)
    it(`ends cleanly after ${name}`, async function () {
      this.timeout(30_000)
      const { client, stream, served } = await compressed()
      const text = client.rest()
      stream.write(octets)
      stream.end()
      await served
      stream.destroy()
      expect((await text).match(/^111 /gm)?.length ?? 0).to.be.lessThan(250_000)
    })

  it('holds no more of a bomb than of plain input', async function () {
    this.timeout(60_000)
    const bomb = deflateRawSync(Buffer.alloc(64 * 1024 * 1024, 'a'), {
      finishFlush: constants.Z_SYNC_FLUSH,
    })
    const before = process.memoryUsage().rss
    let most = 0
    const all = Array.from({ length: 50 }, async () => {
      const { stream, served } = await compressed()
      stream.resume()
      stream.write(bomb)
      const watch = setInterval(() => {
        most = Math.max(most, process.memoryUsage().rss - before)
      }, 5)
      await served
      clearInterval(watch)
    })
    await Promise.all(all)
    expect(most / 1024 / 1024).to.be.lessThan(128)
  })
})
