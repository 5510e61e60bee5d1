import { expect } from 'chai'
import { type Completing, complete } from '../../../src/feed/import/complete.ts'
import type { Found } from '../../../src/feed/import/found.ts'
import { Reason } from '../../../src/reason.ts'

const limits = { header_bytes: 65_536, header_line_bytes: 8_192, headers: 200 }

function found(text: string, more: Partial<Found> = {}): Found {
  return { text: Buffer.from(text, 'latin1'), where: 'here', ...more }
}

function completed(one: Found, completing: Partial<Completing> = {}) {
  const incoming = complete(one, { limits, ...completing })
  if (incoming instanceof Reason) throw new Error(incoming.text)
  return incoming
}

const mail = 'From: a@b.test\nDate: 1 Jan 93 00:00 GMT\nSubject: Hi\nMessage-ID: <1@b.test>\n\n.dot\nFrom x\n'
const old = 'From: allegra!larry\nNewsgroups: mod.sources\nDate: Tue, 7 May 85 13:32:51 pdt\n\nx\n'

describe('complete', () => {
  it('makes an article of a mail', () => {
    const { article, origin } = completed(found(mail), { group: 'list.x' })
    expect(origin).to.deep.equal({ kind: 'import' })
    expect(article.wire.toString()).to.equal(
      'From: a@b.test\r\nDate: 1 Jan 93 00:00 GMT\r\nSubject: Hi\r\nMessage-ID: <1@b.test>\r\n' +
        'Newsgroups: list.x\r\nPath: not-for-mail\r\n\r\n..dot\r\nFrom x\r\n',
    )
  })

  it('gives the same message-ID to the same octets, and another to others', () => {
    const id = (text: string) => completed(found(text)).article.header('Message-ID')
    expect(id(old)).to.match(/^<[0-9a-f]{40}@import\.invalid>$/)
    expect(id(old))
      .to.equal(id(old.replaceAll('\n', '\r\n')))
      .and.not.equal(id(`${old}y\n`))
    expect(id(`X-Tidings-Rejected: x\n${old}`)).to.equal(id(old))
    expect(id(`Article 12 of mod.sources:\n${old}`)).to.equal(id(old))
  })

  it('takes the date from where it can', () => {
    const date = (header: string, more: Partial<Found> = {}) => {
      const incoming = complete(found(`From: a@b.test\nNewsgroups: x\n${header}\n`, more), { limits })
      return incoming instanceof Reason ? incoming.text : incoming.article.header('Date')
    }
    expect(date('', { date: 0 })).to.equal('Thu, 1 Jan 1970 00:00:00 +0000')
    expect(date('Posted: Tue May  7 13:32:51 1985\n')).to.equal('Tue, 7 May 1985 13:32:51 +0000')
    expect(date('Received: by x; id 1; Tue, 7 May 1985 13:32:51 GMT\n')).to.equal(
      'Tue, 7 May 1985 13:32:51 +0000',
    )
    expect(date('Received: by nobody\n')).to.equal('Missing required Date header field')
  })

  it('replaces an empty field', () => {
    const { article } = completed(found(`Subject:\nPath: \n${old}`))
    expect([article.all('Subject'), article.all('Path')]).to.deep.equal([['(no subject)'], ['not-for-mail']])
  })

  it('keeps number, group and permission to create it where asked', () => {
    const filed = { group: 'comp.x', number: 12 }
    const asked = { keepNumbers: true, createGroups: true, group: 'other.x' }
    const incoming = completed(found(mail, { filed }), asked)
    expect(incoming).to.deep.include({ keep: filed, createGroups: true })
    expect(incoming.article.header('Newsgroups')).to.equal('comp.x')
    expect(completed(found(old, { filed }))).to.have.all.keys('article', 'origin')
    expect(completed(found(old), asked)).to.not.have.property('keep')
  })

  it('keeps a bare CR, for this server alone', () => {
    const incoming = completed(found(`${old}a\rb\n`))
    expect(incoming).to.include({ localOnly: true })
    expect(incoming.article.wire.toString('latin1')).to.include('a\rb\r\n')
  })

  it('takes old spellings', () => {
    const { article } = completed(found(`X-Odd:value\nLines: dog\n${old}`))
    expect(article.header('X-Odd')).to.equal('value')
  })

  const table: [string, string, string][] = [
    ['no From', 'Newsgroups: x\n\n', 'Missing required From header field'],
    ['no group', mail, 'Missing required Newsgroups header field'],
    ['NUL', `${old}\0\n`, 'NUL octet in article'],
    ['NUL behind a bare CR', `${old}\ra\0\n`, 'NUL octet in article'],
    ['no header', 'hello world\n\nx', 'Bad header: hello world'],
    ['no body', 'From: a@b.test\n', 'No body'],
    ['nothing', '', 'No body'],
  ]
  for (const [title, text, reason] of table) {
    it(`refuses ${title}`, () => expect(complete(found(text), { limits })).to.have.property('text', reason))
  }

  it('refuses what could not be read', () => {
    expect(complete(found('', { fault: 'article-too-large' }), { limits })).to.have.property(
      'name',
      'article-too-large',
    )
  })
})
