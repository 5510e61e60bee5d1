import { expect } from 'chai'
import { hops } from '../../../src/server/control/trace-report.ts'

describe('the way of an article', () => {
  const way = (path: string) =>
    hops(path).map(({ entry, note }) => (note === '' ? entry : `${entry}: ${note}`))

  it('is told from the poster to us', () => {
    expect(
      way('me!!b.example!.MISMATCH.c.example!d.example!.SEEN.192.0.2.1!e!.POSTED.host.example!not-for-mail'),
    ).to.deep.equal([
      'not-for-mail: the poster wrote it',
      '.POSTED.host.example: posted at the next site, from host.example',
      'e: passed it on',
      '.SEEN.192.0.2.1: the next site had it from 192.0.2.1, and could not tell who that is',
      'd.example: passed it on',
      '.MISMATCH.c.example: the next site had it from c.example, which is not the site before',
      'b.example: passed it on; the next site knew it for certain',
      'me: this node',
    ])
  })

  it('is told of what is old or odd too', () => {
    expect(way('a!192.0.2.1!.OTHER!x@y!.POSTED!t')).to.deep.equal([
      't: the poster wrote it',
      '.POSTED: posted at the next site',
      'x@y: no path identity',
      '.OTHER: a diagnostic of the next site',
      '192.0.2.1: a diagnostic of the next site',
      'a: this node',
    ])
    expect(way('')).to.deep.equal([])
  })
})
