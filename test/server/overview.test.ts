import { expect } from 'chai'
import { FakeServer } from '../support/fake-server.ts'
import { fillWithSamples } from '../support/sample-news.ts'

function sampleServer(): FakeServer {
  const server = new FakeServer()
  fillWithSamples(server.node)
  return server
}

const first =
  'I am just a test article\t"Demo User" <nobody@example.net>\t6 Oct 1998 04:38:40 -0500\t<45223423@example.com>\t<45454@example.net>\t'
const xref = 'Xref: news.example.com alt.crossposts:111 misc.test:234'

describe('server/commands/overview', () => {
  it('shows ranges, the current article and articles by message-ID', () =>
    sampleServer().play(`
      C: GROUP misc.test
      S: 211 *
      C: OVER
      S: 224 Overview information follows
      S: 234\t${first}*\t1\t${xref}
      S: .
      C: XOVER
      S: 224 *
      S: 234\t${first}*\t1\t${xref}
      S: .
      C: OVER 235-
      S: 224 *
      S: 237\tAnother test  article\t*\t<668929@example.org>\t\t*\t4\t
      S: 567\tCaf\xe9\t*
      S: .
      C: XOVER 234-300
      S: 224 *
      S: 234\t*
      S: 237\t*
      S: .
      C: OVER <45223423@example.com>
      S: 224 *
      S: 0\t${first}*\t1\t${xref}
      S: .
      C: STAT
      S: 223 234 *`))

  it('refuses with the code of the case; XOVER gives an empty list where old clients want one', () =>
    sampleServer().play(`
      C: OVER x
      S: 501 Syntax: OVER [message-id|range]
      C: OVER 1 2
      S: 501 *
      C: OVER
      S: 412 *
      C: OVER 1-5
      S: 412 *
      C: XOVER 1-5
      S: 412 *
      C: OVER <no@such>
      S: 430 *
      C: GROUP misc.test
      S: 211 *
      C: OVER 300256
      S: 423 *
      C: OVER 567-234
      S: 423 *
      C: OVER 300-400
      S: 423 *
      C: XOVER 300-400
      S: 224 *
      S: .
      C: XOVER 400-300
      S: 224 *
      S: .
      C: GROUP example.empty.newsgroup
      S: 211 *
      C: OVER
      S: 420 *
      C: XOVER
      S: 420 *`))
})

describe('server/commands/headers', () => {
  it('shows a field of many articles', () =>
    sampleServer().play(`
      C: GROUP misc.test
      S: 211 *
      C: HDR Subject 234-567
      S: 225 Headers follow
      S: 234 I am just a test article
      S: 237 Another test  article
      S: 567 Caf\xe9
      S: .
      C: HDR subject
      S: 225 *
      S: 234 I am just a test article
      S: .
      C: HDR References 1-
      S: 225 *
      S: 234 <45454@example.net>
      S: 237 
      S: 567 
      S: .
      C: HDR :lines 1-
      S: 225 *
      S: 234 1
      S: 237 4
      S: 567 0
      S: .
      C: HDR xref 234
      S: 225 *
      S: 234 news.example.com alt.crossposts:111 misc.test:234
      S: .
      C: HDR x-mood 1-
      S: 225 *
      S: 234 
      S: 237 dots
      S: 567 
      S: .
      C: HDR .odd 237
      S: 225 *
      S: 237 yes
      S: .
      C: HDR newsgroups <668929@example.org>
      S: 225 *
      S: 0 misc.test
      S: .
      C: HDR Subject <668929@example.org>
      S: 225 *
      S: 0 Another test  article
      S: .
      C: STAT
      S: 223 234 *`))

  it('agrees on :bytes with what is sent', async () => {
    const { client } = sampleServer().connect()
    await client.line()
    client.send('ARTICLE <668929@example.org>\r\nHDR :bytes <668929@example.org>\r\n')
    expect(await client.line()).to.match(/^220/)
    const octets = (await client.block()).reduce((sum, text) => sum + text.length + 2, 0)
    expect(await client.line()).to.match(/^225/)
    expect(await client.block()).to.deep.equal([`0 ${octets}`])
    client.end()
  })

  it('refuses with the code of the case', () =>
    sampleServer().play(`
      C: HDR
      S: 501 *
      C: HDR Subject x
      S: 501 *
      C: HDR Sub:ject 1-
      S: 501 *
      C: HDR :nothing 1-
      S: 503 *
      C: HDR Subject
      S: 412 *
      C: HDR Subject 1-
      S: 412 *
      C: HDR Subject <no@such>
      S: 430 *
      C: GROUP misc.test
      S: 211 *
      C: HDR Subject 300-400
      S: 423 *
      C: HDR X-Mood 300-400
      S: 423 *
      C: GROUP example.empty.newsgroup
      S: 211 *
      C: HDR Subject
      S: 420 *
      C: HDR Subject 1-
      S: 423 *`))

  it('serves the older XHDR in its own way', () =>
    sampleServer().play(`
      C: XHDR Subject 1-
      S: 412 *
      C: GROUP misc.test
      S: 211 *
      C: XHDR to 234-237
      S: 221 Header follows
      S: 234 (none)
      S: 237 (none)
      S: .
      C: XHDR lines 567
      S: 221 *
      S: 567 0
      S: .
      C: XHDR Subject <45223423@example.com>
      S: 221 *
      S: <45223423@example.com> I am just a test article
      S: .
      C: XHDR Subject <no@such>
      S: 430 *
      C: XHDR Subject 300-400
      S: 221 *
      S: .
      C: XHDR Subject
      S: 221 *
      S: 234 *
      S: .
      C: GROUP example.empty.newsgroup
      S: 211 *
      C: XHDR Subject
      S: 420 *`))

  it('searches with XPAT', () =>
    sampleServer().play(`
      C: XPAT Subject 1-
      S: 501 *
      C: XPAT Subject 1- *
      S: 412 *
      C: GROUP misc.test
      S: 211 *
      C: XPAT Subject 1- *test*
      S: 221 *
      S: 234 I am just a test article
      S: 237 Another test  article
      S: .
      C: XPAT Subject 1- I am just*
      S: 221 *
      S: 234 I am just a test article
      S: .
      C: XPAT subject 1- nothing
      S: 221 *
      S: .
      C: XPAT X-Mood 1- *
      S: 221 *
      S: 237 dots
      S: .
      C: XPAT Subject <45223423@example.com> *
      S: 221 *
      S: <45223423@example.com> I am just a test article
      S: .
      C: XPAT Subject <no@such> *
      S: 430 *`))
})
