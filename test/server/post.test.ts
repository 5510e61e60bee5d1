import { expect } from 'chai'
import type { Verdict } from '../../src/feed/feed.ts'
import type { MessageId } from '../../src/message-id.ts'
import { Reason } from '../../src/reason.ts'
import { FakeServer } from '../support/fake-server.ts'

const article = `
  C: From: "Demo User" <nobody@example.net>
  C: Newsgroups: misc.test
  C: Subject: I am just a test article
  C: 
  C: ..This is just a test article.
  C: .`

describe('server/commands/post', () => {
  it('hands the article to the injecting agent as it came', async () => {
    const server = new FakeServer()
    await server.play(`
      C: POST
      S: 340 Send article; recommended message-ID <recommended@example.com>
      ${article}
      S: 240 Article received <posted@example.com>
      C: POST now
      S: 501 *
      C: DATE
      S: 111 *`)
    expect(server.node.injected.map(String)).to.deep.equal([
      'From: "Demo User" <nobody@example.net>\r\nNewsgroups: misc.test\r\nSubject: I am just a test article\r\n\r\n' +
        '..This is just a test article.\r\n',
    ])
  })

  it('answers by the verdict', async () => {
    const cases: [Verdict | Promise<Verdict>, string][] = [
      [{ kind: 'held', messageId: '<m@x>' as MessageId }, '240 Article held for release <m@x>'],
      [{ kind: 'mailed', messageId: '<m@x>' as MessageId }, '240 Article mailed to the moderator <m@x>'],
      [
        { kind: 'rejected', reason: new Reason('bad-from', 'x\r\ny') },
        '441 Address in From header field not in Internet syntax: x??y',
      ],
      [{ kind: 'deferred', reason: new Reason('no-space') }, '441 No space, try again later'],
    ]
    for (const [verdict, answer] of cases) {
      const server = new FakeServer()
      server.node.verdicts.push(verdict)
      await server.play(`
        C: POST
        S: 340 *
        ${article}
        S: ${answer}
        C: DATE
        S: 111 *`)
    }
  })

  it('answers 441 to a fault of ours', async () => {
    const server = new FakeServer()
    server.node.inject = () => Promise.reject(new Error('broken'))
    await server.play(`
      C: POST
      S: 340 *
      ${article}
      S: 441 *try again later
      C: DATE
      S: 111 *`)
  })

  it('stays in step after an article that cannot be kept', async () => {
    const server = new FakeServer({ config: { limits: { article_bytes: 1000 } } })
    const { client } = server.connect()
    await client.line()
    const bad: [string, RegExp][] = [
      [`A: b\r\n\r\n${'x'.repeat(70)}\r\n`.padEnd(5000, 'x\r\n'), /^441 Article exceeds local limit/],
      ['A: b\r\n\r\nbare\nlf\r\n', /^441 Bare LF/],
      ['A: b\r\n\r\nbare\rcr\r\n', /^441 Bare CR/],
      ['A: b\r\n\r\nnul\0\r\n', /^441 NUL/],
      ['A: b\r\n\r\n.unstuffed\r\n', /^441 Line begins with an unstuffed dot/],
    ]
    for (const [text, answer] of bad) {
      client.send('POST\r\n')
      expect(await client.line()).to.match(/^340 /)
      client.send(`${text.endsWith('\r\n') ? text : `${text}\r\n`}.\r\nDATE\r\n`)
      expect(await client.line()).to.match(answer)
      expect(await client.line()).to.match(/^111 /)
    }
    expect(server.node.injected).to.deep.equal([])
    client.end()
  })

  it('is refused with 440 where nothing may be posted', () =>
    new FakeServer({ config: { access: [{ read: '*' }] } }).play(`
      C: POST
      S: 440 Posting not permitted
      C: DATE
      S: 111 *`))

  it('drops half an article when the client goes', async () => {
    const server = new FakeServer()
    const { client, served } = server.connect()
    await client.line()
    client.send('POST\r\nFrom: a@b.example\r\n')
    client.end()
    await served
    expect(server.node.injected).to.deep.equal([])
  })
})
