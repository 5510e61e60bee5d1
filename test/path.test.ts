import { expect } from 'chai'
import fc from 'fast-check'
import {
  injectedPath,
  leftmostEntry,
  type PathVerdict,
  parsePath,
  pathVerdict,
  relayedPath,
} from '../src/path.ts'

describe('path', () => {
  it('reads identities, marks and tail, folded', () => {
    const path = parsePath(
      'foo.example!.SEEN.bar.example!!Foo-News\r\n !.MISMATCH.2001:DB8:0:0:8:800:200C:417A!old.example!192.0.2.1' +
        '!baz\r\n\t!!isp.example ! .posted.dial-1.isp.example!faked.example!not-for-mail',
    )
    expect(path.entries.map(entry => entry.kind).join(' ')).to.equal(
      'identity diagnostic empty identity diagnostic identity diagnostic identity empty identity diagnostic identity identity',
    )
    expect(path.entries[4]).to.deep.equal({
      kind: 'diagnostic',
      text: '.MISMATCH.2001:DB8:0:0:8:800:200C:417A',
      keyword: 'MISMATCH',
      id: '2001:DB8:0:0:8:800:200C:417A',
    })
    expect(path.identities).to.deep.equal(['foo.example', 'foo-news', 'old.example', 'baz', 'isp.example'])
    expect(path.tail).to.equal('not-for-mail')
    expect(path.injected).to.equal(true)
    expect(path.length).to.equal(7)
  })

  const table: [header: string, identities: string[], tail: string, injected: boolean, length: number][] = [
    ['', [], '', false, 0],
    ['not-for-mail', [], 'not-for-mail', false, 1],
    ['a!b', ['a'], 'b', false, 2],
    ['a!A!b!a!c', ['a', 'b'], 'c', false, 5],
    ['a!.POSTED!b!c', ['a'], 'c', true, 3],
    ['a!.POSTED.x!b!.POSTED!c', ['a'], 'c', true, 3],
    ['a!.POSTED', ['a'], '.POSTED', false, 1],
    ['a!b.POSTED!c!d', ['a', 'b'], 'd', true, 4],
    ['a!user@site!b', ['a', 'user@site'], 'b', false, 3],
    ['a!b!', ['a', 'b'], '', false, 2],
    ['a!.!b', ['a', '.'], 'b', false, 3],
    ['a!10.0.0.1!b', ['a'], 'b', false, 2],
  ]
  for (const [header, identities, tail, injected, length] of table) {
    it(`reads ${JSON.stringify(header)}`, () => {
      const path = parsePath(header)
      expect(path).to.deep.include({ identities, tail, injected, length })
    })
  }

  it('injects', () => {
    expect(injectedPath({ identity: 'me' })).to.equal('me!.POSTED!not-for-mail')
    expect(injectedPath({ identity: 'me', tail: 'bob' })).to.equal('me!.POSTED!bob')
    expect(injectedPath({ identity: 'me', host: '192.0.2.1', tail: 'a!b' })).to.equal(
      'me!.POSTED.192.0.2.1!not-for-mail',
    )
    expect(injectedPath({ identity: 'me', host: 'fe80::1%eth0' })).to.equal('me!.POSTED.fe80::1!not-for-mail')
    expect(injectedPath({ identity: 'me', host: 'x!y' })).to.equal('me!.POSTED!not-for-mail')
  })

  it('relays', () => {
    const relayed = (verdict: PathVerdict, old = 'a!b') => relayedPath({ identity: 'me', old, verdict })
    expect(relayed({ kind: 'match' })).to.equal('me!!a!b')
    expect(relayed({ kind: 'mismatch', expected: 'peer.example' })).to.equal('me!.MISMATCH.peer.example!a!b')
    expect(relayed({ kind: 'seen', source: '2001:db8::1' })).to.equal('me!.SEEN.2001:db8::1!a!b')
    expect(relayed({ kind: 'match' }, ' a\r\n !b!\r\n\tc ')).to.equal('me!!a\r\n !b!\r\n\tc')
  })

  it('folds where the first line would be too long, and only there', () => {
    const value = (size: number) =>
      relayedPath({ identity: 'me', old: `${'a'.repeat(size)}\r\n !b`, verdict: { kind: 'match' } })
    const fits = 998 - 'Path: me!!'.length
    expect(value(fits)).to.equal(`me!!${'a'.repeat(fits)}\r\n !b`)
    expect(value(fits + 1)).to.equal(`me!\r\n !${'a'.repeat(fits + 1)}\r\n !b`)
    expect(parsePath(value(fits + 1)).identities).to.deep.equal(['me', 'a'.repeat(fits + 1)])
  })

  it('judges the sender by the leftmost entry', () => {
    const entry = leftmostEntry('News.Peer.example!old!x')
    const sender = { names: ['news.peer.example', 'alias'], address: '192.0.2.7', identified: true }
    expect(pathVerdict(entry, sender)).to.deep.equal({ kind: 'match' })
    expect(pathVerdict(leftmostEntry('ALIAS!x'), sender)).to.deep.equal({ kind: 'match' })
    expect(pathVerdict(leftmostEntry('old!news.peer.example!x'), sender)).to.deep.equal({
      kind: 'mismatch',
      expected: 'news.peer.example',
    })
    const unknown = { kind: 'seen', source: '192.0.2.7' }
    expect(pathVerdict(entry, { ...sender, identified: false })).to.deep.equal(unknown)
    expect(pathVerdict(entry, { ...sender, names: [] })).to.deep.equal(unknown)
  })

  const site = fc.stringMatching(/^[a-z0-9][a-z0-9_-]{0,8}$/)
  const verdict = fc.oneof(
    fc.constant<PathVerdict>({ kind: 'match' }),
    site.map((expected): PathVerdict => ({ kind: 'mismatch', expected })),
    fc.ipV6().map((source): PathVerdict => ({ kind: 'seen', source })),
    fc.ipV4().map((source): PathVerdict => ({ kind: 'seen', source })),
  )

  it('adds one identity in front and keeps the rest, hop by hop', () => {
    const hops = fc.array(fc.tuple(site, verdict), { maxLength: 30 })
    fc.assert(
      fc.property(site, fc.array(site, { maxLength: 4 }), hops, (origin, faked, way) => {
        let value = `${origin}!.POSTED.${origin}!${[...faked, 'not-for-mail'].join('!')}`
        for (const [identity, verdict] of way) {
          const old = value
          value = relayedPath({ identity, old, verdict })
          expect(value.endsWith(`!${old}`)).to.equal(true)
        }
        const path = parsePath(value)
        const sites = [...way.map(([identity]) => identity).reverse(), origin]
        expect(path.identities).to.deep.equal([...new Set(sites)])
        expect(path).to.deep.include({ tail: 'not-for-mail', injected: true })
        expect(path.length).to.equal(sites.length + faked.length + 1)
        for (const line of `Path: ${value}`.split('\r\n')) expect(line.length).to.be.at.most(998)
      }),
    )
  })

  it('lets nothing right of .POSTED count', () => {
    const anything = fc.string({ unit: fc.constantFrom(...'aZ.!: \r\n@POSTED'), maxLength: 30 })
    fc.assert(
      fc.property(site, anything, (origin, faked) => {
        expect(parsePath(`${origin}!.POSTED!${faked}`).identities).to.deep.equal([origin])
      }),
    )
  })

  it('reads anything, and tells every entry', () => {
    const anything = fc.string({ unit: fc.constantFrom(...'aZ0.!:- \r\n\t@é\0'), maxLength: 40 })
    fc.assert(
      fc.property(anything, text => {
        const path = parsePath(text)
        expect(path.entries.map(entry => entry.text)).to.deep.equal(
          text.split('!').map(part => part.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '')),
        )
        expect(path.tail).to.equal(path.entries.at(-1)?.text)
        expect(path.length).to.be.at.most(path.entries.length)
        for (const name of path.identities) expect(name).to.equal(name.toLowerCase())
      }),
      { numRuns: 1000 },
    )
  })

  it('reads a hundred thousand entries', () => {
    const header = Array.from({ length: 100_000 }, (_, index) => `site${index}`).join('!')
    expect(parsePath(header).identities).to.have.lengthOf(99_999)
  })
})
