import { connect } from 'node:net'
import { expect } from 'chai'
import { Networks } from '../../../src/address-blocks.ts'
import { systemClock } from '../../../src/clock.ts'
import { configSchema } from '../../../src/config/config.ts'
import { silentLog } from '../../../src/log.ts'
import { Crowd } from '../../../src/web/http/crowd.ts'
import { Listeners } from '../../../src/web/http/listeners.ts'
import { EventStream } from '../../support/event-stream.ts'
import { until } from '../../support/running-site.ts'
import { WebFixture } from '../../support/web-fixture.ts'

const configOf = (limits: object, more: object = {}) =>
  configSchema.parse({ node: { path_identity: 'news.test' }, limits, ...more })

function crowdOf(limits: object, proxies: readonly string[] = []) {
  const hits: string[] = []
  const config = configOf(limits)
  const audit = {
    record: () => {},
    limit: (limit: string, address: string) => hits.push(`${limit} ${address}`),
  }
  const networks = new Networks(proxies)
  return { hits, crowd: new Crowd({ config: () => config, proxies: () => networks, log: silentLog, audit }) }
}

const times = (count: number, run: () => unknown) => Array.from({ length: count }, run)
const by = (address: string) => ({ client: { address, secure: false } })

describe('web: connections of one address', () => {
  it('are counted until they end, once each, and told to the audit log where they are too many', () => {
    const { crowd, hits } = crowdOf({ web_connections_per_address: 2 })
    const [first] = times(2, () => crowd.connect('192.0.2.1')) as (() => void)[]
    expect(crowd.connect('::ffff:192.0.2.1')).to.equal(undefined)
    expect(crowd.connect('192.0.2.2')).to.be.a('function')
    first?.()
    first?.()
    expect(crowd.connect('192.0.2.1')).to.be.a('function')
    expect(crowd.connect('192.0.2.1')).to.equal(undefined)
    expect(hits).to.deep.equal(times(2, () => 'web_connections 192.0.2.1'))
  })

  it('count by the first 64 bits of IPv6, by network, and not from loopback', () => {
    const { crowd } = crowdOf({ web_connections_per_address: 2, connections_per_network: 3 })
    for (const [address, taken] of [
      ['2001:db8::1', true],
      ['2001:db8::2', true],
      ['2001:db8::3', false],
      ['2001:db8:0:1::3', true],
      ['2001:db8:0:2::3', false],
      ['2001:db8:0:100::3', true],
    ] as const)
      expect(crowd.connect(address) !== undefined, address).to.equal(taken)
    for (const address of ['127.0.0.1', '::1', '::ffff:127.0.0.1'])
      expect(times(9, () => crowd.connect(address))).to.not.include(undefined)
  })

  it('have room in their network where one address may have more than it', () => {
    const { crowd } = crowdOf({ web_connections_per_address: 5, connections_per_network: 2 })
    expect(times(5, () => crowd.connect('192.0.2.1'))).to.not.include(undefined)
    expect(crowd.connect('192.0.2.2')).to.equal(undefined)
  })

  it('are not counted for a proxy; its visitors are, by requests', () => {
    const { crowd } = crowdOf({ web_connections_per_address: 2 }, ['192.0.2.9'])
    expect(times(9, () => crowd.connect('192.0.2.9'))).to.not.include(undefined)
    expect(times(2, () => crowd.request('192.0.2.9', by('198.51.100.1')))).to.not.include(undefined)
    expect(crowd.request('192.0.2.9', by('198.51.100.1'))).to.equal(undefined)
    expect(crowd.request('192.0.2.9', by('203.0.113.1'))).to.be.a('function')
    expect(crowd.request('192.0.2.9', { unknown: 'nobody says' })).to.be.a('function')
    // Without a proxy the connection was counted, and its requests are not.
    expect(times(9, () => crowd.request('192.0.2.1', by('192.0.2.1')))).to.not.include(undefined)
  })

  it('are answered 429 and closed where they are too many, and nothing is done for them', async () => {
    const config = configOf({}, { listen: { web: ['127.0.0.1:0'] } })
    const observed: boolean[] = []
    const asked: (string | undefined)[] = []
    let here = 0
    const listeners = new Listeners({
      config: () => config,
      clock: systemClock,
      observe: taken => observed.push(taken),
      answer: (incoming, outgoing) => {
        asked.push(incoming.url)
        outgoing.end('welcome')
      },
      enter: address => {
        expect(address).to.equal('127.0.0.1')
        if (here === 2) return undefined
        here++
        return () => here--
      },
    })
    await listeners.open()
    const port = Number(listeners.addresses('web')[0]?.split(':')[1])
    const ask = async (path: string) => {
      const socket = connect(port, '127.0.0.1')
      socket.write(`GET ${path} HTTP/1.1\r\nHost: news.test\r\n\r\n`)
      let text = ''
      await new Promise<void>(resolve => {
        socket.on('data', chunk => {
          text += chunk
          if (text.includes('welcome')) resolve()
        })
        socket.on('end', resolve)
      })
      return { socket, text }
    }
    const [one, two] = [await ask('/1'), await ask('/2')]
    const refused = await ask('/3')
    expect(refused.text).to.match(
      /^HTTP\/1\.1 429 .*\r\nRetry-After: \d+\r\n[\s\S]*Too many connections from your address/,
    )
    one.socket.destroy()
    await until('its place is free', async () => here === 1)
    const again = await ask('/4')
    expect(again.text).to.contain('welcome')
    expect(asked).to.deep.equal(['/1', '/2', '/4'])
    expect(observed).to.deep.equal([true, true, false, true])
    for (const { socket } of [two, refused, again]) socket.destroy()
    await listeners.close()
  })

  it('through a proxy are requests under way, live pages among them', async () => {
    await using web = new WebFixture()
    const limits = { web_connections_per_address: 2 }
    web.config = configOf(limits, { listen: { web: ['127.0.0.1:0'], trusted_proxies: ['127.0.0.1'] } })
    web.reading.addGroup('local.test')
    await web.start()
    const one = { 'X-Forwarded-For': '198.51.100.1' }
    const streams = await Promise.all([1, 2].map(() => EventStream.open(`http://${web.host}/events`, one)))
    expect(streams.map(({ status }) => status)).to.deep.equal([200, 200])
    const told = await web.ask('/', { headers: one })
    expect([told.status, Number(told.headers['retry-after']) > 0]).to.deep.equal([429, true])
    expect(told.text).to.contain('Too many at once')
    expect((await web.ask('/', { headers: { 'X-Forwarded-For': '198.51.100.2' } })).status).to.equal(200)
    await streams[0]?.[Symbol.asyncDispose]()
    await until('there is room again', async () => (await web.ask('/', { headers: one })).status === 200)
    await streams[1]?.[Symbol.asyncDispose]()
  })
})
