import { expect } from 'chai'
import { Article } from '../../src/article.ts'
import { Reason } from '../../src/reason.ts'
import { mayBeFound, searchedText, threadOf } from '../../src/search/searched-text.ts'
import { wireFromText } from '../../src/wire.ts'

function article(text: string): Article {
  const limits = { header_bytes: 65_536, header_line_bytes: 8192, headers: 200 }
  const parsed = Article.parse(wireFromText(Buffer.from(text)), limits)
  if (parsed instanceof Reason) throw new Error(parsed.text)
  return parsed
}

describe('search/searched-text', () => {
  it('is what the author wrote, decoded, without quotes and signature', () => {
    const text = searchedText(
      article(
        'Subject: =?UTF-8?Q?K=C3=A4se?=\nFrom: =?ISO-8859-1?Q?Ren=E9?= <r@example.org>\n' +
          'Content-Type: text/plain; charset=ISO-8859-1\nContent-Transfer-Encoding: quoted-printable\n\n' +
          'Somebody wrote:\n> old words\n\nNeue W=F6rter\n..dotted\n-- \nRen=E9, Paris\n',
      ),
    )
    expect(text.subject).to.equal('Käse')
    expect(text.from).to.equal('René <r@example.org>')
    expect(text.body).to.include('Neue Wörter').and.to.include('.dotted')
    expect(text.body).to.not.include('old words').and.not.to.include('Paris')
  })

  it('leaves files in the text out', () => {
    const { body } = searchedText(article(`Subject: s\n\nbefore\nbegin 644 cat.txt\n#0V%T\n\`\nend\nafter\n`))
    expect(body).to.match(/before\s+after/)
    expect(body).to.not.include('0V')
  })

  it('is bounded however much there is', () => {
    const { body } = searchedText(article(`Subject: s\n\n${'word '.repeat(200_000)}\n`))
    expect(body.length).to.be.at.most(65_536)
  })

  const wishes: readonly (readonly [string, boolean])[] = [
    ['Subject: s\n\ntext\n', true],
    ['Subject: s\nX-No-Archive: yes\n\ntext\n', false],
    ['Subject: s\nx-no-archive: YES please\n\ntext\n', false],
    ['Subject: s\nX-No-Archive: no\n\ntext\n', true],
    ['Subject: s\nArchive: no\n\ntext\n', false],
    ['Subject: s\nArchive: yes; filename=no\n\ntext\n', true],
    ['Subject: s\n\nX-No-Archive: yes\ntext\n', false],
    ['Subject: s\n\n\n  x-no-archive:yes\ntext\n', false],
    ['Subject: s\nControl: cancel <1@x>\n\ntext\n', false],
    ['Subject: s\n\nI do not set X-No-Archive: yes\n', true],
  ]
  for (const [text, found] of wishes)
    it(`${found ? 'finds' : 'does not find'} ${JSON.stringify(text)}`, () => {
      expect(mayBeFound(article(text))).to.equal(found)
    })

  it('knows a thread by its first reference', () => {
    expect(threadOf(article('Message-ID: <c@x>\nReferences: <a@x> <b@x>\n\nt\n'))).to.equal('<a@x>')
    expect(threadOf(article('Message-ID: <c@x>\n\nt\n'))).to.equal('<c@x>')
  })
})
