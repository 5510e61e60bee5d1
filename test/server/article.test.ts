import { expect } from 'chai'
import { FakeServer } from '../support/fake-server.ts'
import { fillWithSamples } from '../support/sample-news.ts'

function sampleServer(): FakeServer {
  const server = new FakeServer()
  fillWithSamples(server.node)
  return server
}

describe('server/commands/article', () => {
  it('gives an article by number, by message-ID and as the current one', () => {
    const whole = `
      S: Path: pathost!demo!whitehouse!not-for-mail
      S: From: "Demo User" <nobody@example.net>
      S: Newsgroups: misc.test
      S: Subject: I am just a test article
      S: Date: 6 Oct 1998 04:38:40 -0500
      S: Message-ID: <45223423@example.com>
      S: References: <45454@example.net>
      S: Xref: news.example.com alt.crossposts:111 misc.test:234`
    return sampleServer().play(`
      C: ARTICLE <45223423@example.com>
      S: 220 0 <45223423@example.com>${whole}
      S: 
      S: This is just a test article.
      S: .
      C: GROUP misc.test
      S: 211 *
      C: ARTICLE
      S: 220 234 <45223423@example.com>${whole}
      S: 
      S: This is just a test article.
      S: .
      C: HEAD 234
      S: 221 234 <45223423@example.com>${whole}
      S: .
      C: BODY
      S: 222 234 <45223423@example.com>
      S: This is just a test article.
      S: .
      C: STAT
      S: 223 234 <45223423@example.com>`)
  })

  it('makes the last number current, in whatever order articles are found', async () => {
    const server = sampleServer()
    const found: (() => void)[] = []
    const find = server.node.articleByNumber.bind(server.node)
    const { client } = server.connect()
    await client.line()
    // The first one is fetched alone, until it is known how large articles are.
    client.send('GROUP misc.test\r\nBODY 237\r\n')
    expect(await client.line()).to.match(/^211/)
    expect(await client.line()).to.match(/^222 237/)
    await client.block()
    server.node.articleByNumber = async (group, number) => {
      const gate = new Promise<void>(resolve => found.push(resolve))
      if (found.length === 2) for (const open of found.reverse()) open()
      await gate
      return find(group, number)
    }
    client.send('BODY 234\r\nBODY 237\r\nSTAT\r\n')
    expect(await client.line()).to.match(/^222 234/)
    await client.block()
    expect(await client.line()).to.match(/^222 237/)
    await client.block()
    expect(await client.line()).to.match(/^223 237/)
  })

  it('keeps dots and octets as they are', async () => {
    const { client } = sampleServer().connect()
    await client.line()
    client.send('GROUP misc.test\r\nBODY 237\r\nHEAD 237\r\nHEAD 567\r\nBODY 567\r\nDATE\r\n')
    expect(await client.line()).to.match(/^211/)
    expect(await client.line()).to.equal('222 237 <668929@example.org>')
    expect(await client.block()).to.deep.equal(['.', '..two', '', 'last'])
    expect(await client.line()).to.equal('221 237 <668929@example.org>')
    expect(await client.block())
      .to.include('.Odd: yes')
      .and.include('Subject: Another\ttest')
    expect(await client.line()).to.match(/^221/)
    expect(await client.block()).to.include('Subject: Caf\xe9')
    expect(await client.line()).to.match(/^222/)
    expect(await client.block()).to.deep.equal([])
    expect(await client.line()).to.match(/^111/)
    client.end()
  })

  it('moves the pointer by number only, and only on success', () =>
    sampleServer().play(`
      C: GROUP misc.test
      S: 211 *
      C: STAT <411@example.net>
      S: 223 0 <411@example.net>
      C: STAT
      S: 223 234 *
      C: STAT 300
      S: 423 *
      C: STAT
      S: 223 234 *
      C: HEAD 237
      S: 221 237 *
      S: Path: *
      S: *
      S: *
      S: *
      S: *
      S: *
      S: *
      S: *
      S: *
      S: .
      C: STAT
      S: 223 237 *`))

  it('refuses with the code of the form', async () => {
    for (const command of ['ARTICLE', 'HEAD', 'BODY', 'STAT']) {
      await sampleServer().play(`
        C: ${command} a.message.id@no.angle.brackets
        S: 501 Syntax: ${command} [message-id|number]
        C: ${command} 53 54
        S: 501 *
        C: ${command} <unclosed
        S: 501 *
        C: ${command} 1-5
        S: 501 *
        C: ${command}
        S: 412 *
        C: ${command} 234
        S: 412 *
        C: ${command} <i.am.not.there@example.com>
        S: 430 No article with that message-id
        C: GROUP misc.test
        S: 211 *
        C: ${command} 300256
        S: 423 No article with that number
        C: ${command} 0
        S: 423 *
        C: ${command} 12345678901234567
        S: 501 *
        C: GROUP example.empty.newsgroup
        S: 211 *
        C: ${command}
        S: 420 Current article number is invalid`)
    }
  })

  it('answers 420 when the current article has gone, 430 when its octets cannot be read', async () => {
    const server = sampleServer()
    const { client } = server.connect()
    await client.line()
    await client.play(`
      C: GROUP misc.test
      S: 211 *`)
    server.node.removeArticle('<45223423@example.com>')
    await client.play(`
      C: ARTICLE
      S: 420 *
      C: STAT
      S: 420 *
      C: OVER
      S: 420 *
      C: ARTICLE <45223423@example.com>
      S: 430 *
      C: NEXT
      S: 223 237 *`)
    server.node.article = async () => undefined
    await client.play(`
      C: ARTICLE
      S: 420 *
      C: ARTICLE 237
      S: 423 *
      C: ARTICLE <668929@example.org>
      S: 430 *`)
    client.end()
  })
})
