import { expect } from 'chai'
import { narrowXref, xrefLine } from '../../../src/storage/article/xref.ts'

const filed = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ name: `g.${at}`, number: at + 1 }))
const even = (name: string) => Number(name.slice(2)) % 2 === 0

describe('storage/xref', () => {
  it('is folded before it grows long', () => {
    expect(xrefLine('news.example', filed(2))).to.equal('Xref: news.example g.0:1 g.1:2')
    const lines = xrefLine('news.example', filed(300)).split('\r\n')
    expect(lines.length).to.be.greaterThan(2)
    for (const line of lines) expect(line.length).to.be.lessThan(902)
    for (const line of lines.slice(1)) expect(line).to.match(/^\tg\.\d+:\d+/)
  })

  it('is narrowed to what may be read, and says how much shorter the article is', () => {
    expect(narrowXref('Xref: news.example g.0:1 g.1:2', () => true)).to.equal(undefined)
    expect(narrowXref('Xref: news.example g.0:1 g.1:2', even)).to.deep.equal({
      line: 'Xref: news.example g.0:1',
      dropped: ' g.1:2'.length,
    })
    expect(narrowXref('Xref: news.example g.1:2', even)).to.deep.equal({
      line: '',
      dropped: 'Xref: news.example g.1:2\r\n'.length,
    })
  })

  it('is folded anew, from a folded line and from one of the overview alike', () => {
    const whole = xrefLine('news.example', filed(300))
    const line = xrefLine(
      'news.example',
      filed(300).filter(({ name }) => even(name)),
    )
    const narrow = { line, dropped: whole.length - line.length }
    expect(narrowXref(whole, even)).to.deep.equal(narrow)
    expect(narrowXref(whole.replaceAll('\r\n\t', ' '), even)).to.deep.equal(narrow)
  })
})
