import { expect } from 'chai'
import { Site } from './fake-node.ts'
import { FakeProcess } from './fake-process.ts'

const article = 'From: A <a@b.example>\r\nSubject: \x1b[2Jx\r\n\r\nBody \x9b\r\n'
const copy = {
  messageId: '<1@b.example>',
  filings: [{ group: 'local.test', number: 5 }],
  text: Buffer.from(article),
}

describe('tidings article', () => {
  let site: Site
  beforeEach(async () => {
    site = await Site.open()
  })
  afterEach(() => site[Symbol.asyncDispose]())

  it('is shown octet for octet, and safely on a terminal', async () => {
    site.node.articles.set('<1@b.example>', copy)
    expect((await site.run(['article', 'show', '<1@b.example>'])).out).to.equal(article)
    const terminal = await site.run(['article', 'show', '1@b.example'], new FakeProcess({ terminal: true }))
    expect(terminal.out).to.equal('From: A <a@b.example>\nSubject: \\x1b[2Jx\n\nBody \\x9b\n')
    const json = JSON.parse((await site.run(['article', 'show', '1@b.example', '--json'])).out)
    expect(json).to.deep.equal({
      messageId: copy.messageId,
      filings: copy.filings,
      base64: copy.text.toString('base64'),
    })
  })

  it('may be larger than a frame', async () => {
    site.node.articles.set('<1@b.example>', { ...copy, text: Buffer.alloc(3_000_000, 'x') })
    expect((await site.run(['article', 'show', '1@b.example'])).out).to.have.length(3_000_000)
  })

  it('is cancelled', async () => {
    site.node.articles.set('<1@b.example>', copy)
    expect((await site.run(['article', 'cancel', '1@b.example'])).out).to.equal('cancelled <1@b.example>\n')
    expect((await site.run(['article', 'cancel', '1@b.example', '--send'])).out).to.equal(
      'cancelled <1@b.example> here and for peers\n',
    )
    expect(site.node.calls).to.deep.equal(['<1@b.example>', false, '<1@b.example>', true])
  })

  it('is missed with 1', async () => {
    for (const verb of ['show', 'cancel'])
      expect(await site.run(['article', verb, 'none@x'])).to.deep.equal({
        code: 1,
        out: '',
        err: 'tidings: no article <none@x>\n',
      })
  })
})
