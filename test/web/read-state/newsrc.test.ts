import { expect } from 'chai'
import fc from 'fast-check'
import type { Newsgroup } from '../../../src/newsgroup.ts'
import { formatNewsrc, type Newsrc, newsrcSteps } from '../../../src/web/read-state/newsrc.ts'
import { formatRanges, parseRanges } from '../../../src/web/read-state/number-ranges.ts'

const line = fc.record({
  group: fc.stringMatching(/^[a-z0-9+_-]{1,8}(\.[a-z0-9+_-]{1,8}){0,3}$/).map(name => name as Newsgroup),
  wanted: fc.boolean(),
  read: fc
    .array(fc.integer({ min: 1, max: 2_147_483_647 }), { maxLength: 20 })
    .map(numbers => parseRanges(numbers.join()) ?? []),
})

function parseNewsrc(text: string): Newsrc {
  const steps = newsrcSteps(text)
  for (;;) {
    const { done, value } = steps.next()
    if (done === true) return value
  }
}

describe('web: newsrc', () => {
  it('is read back as it was written', () => {
    fc.assert(
      fc.property(fc.uniqueArray(line, { selector: ({ group }) => group }), lines => {
        expect(parseNewsrc(formatNewsrc(lines))).to.deep.equal({ lines, odd: 0 })
      }),
    )
  })

  it('is read as other newsreaders write it', () => {
    const text = [
      'options -d',
      '\t-x more options',
      '# no comment of newsrc, but of some',
      'comp.lang.c: 1-5,7\r',
      'alt.test! 1-99',
      'news.groups:',
      'rec.humor!',
      'soc.men:1-3, 9',
      '',
      'comp.lang.c: 1-10',
      'no sign at all',
      'bad..name: 1',
      'bad.ranges: 1-x',
      ': 1-5',
    ].join('\n')
    const { lines, odd } = parseNewsrc(text)
    expect(lines.map(({ group, wanted, read }) => [group, wanted, formatRanges(read)])).to.deep.equal([
      ['comp.lang.c', true, '1-10'],
      ['alt.test', false, '1-99'],
      ['news.groups', true, ''],
      ['rec.humor', false, ''],
      ['soc.men', true, '1-3,9'],
    ])
    expect(odd).to.equal(4)
    expect(formatNewsrc(lines)).to.equal(
      'comp.lang.c: 1-10\nalt.test! 1-99\nnews.groups:\nrec.humor!\nsoc.men: 1-3,9\n',
    )
  })

  it('is read a line at a time, and no line that takes long', () => {
    const lines = Array.from({ length: 100 }, (_, at) => `local.g${at}: 1`)
    expect([...newsrcSteps(lines.join('\n'))]).to.have.length(100)
    const { lines: taken, odd } = parseNewsrc(`local.a: ${'1,'.repeat(200_000)}\nlocal.b: 1`)
    expect([taken.map(({ group }) => group), odd]).to.deep.equal([['local.b'], 1])
  })

  it('takes anything', () => {
    fc.assert(fc.property(fc.string({ maxLength: 500 }), text => parseNewsrc(text).lines.length >= 0))
    for (const name of ['__proto__', 'constructor'])
      expect(parseNewsrc(`${name}: 1-3`).lines[0]?.group).to.equal(name)
  })
})
