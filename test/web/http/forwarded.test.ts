import { expect } from 'chai'
import { Networks } from '../../../src/address-blocks.ts'
import { askerOf } from '../../../src/web/http/forwarded.ts'
import { WebFixture } from '../../support/web-fixture.ts'

const trusted = new Networks(['127.0.0.1', '10.0.0.0/24', '2001:db8:1::/48'])

interface Request {
  readonly from?: string
  readonly secure?: boolean
  readonly fields?: Readonly<Record<string, string>>
}

function asker({ from = '127.0.0.1', secure = false, fields = {} }: Request): string {
  const found = askerOf({ remote: from, secure, field: name => fields[name] }, trusted)
  return 'unknown' in found ? 'nobody' : `${found.client.address}${found.client.secure ? ' secure' : ''}`
}

const forwardedFor = (value: string, from?: string) =>
  asker({ fields: { 'x-forwarded-for': value }, ...(from && { from }) })

describe('web/forwarded', () => {
  const chains: readonly (readonly [field: string, asker: string])[] = [
    ['198.51.100.7', '198.51.100.7'],
    ['198.51.100.7, 10.0.0.9', '198.51.100.7'],
    ['203.0.113.1, 198.51.100.7, 10.0.0.9,10.0.0.10', '198.51.100.7'],
    ['127.0.0.1, 198.51.100.7', '198.51.100.7'], // what the visitor wrote does not count
    ['10.0.0.1, 198.51.100.7', '198.51.100.7'],
    ['2001:db8:2::7', '2001:db8:2::7'],
    ['[2001:db8:2::7]:1234, 2001:db8:1::1', '2001:db8:2::7'],
    ['[2001:db8:2::7]', '2001:db8:2::7'],
    ['198.51.100.7:1234', '198.51.100.7'],
    ['::ffff:198.51.100.7', '198.51.100.7'],
    ['', 'nobody'],
    ['10.0.0.9', 'nobody'], // none but proxies
    ['unknown', 'nobody'],
    ['198.51.100.7, unknown', 'nobody'], // never past what a proxy wrote
    ['198.51.100.7,', 'nobody'],
    ['198.51.100.7, 10.0.0.256', 'nobody'],
    ['::ffff:7f00:1', 'nobody'],
    ['127.0.0.2', 'nobody'], // the loopback of another machine
    ['::1', 'nobody'],
    ['0:0:0:0:0:0:0:1', 'nobody'],
    [`${'10.0.0.1,'.repeat(2000)}10.0.0.1`, 'nobody'],
  ]
  for (const [field, expected] of chains)
    it(`a trusted proxy that says "${field.slice(0, 60)}" asks for ${expected}`, () => {
      expect(forwardedFor(field)).to.equal(expected)
      expect(forwardedFor(field, '10.0.0.77')).to.equal(expected)
    })

  it('believes nobody else', () => {
    expect(forwardedFor('198.51.100.7', '203.0.113.5')).to.equal('203.0.113.5')
    expect(asker({ from: '203.0.113.5', fields: { 'x-forwarded-proto': 'https' } })).to.equal('203.0.113.5')
    expect(asker({ from: '203.0.113.5', secure: true })).to.equal('203.0.113.5 secure')
    expect(asker({ from: '::ffff:203.0.113.5' })).to.equal('203.0.113.5')
  })

  it('gives a proxy that nobody has named no rights of loopback', () => {
    expect(asker({ from: '127.0.0.9' })).to.equal('127.0.0.9')
    for (const name of ['x-forwarded-for', 'x-real-ip', 'forwarded'])
      for (const from of ['127.0.0.9', '::1', '::ffff:127.0.0.9'])
        expect(asker({ from, fields: { [name]: '198.51.100.7' } }), `${from} ${name}`).to.equal('nobody')
  })

  it('takes the scheme from the proxy next to us', () => {
    const proto = (value: string) =>
      asker({ fields: { 'x-forwarded-for': '198.51.100.7', 'x-forwarded-proto': value } })
    expect(proto('https')).to.equal('198.51.100.7 secure')
    expect(proto('http, HTTPS')).to.equal('198.51.100.7 secure')
    expect(proto('https, http')).to.equal('198.51.100.7')
  })

  it('shows on pages whose request it was', async () => {
    await using web = new WebFixture()
    web.config = { ...web.config, listen: { ...web.config.listen, trusted_proxies: ['127.0.0.1'] } }
    const asked: string[] = []
    await web.start({
      access: ({ address, secure }) => {
        asked.push(`${address} ${secure}`)
        return {
          mayRead: () => true,
          poster: { account: '', address, mayPost: () => true, mayApprove: () => false },
        }
      },
    })
    const headers = { 'X-Forwarded-For': '127.0.0.1, 198.51.100.7', 'X-Forwarded-Proto': 'https' }
    const form = await web.ask('/post', { headers })
    expect(form.status).to.equal(200)
    expect(asked).to.deep.equal(['198.51.100.7 true'])
    expect(String(form.headers['set-cookie'])).to.match(/^__Host-tidings=[\w-]{22}; .*Secure/)
    const plain = await web.ask('/post', { headers: { 'X-Forwarded-For': '198.51.100.7' } })
    expect(String(plain.headers['set-cookie']))
      .to.match(/^tidings=[\w-]{22}; /)
      .and.not.match(/Secure/)
  })

  it('answers a proxy that says nothing with 403 and how to mend it, but for style and icon', async () => {
    await using web = new WebFixture()
    web.config = { ...web.config, listen: { ...web.config.listen, trusted_proxies: ['127.0.0.0/8'] } }
    await web.start({
      access: () => {
        throw new Error('nobody has rights')
      },
    })
    for (const [method, path] of [
      ['GET', '/'],
      ['GET', '/index.json'],
      ['GET', '/m/x@y/raw'],
      ['POST', '/post'],
      ['GET', '/nothing'],
    ]) {
      const reply = await web.ask(path ?? '', { ...(method && { method }) })
      expect(reply.status, path).to.equal(403)
      expect(reply.text).to.contain('let the proxy send X-Forwarded-For')
      expect(reply.headers['content-security-policy']).to.contain("default-src 'none'")
    }
    expect((await web.ask('/static/style.css')).status).to.equal(200)
    expect(web.errors).to.deep.equal([])
  })
})
