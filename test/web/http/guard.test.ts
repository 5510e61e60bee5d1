import { expect } from 'chai'
import { hostAllowed, originAllowed } from '../../../src/web/http/guard.ts'
import { WebFixture } from '../../support/web-fixture.ts'

const rule = {
  baseUrl: 'https://news.example/',
  listening: ['192.0.2.1:8119', '0.0.0.0:8119', '[2001:db8::1]:8119'],
}

describe('web: guard', () => {
  const hosts: readonly (readonly [string, boolean])[] = [
    ['localhost', true],
    ['localhost:8119', true],
    ['LOCALHOST', true],
    ['a.localhost:1', true],
    ['127.0.0.1:8119', true],
    ['127.9.9.9', true],
    ['[::1]:8119', true],
    ['news.example', true],
    ['NEWS.example:443', true],
    ['192.0.2.1', true],
    ['[2001:db8::1]:8119', true],
    ['198.51.100.7:8119', true],
    ['0.0.0.0:8119', false],
    ['evil.example', false],
    ['news.example.evil.example', false],
    ['127.0.0.1.evil.example', false],
    ['localhost.evil.example', false],
    ['xlocalhost', false],
    ['news.example@evil.example', false],
    ['', false],
    ['news.example:', false],
    ['198.51.100.8', false],
  ]
  for (const [host, allowed] of hosts) {
    it(`Host "${host}" is ${allowed ? 'ours' : 'foreign'}`, () => {
      expect(hostAllowed(host, '198.51.100.7', rule)).to.equal(allowed)
    })
  }

  const posts: readonly (readonly [string, string | undefined, string | undefined, boolean])[] = [
    ['localhost:8119', 'http://localhost:8119', 'same-origin', true],
    ['localhost:8119', 'http://localhost:8119', undefined, true],
    ['localhost:8119', undefined, 'same-origin', true],
    ['localhost:8119', undefined, undefined, true],
    ['news.example', 'https://news.example', 'same-origin', true],
    ['127.0.0.1:8119', 'https://news.example', 'same-origin', true],
    ['localhost:8119', undefined, 'cross-site', false],
    ['localhost:8119', undefined, 'same-site', false],
    ['localhost:8119', undefined, 'none', false],
    ['localhost:8119', 'http://localhost:8119', 'cross-site', false],
    ['localhost:8119', 'null', undefined, false],
    ['localhost:8119', 'null', 'same-origin', false],
    ['localhost:8119', 'http://evil.example', 'same-origin', false],
    ['localhost:8119', 'http://localhost:9999', undefined, false],
    ['localhost:8119', 'https://localhost:8119', undefined, false],
    ['localhost:8119', 'http://localhost:8119.evil.example', undefined, false],
    ['news.example', 'http://news.example', 'same-origin', false],
    ['localhost:8119', '', undefined, false],
  ]
  for (const [host, origin, fetchSite, allowed] of posts) {
    it(`a POST to ${host} from ${origin} (${fetchSite}) is ${allowed ? 'ours' : 'foreign'}`, () => {
      expect(originAllowed({ host, origin, fetchSite, secure: false }, rule)).to.equal(allowed)
    })
  }

  it('wants the scheme under which the page came', () => {
    const post = (origin: string, secure: boolean) =>
      originAllowed({ host: 'localhost:443', origin, fetchSite: undefined, secure }, rule)
    expect([post('https://localhost', true), post('http://localhost:443', true)]).to.deep.equal([true, false])
    expect([post('https://localhost', false), post('http://localhost:443', false)]).to.deep.equal([
      false,
      true,
    ])
  })

  it('answers 421 for a foreign name, on every address and method', async () => {
    await using web = await new WebFixture().start()
    for (const path of ['/', '/static/style.css', '/index.json', '/nothing']) {
      const { status, headers } = await web.ask(path, { headers: { Host: 'evil.example' } })
      expect(status, path).to.equal(421)
      expect(headers['content-security-policy']).to.contain("default-src 'none'")
    }
    expect((await web.ask('/post', { form: {}, headers: { Host: 'evil.example:80' } })).status).to.equal(421)
    expect((await web.ask('http://evil.example/', { headers: { Host: 'localhost' } })).status).to.equal(421)
    expect((await web.ask('/', { headers: { Host: 'localhost' } })).status).to.equal(200)
  })
})
