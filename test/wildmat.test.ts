import { expect } from 'chai'
import fc from 'fast-check'
import { compilePattern } from '../src/glob.ts'
import { HierarchyPattern, Wildmat } from '../src/wildmat.ts'

describe('wildmat', () => {
  const table: [wildmat: string, yes: string[], no: string[]][] = [
    ['*', ['', 'a', 'a.b'], []],
    ['comp.lang.c', ['comp.lang.c'], ['comp.lang.c++', 'Comp.lang.c', 'x.comp.lang.c']],
    ['comp.*', ['comp.', 'comp.lang.c'], ['comp', 'compx.y', 'x.comp.y']],
    ['*.test', ['a.test', '.test'], ['test', 'a.testx']],
    ['a*b*c', ['abc', 'axbxc', 'abbcc'], ['ab', 'abcd', 'acb']],
    ['aba*aba', ['abaaba', 'abaxaba'], ['aba', 'ababa']],
    ['a?c', ['abc', 'aéc', 'a😀c'], ['ac', 'abbc']],
    ['a*,!*b,*c', ['a', 'ac', 'cb'.concat('c'), 'abc'], ['ab', 'b', 'xb', 'x']],
    ['*,!control,!control.*', ['a', 'controls'], ['control', 'control.cancel']],
    ['!a', [], ['a', 'b', '']],
    ['!a,*', ['a', 'b'], []],
    ['a,b', ['a', 'b'], ['a,b', 'c', '']],
    ['ü*', ['ü', 'über'], ['u']],
  ]
  for (const [text, yes, no] of table) {
    it(`matches by ${text}`, () => {
      const wildmat = Wildmat.parse(text)
      for (const name of yes) expect(wildmat?.matches(name), name).to.equal(true)
      for (const name of no) expect(wildmat?.matches(name), name).to.equal(false)
    })
  }

  it('refuses what is no wildmat', () => {
    const bad = [
      '',
      ',',
      'a,',
      ',a',
      'a,,b',
      '!',
      'a,!',
      '!!a',
      'a!b',
      'a[b]',
      'a]',
      'a\\*',
      'a b',
      'a, b',
      'a\t',
    ]
    for (const text of bad) expect(Wildmat.parse(text), text).to.equal(undefined)
  })

  it('knows when it matches everything', () => {
    for (const text of ['*', '**', 'a,*', '!a,*', '*,a.*']) {
      expect(Wildmat.parse(text)?.all, text).to.equal(true)
    }
    for (const text of ['a', '*,!a', '!*', '*,!*', '?*', '*.*', '*,!a,b']) {
      expect(Wildmat.parse(text)?.all, text).to.equal(false)
    }
  })

  const pattern = fc.constantFrom('*', 'a', 'b', 'a*', '*b', 'a?', '?', 'ab', '**')
  const name = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 3 })
  const elements = (...signs: string[]) =>
    fc.array(fc.tuple(fc.constantFrom(...signs), pattern), { minLength: 1, maxLength: 6 })

  /** The mark of the rightmost pattern that matches, asked one by one. */
  const decider = (parts: readonly (readonly [string, string])[], text: string) =>
    parts.findLast(([, pattern]) => Wildmat.parse(pattern)?.matches(text))?.[0]

  it('lets the rightmost match decide', () => {
    fc.assert(
      fc.property(elements('', '!'), name, (parts, text) => {
        const wildmat = Wildmat.parse(parts.map(part => part.join('')).join(','))
        expect(wildmat?.matches(text)).to.equal(decider(parts, text) === '')
        if (wildmat?.all) expect(wildmat.matches(text)).to.equal(true)
      }),
      { numRuns: 3000 },
    )
  })

  it('parses or refuses any text and never throws', () => {
    const anything = fc.string({ unit: fc.constantFrom(...'a*?!,[]\\@ \0é😀'), maxLength: 10 })
    fc.assert(
      fc.property(anything, anything, (text, other) => {
        const wildmat = Wildmat.parse(text)
        const valid = /^!?[^!,[\]\\ \0]+(,!?[^!,[\]\\ \0]+)*$/.test(text)
        expect(wildmat?.text).to.equal(valid ? text : undefined)
        expect(wildmat?.matches(other) ?? false).to.be.a('boolean')
        expect(HierarchyPattern.parse(text)?.verdict(other) ?? 'no').to.be.oneOf(['yes', 'no', 'poison'])
        expect(compilePattern(text)(other)).to.be.a('boolean')
      }),
      { numRuns: 3000 },
    )
  })

  describe('of hierarchies', () => {
    it('knows yes, no and poison', () => {
      const pattern = HierarchyPattern.parse('*, !local.*, @alt.binaries.*, alt.binaries.maps')
      expect(pattern?.verdict('comp.lang.c')).to.equal('yes')
      expect(pattern?.verdict('local.test')).to.equal('no')
      expect(pattern?.verdict('alt.binaries.x')).to.equal('poison')
      expect(pattern?.verdict('alt.binaries.maps')).to.equal('yes')
      expect(HierarchyPattern.parse('a.*')?.verdict('b.c')).to.equal('no')
    })

    it('wants an article with a yes and no poison', () => {
      const pattern = HierarchyPattern.parse('*,!local.*,@alt.*')
      expect(pattern?.wants(['a.b'])).to.equal(true)
      expect(pattern?.wants(['local.x', 'a.b'])).to.equal(true)
      expect(pattern?.wants(['local.x'])).to.equal(false)
      expect(pattern?.wants(['a.b', 'alt.x'])).to.equal(false)
      expect(pattern?.wants([])).to.equal(false)
    })

    it('takes a blank text for nothing, and refuses bad ones', () => {
      expect(HierarchyPattern.parse(' ')?.wants(['a'])).to.equal(false)
      for (const text of ['a,', 'a,,b', '@', '!@a', 'a b', '[a]', 'a@,!']) {
        expect(HierarchyPattern.parse(text), text).to.equal(undefined)
      }
    })

    it('lets the rightmost match decide', () => {
      const meaning = new Map([
        ['', 'yes'],
        ['@', 'poison'],
      ])
      fc.assert(
        fc.property(elements('', '!', '@'), fc.array(name, { maxLength: 3 }), (parts, names) => {
          const subscription = HierarchyPattern.parse(parts.map(part => part.join('')).join(' ,\t'))
          const expected = names.map(text => meaning.get(decider(parts, text) ?? '!') ?? 'no')
          expect(names.map(text => subscription?.verdict(text))).to.deep.equal(expected)
          const wanted = expected.includes('yes') && !expected.includes('poison')
          expect(subscription?.wants(names)).to.equal(wanted)
        }),
        { numRuns: 3000 },
      )
    })
  })

  it('has one pattern with sets for XPAT', () => {
    expect(compilePattern('*[Tt]idings*')('new tidings here')).to.equal(true)
    expect(compilePattern('*[Tt]idings*')('new TIDINGS here')).to.equal(false)
    expect(compilePattern('a,b')('a,b')).to.equal(true)
    expect(compilePattern('!a')('!a')).to.equal(true)
    expect(compilePattern('what\\?')('what?')).to.equal(true)
    expect(compilePattern('what\\?')('whats')).to.equal(false)
  })

  it('ends with 4 KiB against 4 KiB', () => {
    const long = 'a'.repeat(4096)
    expect(Wildmat.parse(`${'*a'.repeat(2047)}b`)?.matches(long)).to.equal(false)
    expect(Wildmat.parse('*?ab*,'.repeat(682).slice(0, -1))?.matches(long)).to.equal(false)
  })
})
