import type { Socket } from 'node:net'
import { expect } from 'chai'
import { FakeNode, fakeConfig } from '../support/fake-node.ts'
import { ManualClock, settled } from '../support/manual-clock.ts'
import { RawClient } from '../support/raw-client.ts'
import { TlsServer, upgraded } from '../support/tls-server.ts'

const addresses = ['127.0.0.1:0']
const listen = {
  nntp: addresses,
  nntps: addresses,
  proxy_protocol: addresses,
  trusted_proxies: ['127.0.0.1'],
}
const access = [
  { from: ['0.0.0.0/0'], read: '*' },
  { from: ['127.0.0.0/8'], read: '*', post: '*' },
  { from: ['192.0.2.0/24'], read: '*', post: '*' },
]
const binary = Buffer.from('0d0a0d0a000d0a515549540a2111000cc0000201c63364011f900233', 'hex')
const local = Buffer.from('0d0a0d0a000d0a515549540a20000000', 'hex')

function start(
  more: { readonly listen?: object; readonly limits?: object; readonly clock?: ManualClock } = {},
) {
  const { clock, ...tables } = more
  const config = { access, ...tables, listen: { ...listen, ...more.listen } }
  const node = clock && new FakeNode(clock, fakeConfig({ tls: { cert: 'a' }, ...config }))
  return TlsServer.start({ config, ...(node && { node }) })
}

/** The first line and whether that is all. */
async function greeted(socket: Socket, ...octets: readonly (string | Buffer)[]): Promise<string> {
  for (const each of octets) socket.write(each)
  const client = new RawClient(socket)
  const first = await client.line()
  client.send('QUIT\r\n')
  await client.rest()
  socket.destroy()
  return first
}

/** Resolves with what came, when it is closed. */
async function closed(socket: Socket): Promise<string> {
  let text = ''
  socket.on('data', chunk => {
    text += chunk.toString('latin1')
  })
  socket.on('error', () => {})
  if (!socket.destroyed) await new Promise(resolve => socket.once('close', resolve))
  return text
}

describe('server: behind a TCP proxy', () => {
  it('gives the client the rights of the address in the header', async () => {
    await using site = await start()
    expect(await greeted(site.plain(), 'PROXY TCP4 192.0.2.1 198.51.100.1 1 119\r\n')).to.match(/^200 /)
    expect(await greeted(site.plain(), 'PROXY TCP4 203.0.113.1 198.51.100.1 1 119\r\n')).to.match(/^201 /)
    expect(await greeted(site.plain(), binary)).to.match(/^200 /)
  })

  it('gives nobody the rights of loopback', async () => {
    await using site = await start()
    for (const header of ['PROXY UNKNOWN\r\n', local, 'PROXY TCP4 127.0.0.1 127.0.0.1 1 2\r\n'])
      expect(await greeted(site.plain(), header)).to.match(/^201 /)
    expect(await greeted(site.plain(), 'PROXY TCP6 ::ffff:127.0.0.1 ::1 1 2\r\n')).to.match(/^201 /)
  })

  it('reads commands that came with the header, and a header that comes in pieces', async () => {
    await using site = await start()
    const client = new RawClient(site.plain())
    client.send('PROXY TCP4 192.0.2.1 198.51.100.1 1 119\r\nDATE\r\nQUIT\r\n')
    expect((await client.rest()).replace(/(?<=\d{3}).*/g, '')).to.equal('200\r\n111\r\n205\r\n')
    const slow = site.plain().setNoDelay(true)
    for (const octet of binary) {
      slow.write(Buffer.from([octet]))
      await settled()
    }
    expect(await greeted(slow)).to.match(/^200 /)
  })

  it('takes the header before TLS, in the same packet or not', async () => {
    await using site = await start()
    for (const header of [binary, 'PROXY TCP4 192.0.2.1 198.51.100.1 1 563\r\n']) {
      const socket = site.securePlain()
      socket.write(header)
      expect(await greeted(await upgraded(socket))).to.match(/^200 /)
    }
  })

  it('counts connections by the address in the header', async () => {
    await using site = await start({ limits: { connections_per_address: 1 } })
    const header = (address: string) => `PROXY TCP4 ${address} 198.51.100.1 1 119\r\n`
    const held = site.plain()
    held.write(header('192.0.2.7'))
    await new RawClient(held).line()
    const second = site.plain()
    second.write(header('192.0.2.7'))
    expect(await closed(second)).to.match(/^400 /)
    expect(await greeted(site.plain(), header('192.0.2.8'))).to.match(/^200 /)
    held.destroy()
  })

  it('closes without a word what begins otherwise', async () => {
    await using site = await start()
    for (const octets of ['MODE READER\r\n', `PROXY UNKNOWN ${'x'.repeat(100)}`, Buffer.from([0x16, 3, 1])]) {
      const socket = site.plain()
      socket.write(octets)
      expect(await closed(socket)).to.equal('')
    }
  })

  it('closes without a word who is no proxy', async () => {
    await using site = await start({ listen: { trusted_proxies: ['192.0.2.1'] } })
    const socket = site.plain()
    socket.write(binary)
    expect(await closed(socket)).to.equal('')
  })

  it('waits 5 seconds for the header', async () => {
    const clock = new ManualClock()
    await using site = await start({ clock })
    const socket = site.plain()
    socket.write('PROXY ')
    const end = closed(socket)
    while (clock.alarms === 0) await settled()
    await clock.advance(4_999)
    expect(socket.destroyed).to.equal(false)
    await clock.advance(1)
    expect(await end).to.equal('')
    expect(site.server.connections).to.equal(0)
  })

  it('stops although a header never comes', async () => {
    const site = await start()
    const socket = site.plain()
    await new Promise(resolve => socket.once('connect', resolve))
    const end = closed(socket)
    await site[Symbol.asyncDispose]()
    expect(await end).to.equal('')
  })

  it('leaves other listeners as they are', async () => {
    await using site = await start({ listen: { proxy_protocol: [] } })
    expect(await greeted(site.plain())).to.match(/^200 /)
  })
})
