import { expect } from 'chai'
import fc from 'fast-check'
import PostalMime from 'postal-mime'
import { flowedLines } from '../../../src/article-text/flowed.ts'
import { buildArticle } from '../../../src/web/composing/compose.ts'
import { flow } from '../../../src/web/composing/flow.ts'
import { unstuff } from '../../../src/wire.ts'

/** What a reader is to see of a typed line. */
function meant(line: string): string {
  const marks = /^>{0,20}/.exec(line)?.[0] ?? ''
  const rest = marks === '' ? line : line.slice(marks.length).replace(/^ /, '')
  const content = rest === '-- ' ? rest : rest.trimEnd()
  return marks === '' ? content : `${marks} ${content}`.trimEnd()
}

function received(typed: string): string {
  return flowedLines(flow(typed).join('\n'), false)
    .map(({ text }) => text)
    .join('\n')
}

const long = 'The quick brown fox jumps over the lazy dog. '.repeat(5).trim()

describe('web: flow', () => {
  const table: readonly (readonly [string, string, readonly string[]])[] = [
    ['short lines', 'a\nb', ['a', 'b']],
    ['blanks at the end', 'a  \nb', ['a', 'b']],
    ['what looks like something else', ' a\nFrom b\nFromage', ['  a', ' From b', 'Fromage']],
    ['a signature', 'a\n-- \nme', ['a', '-- ', 'me']],
    ['quoted lines', '> a\n>b\n>> c\n>\n> -- ', ['> a', '> b', '>> c', '>', '> -- ']],
    ['a word that is too long', `${'x'.repeat(90)}`, ['x'.repeat(90)]],
    ['a long word behind a short one', `a ${'x'.repeat(90)}`, ['a ', 'x'.repeat(90)]],
    ['a dash before a long word', `-- ${'x'.repeat(90)}`, [`-- ${'x'.repeat(90)}`]],
  ]
  for (const [name, typed, lines] of table)
    it(name, () => {
      expect(flow(typed)).to.deep.equal(lines)
    })

  it('breaks paragraphs softly, quoted ones behind their marks', () => {
    for (const marks of ['', '> ', '>> ']) {
      const lines = flow(`${marks}${long}`)
      expect(lines.length).to.equal(4)
      for (const line of lines) {
        expect(line.startsWith(marks)).to.equal(true)
        expect(line.length).to.be.at.most(77)
      }
      expect(lines.slice(0, -1).every(line => line.endsWith(' '))).to.equal(true)
      expect(received(`${marks}${long}`)).to.equal(`${marks}${long}`)
    }
  })

  it('takes large texts of blanks, marks and words in its stride', () => {
    for (const text of [
      ' '.repeat(400_000),
      `a${' '.repeat(400_000)}b`,
      'a '.repeat(200_000),
      `${'>'.repeat(200_000)}${'a '.repeat(100_000)}`,
    ])
      expect(flow(text).join('').length).to.be.below(3 * text.length)
  })

  const word = fc.oneof(
    fc.constantFrom('>', '> ', '-- ', '--', ' ', '  ', 'From ', '\t', '.', '\n', '\n\n', '\r\n'),
    fc.string({ maxLength: 12 }),
    fc.string({ unit: 'grapheme', maxLength: 8 }),
    fc.string({ minLength: 60, maxLength: 90, unit: fc.constantFrom('a', 'b', 'c') }),
  )
  const typing = fc.array(word, { maxLength: 60 }).map(words => words.join(''))

  it('property: what is read is what was typed', () => {
    fc.assert(
      fc.property(typing, typed => {
        const wanted = typed.split(/\r\n|\r|\n/).map(meant)
        expect(received(typed)).to.equal(wanted.join('\n'))
      }),
      { numRuns: 1000 },
    )
  }).timeout(20_000)

  it('property: another reader of mail sees the same lines in the article', async () => {
    await fc.assert(
      fc.asyncProperty(typing, async typed => {
        // It leaves broken lines of quotations as they are.
        const body = typed.replaceAll('>', '')
        const built = buildArticle({
          name: '',
          address: 'a@b.example',
          newsgroups: ['a.b'],
          followupTo: [],
          subject: 's',
          messageId: '<a@b.example>',
          references: [],
          userAgent: 'x',
          body,
        })
        if (!built.ok) return
        const wire = built.wire
        const { text = '', headers } = await PostalMime.parse(Buffer.from(unstuff(wire)))
        expect(headers.find(({ key }) => key === 'content-type')?.value).to.contain('format=flowed')
        const wanted = body
          .trimEnd()
          .split(/\r\n|\r|\n/)
          .map(meant)
        expect(text.replace(/\r\n/g, '\n').trimEnd()).to.equal(wanted.join('\n').trimEnd())
      }),
      { numRuns: 300 },
    )
  }).timeout(20_000)
})
