import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { expect } from 'chai'
import { dialTcp, parseAddress } from '../../../src/feed/link/peer-dial.ts'

describe('calling a peer', () => {
  const table: readonly [string, { host: string; port: number } | undefined][] = [
    ['news.b.example:433', { host: 'news.b.example', port: 433 }],
    ['news.b.example', { host: 'news.b.example', port: 119 }],
    ['192.0.2.7:119', { host: '192.0.2.7', port: 119 }],
    ['[2001:db8::1]:1119', { host: '2001:db8::1', port: 1119 }],
    ['[::1]', { host: '::1', port: 119 }],
    ['2001:db8::1', { host: '2001:db8::1', port: 119 }],
    ['b:0', undefined],
    ['b:65536', undefined],
    ['b:x', undefined],
    ['', undefined],
    ['[::1', undefined],
    ['[::1]:0', undefined],
    ['[b]:119', undefined],
    ['news b', undefined],
    ['127.0.0.256', undefined],
  ]
  for (const [address, target] of table) {
    it(`reads ${address || 'nothing'}`, () => expect(parseAddress(address)).to.deep.equal(target))
  }

  it('gives a connected stream, or says why not', async () => {
    const server = createServer(socket => socket.end('200 hi\r\n')).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const { signal } = new AbortController()
    const stream = await dialTcp(`127.0.0.1:${port}`, { bind: '127.0.0.1', signal })
    expect(String((await once(stream, 'data'))[0])).to.equal('200 hi\r\n')
    stream.destroy()
    await new Promise(resolve => server.close(resolve))

    const failure = (address: string, given: AbortSignal) =>
      dialTcp(address, { bind: '', signal: given }).then(
        () => 'connected',
        (error: Error) => error.message,
      )
    expect(await failure(`127.0.0.1:${port}`, signal)).to.match(/ECONNREFUSED/)
    expect(await failure('b:x', signal)).to.match(/expected host/)
    expect(await failure(`127.0.0.1:${port}`, AbortSignal.abort())).to.match(/no connection in time/)
  })
})
