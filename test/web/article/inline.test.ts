import { expect } from 'chai'
import fc from 'fast-check'
import { inlinePieces } from '../../../src/web/article/inline.ts'

const pieces = (text: string) => inlinePieces(text, { left: 2000 })
const found = (text: string) =>
  pieces(text)
    .filter(({ to, mark }) => to !== '' || mark !== '')
    .map(({ text, to, mark }) => [text, to || mark])

describe('web: links and marks', () => {
  const cases: readonly (readonly [string, readonly (readonly [string, string])[]])[] = [
    ['see http://a.test/x.', [['http://a.test/x', 'http://a.test/x']]],
    ['(https://a.test/b_(c))', [['https://a.test/b_(c)', 'https://a.test/b_(c)']]],
    ['<http://a.test/?q=1&r=2>', [['http://a.test/?q=1&r=2', 'http://a.test/?q=1&r=2']]],
    ['HTTP://A.test/', [['HTTP://A.test/', 'HTTP://A.test/']]],
    ['http://', []],
    ['xhttp://a.test', []],
    ['javascript:alert(1) data:text/html,x vbscript:x file:///etc/passwd', []],
    ['http://a.test/"onmouseover="x', [['http://a.test/', 'http://a.test/']]],
    ['http://a.test\\@b.test', [['http://a.test', 'http://a.test']]],
    ['news:comp.lang.c', [['news:comp.lang.c', '/g/comp.lang.c/']]],
    ['news:1@x.test', [['news:1@x.test', '/m/1@x.test/']]],
    ['the news: nothing', []],
    ['nntp://a.test/x.y/1', [['nntp://a.test/x.y/1', 'nntp://a.test/x.y/1']]],
    ['mailto:a@x.test?bcc=b@x.test', [['mailto:a@x.test?bcc=b@x.test', 'mailto:a@x.test']]],
    ['mailto:<script>', []],
    ['In article <ann@x.test> Ann writes', [['<ann@x.test>', '/m/ann@x.test/']]],
    ['Ann <ann@x.test> writes', []],
    ['<1993Apr6.012345@x.test>', [['<1993Apr6.012345@x.test>', '/m/1993Apr6.012345@x.test/']]],
    [
      '*bold* and _under line_ and /italic/.',
      [
        ['*bold*', 'bold'],
        ['_under line_', 'underline'],
        ['/italic/', 'italic'],
      ],
    ],
    ['a*b*c 2 * 3 * 4 snake_case_name and/or/not /usr/local/bin', []],
    ['+#ifndef _ASM_FFZ_H_ and _a_b_.', []],
    ['/* no comment */ **', []],
  ]
  for (const [text, expected] of cases)
    it(JSON.stringify(text), () => expect(found(text)).to.deep.equal(expected))

  it('property: the pieces are the text', () => {
    const word = fc.constantFrom(
      'http://',
      'a.test',
      '*',
      '_',
      '/',
      ' ',
      '<',
      '>',
      '@',
      'news:',
      ')',
      '(',
      'x',
      '\n',
    )
    fc.assert(
      fc.property(fc.array(word, { maxLength: 60 }), words => {
        const text = words.join('')
        expect(
          pieces(text)
            .map(piece => piece.text)
            .join(''),
        ).to.equal(text)
      }),
    )
  })

  it('is done with hostile lines in time', () => {
    const hostile = [
      'http://',
      'http://x',
      '<a',
      '<a@',
      '*a',
      '_a',
      '/a',
      'news:',
      ')',
      'http://a.test/)))]]]',
    ]
    for (const piece of hostile) {
      const text = piece.repeat(400_000 / piece.length)
      expect(
        pieces(text)
          .map(each => each.text)
          .join(''),
      ).to.equal(text)
    }
  }).timeout(20_000)

  it('makes no more than it may', () => {
    expect(inlinePieces('*a* '.repeat(5000), { left: 10 }).filter(({ mark }) => mark !== '')).to.have.length(
      10,
    )
  })
})
