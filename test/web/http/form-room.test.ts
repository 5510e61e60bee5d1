import { connect } from 'node:net'
import { expect } from 'chai'
import { configSchema } from '../../../src/config/config.ts'
import { silentLog } from '../../../src/log.ts'
import { FormRoom } from '../../../src/web/http/form-room.ts'
import { RawClient } from '../../support/raw-client.ts'
import { WebFixture } from '../../support/web-fixture.ts'

describe('web: room for forms', () => {
  it('is bounded for a network and for all, and free again behind each form', () => {
    const room = new FormRoom(400)
    const one = room.begin('192.0.2.1')
    const same = room.begin('192.0.2.9')
    expect([one.take(60), one.take(40), one.take(1), same.take(1)]).to.deep.equal([true, true, false, false])
    const others = ['198.51.100.1', '203.0.113.1', '2001:db8::1'].map(address => room.begin(address))
    expect(others.map(({ take }) => take(100))).to.deep.equal([true, true, true])
    const late = room.begin('2001:db8:ffff::1')
    expect(late.take(1)).to.equal(false)
    one.free()
    expect([late.take(100), same.take(1)]).to.deep.equal([true, false])
    for (const place of [late, ...others]) place.free()
    expect(same.take(100)).to.equal(true)
  })

  it('ends for who sends many large forms at once, and for nobody who sends a small one', async () => {
    await using web = new WebFixture()
    web.config = configSchema.parse({
      listen: { web: ['127.0.0.1:0'] },
      node: { path_identity: 'news.test' },
      limits: { article_bytes: 20_000_000 },
    })
    web.reading.addGroup('local.test')
    await web.start()
    const port = Number(web.host.split(':')[1])
    const head = `POST /post HTTP/1.1\r\nHost: ${web.host}\r\nOrigin: http://${web.host}\r\nContent-Type: application/x-www-form-urlencoded\r\n`
    // More than a quarter of 128 MiB, of which the end never comes.
    const large = new RawClient(connect(port, '127.0.0.1'))
    large.send(`${head}Content-Length: 40000000\r\n\r\n${'a'.repeat(34_000_000)}`)
    expect(await large.line()).to.equal('HTTP/1.1 503 Service Unavailable')
    large.destroy()
    expect((await web.ask('/post', { form: { body: 'x' } })).status).to.equal(403)
  })

  it('is given back by who goes away in the middle, which is no fault of ours', async () => {
    await using web = new WebFixture()
    const told = new Promise<string>(resolve => {
      const tell = (_: object, text: string) => resolve(text)
      void web.start({ log: { ...silentLog, info: tell, error: tell } }).then(() => {
        const client = connect(Number(web.host.split(':')[1]), '127.0.0.1')
        client.write(
          `POST /post HTTP/1.1\r\nHost: ${web.host}\r\nOrigin: http://${web.host}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 40000\r\n\r\nbody=`,
          () => client.destroy(),
        )
      })
    })
    expect(await told).to.equal('a form ended before it was whole')
  })
})
