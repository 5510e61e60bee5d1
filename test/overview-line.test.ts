import { expect } from 'chai'
import { Article } from '../src/article.ts'
import { overviewLine } from '../src/overview-line.ts'
import { Reason } from '../src/reason.ts'

function article(text: string): Article {
  const limits = { header_bytes: 9999, header_line_bytes: 9999, headers: 99 }
  const parsed = Article.parse(Buffer.from(text, 'latin1'), limits)
  if (parsed instanceof Reason) throw new Error(parsed.text)
  return parsed
}

const line = (text: string, xref: string) =>
  overviewLine({ article: article(text), number: 7, xref }).toString('latin1')

describe('overviewLine', () => {
  it('has eight columns and Xref with its name', () => {
    const text =
      'From: f@x\r\nSubject: s\r\nMessage-ID: <1@x>\r\nReferences: <0@x>\r\nDate: d\r\nLines: 99\r\n\r\na\r\nb\r\n'
    const octets = text.length + 'Xref: host g:7\r\n'.length
    expect(line(text, 'Xref: host g:7')).to.equal(
      `7\ts\tf@x\td\t<1@x>\t<0@x>\t${octets}\t2\tXref: host g:7\r\n`,
    )
  })

  it('leaves absent and empty fields empty', () => {
    expect(line('Subject:\r\n\r\n', '')).to.equal('7\t\t\t\t\t\t12\t0\t\r\n')
  })

  it('does not count stuffed dots', () => {
    expect(line('\r\n..\r\n', '')).to.equal('7\t\t\t\t\t\t5\t1\t\r\n')
  })

  it('drops CRLF of folds, then makes TAB, NUL, CR and LF blanks', () => {
    expect(line('Subject: a\r\n\tb\tc\0d\re\nf\xe9\r\n\r\n', '').split('\t')[1]).to.equal('a b c d e f\xe9')
  })

  it('unfolds Xref, but counts it as it is served', () => {
    const text = '\r\n'
    expect(line(text, 'Xref: host g:7\r\n h:8')).to.match(/\t24\t0\tXref: host g:7 h:8\r\n$/)
  })
})
