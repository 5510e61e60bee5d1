import { expect } from 'chai'
import fc from 'fast-check'
import {
  isCreatable,
  isDistribution,
  isReserved,
  parseDistributions,
  parseNewsgroup,
  parseNewsgroups,
} from '../src/newsgroup.ts'

describe('newsgroup', () => {
  it('takes names and refuses what is none', () => {
    for (const name of ['a', 'comp.lang.c', 'comp.lang.c++', 'Local.Test_1', '0.-', 'a'.repeat(497)]) {
      expect(parseNewsgroup(name), name).to.equal(name)
    }
    const bad = [
      '',
      '.',
      '.a',
      'a.',
      'a..b',
      'a b',
      ' a',
      'a/b',
      'a,b',
      'a*',
      'ä.b',
      'a\0',
      'a!b',
      'a'.repeat(498),
    ]
    for (const name of bad) expect(parseNewsgroup(name), name).to.equal(undefined)
  })

  const headers: [string, string[], string[]][] = [
    ['comp.lang.c', ['comp.lang.c'], []],
    ['b.b,a.a', ['b.b', 'a.a'], []],
    [' b.b ,\r\n\ta.a ', ['b.b', 'a.a'], []],
    ['a.a,b.b,a.a', ['a.a', 'b.b'], []],
    ['a.a,A.a', ['a.a', 'A.a'], []],
    ['a.a,,b.b,', ['a.a', 'b.b'], ['', '']],
    ['a.a,b/c,b c', ['a.a'], ['b/c', 'b c']],
    ['\xa0a.a', [], ['\xa0a.a']],
    ['', [], ['']],
  ]
  for (const [header, groups, bad] of headers) {
    it(`reads the header ${JSON.stringify(header)}`, () => {
      expect(parseNewsgroups(header)).to.deep.equal({ groups, bad })
    })
  }

  it('knows reserved names', () => {
    const reserved = [
      'example',
      'example.test',
      'poster',
      'junk',
      'to',
      'to.site',
      'control',
      'control.cancel',
    ]
    reserved.push('all', 'a.all', 'all.a', 'a.ctl.b', 'ctl')
    for (const name of reserved) expect(isReserved(name), name).to.equal(true)
    for (const name of [
      'a.example',
      'junk.a',
      'poster.a',
      'a.junk',
      'tools',
      'controls.a',
      'a.to',
      'allx.b',
    ]) {
      expect(isReserved(name), name).to.equal(false)
    }
  })

  it('lets control messages create modest names only', () => {
    const deep = (depth: number) => Array(depth).fill('a').join('.')
    for (const name of ['comp.lang.c++', '0.a-b_c', deep(12), `a.${'b'.repeat(30)}`]) {
      expect(isCreatable(name), name).to.equal(true)
    }
    const bad = [
      '',
      'Comp.x',
      'a.B',
      'a.-b',
      'a._b',
      '+a',
      'a..b',
      'a/b',
      '../a',
      'control.x',
      'a.all',
      deep(13),
    ]
    bad.push(`a.${'b'.repeat(31)}`, Array(3).fill('a'.repeat(27)).join('.'))
    for (const name of bad) expect(isCreatable(name), name).to.equal(false)
  })

  it('reads distributions in lower case', () => {
    expect(parseDistributions(' World ,na,\r\n NA,,rec.autos')).to.deep.equal(['world', 'na', 'rec.autos'])
    expect(parseDistributions('')).to.deep.equal([])
    for (const name of ['world', 'na', '0+-_']) expect(isDistribution(name), name).to.equal(true)
    for (const name of ['', 'rec.autos', '-a', 'a b', 'é']) expect(isDistribution(name), name).to.equal(false)
  })

  const near = fc.string({ unit: fc.constantFrom(...'aB0.+-_ ,*é'), maxLength: 12 })

  it('agrees with the grammar', () => {
    fc.assert(
      fc.property(near, text => {
        const valid = /^[A-Za-z0-9+_-]+(\.[A-Za-z0-9+_-]+)*$/.test(text)
        expect(parseNewsgroup(text)).to.equal(valid ? text : undefined)
      }),
      { numRuns: 2000 },
    )
  })

  it('loses no element of a header and repeats no group', () => {
    const name = fc.constantFrom('a.b', 'c', 'A.b', 'x/y', '', 'd d')
    const white = fc.constantFrom('', ' ', '\r\n ', '\t')
    fc.assert(
      fc.property(fc.array(fc.tuple(white, name, white), { minLength: 1, maxLength: 8 }), parts => {
        const { groups, bad } = parseNewsgroups(parts.map(part => part.join('')).join(','))
        const names = parts.map(part => part[1])
        expect([...groups]).to.have.lengthOf(new Set(groups).size)
        expect(new Set<string>([...groups, ...bad])).to.deep.equal(new Set(names))
        expect(bad).to.deep.equal(names.filter(text => ['x/y', '', 'd d'].includes(text)))
      }),
    )
  })

  it('creates only well-formed names that are not reserved', () => {
    const component = fc.constantFrom('a', 'all', 'ctl', 'to', 'control', 'junk', 'example', 'A', '-a', 'b0+')
    fc.assert(
      fc.property(fc.array(component, { minLength: 1, maxLength: 4 }), components => {
        const name = components.join('.')
        const odd = components.some(text => text === 'A' || text === '-a') || isReserved(name)
        expect(isCreatable(name)).to.equal(!odd)
      }),
    )
  })

  it('takes a header of many thousand elements', () => {
    const header = Array.from({ length: 50_000 }, (_, index) => `a.b${index}`).join(',')
    expect(parseNewsgroups(header).groups).to.have.lengthOf(50_000)
  })
})
