import { pbkdf2Sync } from 'node:crypto'
import { expect } from 'chai'
import {
  type ClientFirst,
  formatScram,
  parseClientFirst,
  parseScram,
  ScramExchange,
  scramKeys,
} from '../../src/login/scram.ts'

/** RFC 7677 3: user "user", password "pencil". */
const salt = Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64')
const keys = scramKeys(pbkdf2Sync('pencil', salt, 4096, 32, 'sha256'), { salt, iterations: 4096 })
const clientNonce = 'rOprNGfwEbeRWgbNEkqO'
const serverNonce = '%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0'
const final = `c=biws,r=${clientNonce}${serverNonce},p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=`

const first = (text: string): ClientFirst => {
  const parsed = parseClientFirst(text)
  if (parsed === undefined) throw new Error(`not understood: ${text}`)
  return parsed
}
const exchange = (text = `n,,n=user,r=${clientNonce}`) => new ScramExchange(first(text), keys, serverNonce)

describe('login/scram', () => {
  it('is that of RFC 7677 3', () => {
    const it = exchange()
    expect(it.challenge).to.equal(`r=${clientNonce}${serverNonce},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096`)
    expect(it.finish(final)).to.deep.equal({ verdict: 'v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=' })
  })

  it('keeps its keys as RFC 5803 has them', () => {
    expect(parseScram(formatScram(keys))).to.deep.equal(keys)
    for (const text of ['', '$scrypt$', 'SCRAM-SHA-256$12:x$y:z', 'SCRAM-SHA-1$4096:x$y:z'])
      expect(parseScram(text)).to.equal(undefined)
  })

  it('refuses another proof, nonce or header', () => {
    for (const wrong of [
      final.replace('p=dHzb', 'p=eHzb'),
      final.replace('$k0,', '$k1,'),
      final.replace('r=rOpr', 'r=rOps'),
      final.replace('biws', 'eSws'),
    ])
      expect(exchange().finish(wrong), wrong).to.equal('wrong')
    for (const malformed of ['', 'c=biws', final.replace(',p=', ',q='), `${final},x=y`, final.slice(0, -4)])
      expect(exchange().finish(malformed), malformed).to.equal('malformed')
  })

  it('repeats the header with a name to act as, which must be the own one', () => {
    expect(first('n,a=user,n=user,r=x')).to.include({ name: 'user', header: 'n,a=user,' })
    expect(first('y,,n=a=2Cb=3Dc,r=x').name).to.equal('a,b=c')
    for (const text of [
      'n,a=other,n=user,r=x',
      'p=tls-unique,,n=user,r=x',
      'n,,n=user',
      'n,,n=,r=x',
      'n,,m=ext,n=user,r=x',
      'n,,n=a=2cb,r=x',
      'n,,n=a=b,r=x',
      'n,,n=user,r=',
      'n,,n=user,r=a b',
      'n=user,r=x',
      '',
      'n,,n=us\0er,r=x',
    ])
      expect(parseClientFirst(text), text).to.equal(undefined)
  })
})
