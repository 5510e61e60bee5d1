import { expect } from 'chai'
import { isRemoteAddress, parseHostPort } from '../src/host.ts'

describe('host and port', () => {
  it('are told apart', () => {
    expect(parseHostPort('127.0.0.1:1119')).to.deep.equal({ host: '127.0.0.1', port: 1119 })
    expect(parseHostPort('[::1]:0')).to.deep.equal({ host: '::1', port: 0 })
    expect(parseHostPort('news.b.example:119')).to.deep.equal({ host: 'news.b.example', port: 119 })
  })

  for (const good of ['localhost:119', 'a-b.c_d.example:65535'])
    it(`can be called: ${good}`, () => expect(isRemoteAddress(good)).to.equal(true))

  const bad = [
    '',
    ':119',
    '::1:119',
    '1.2.3:119',
    '127.0.0.256:119',
    'a:0',
    'a:65536',
    'a',
    'a:b',
    'a b:1',
    '-a:1',
    'a..b:1',
    '[1.2.3.4]:1',
  ]
  for (const text of bad)
    it(`cannot be called: ${JSON.stringify(text)}`, () => expect(isRemoteAddress(text)).to.equal(false))
})
