import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { Site } from './fake-node.ts'
import { FakeProcess } from './fake-process.ts'

const article = 'From: A <a@b.example>\r\nSubject: \x1b[2Jx\r\n\r\nBody \x9b\r\n'
const filings = [{ group: 'local.test', number: 5 }]

describe('tidings post', () => {
  let site: Site
  beforeEach(async () => {
    site = await Site.open()
  })
  afterEach(() => site[Symbol.asyncDispose]())

  it('takes an article from standard input or a file', async () => {
    site.node.verdict = { outcome: 'accepted', messageId: '<9@x>', filings, reason: '' }
    const around = new FakeProcess({ input: article })
    expect(await site.run(['post'], around)).to.deep.equal({
      code: 0,
      out: 'posted <9@x> to local.test:5\n',
      err: '',
    })
    expect(site.node.posted?.toString()).to.equal(article)
    const file = join(site.folder, 'article')
    const large = Buffer.alloc(900_000, 'a\xff\n', 'latin1')
    writeFileSync(file, large)
    expect((await site.run(['post', file])).code).to.equal(0)
    expect(site.node.posted?.equals(large)).to.equal(true)
  })

  it('says what is wrong with the file', async () => {
    const absent = join(site.folder, 'absent')
    expect(await site.run(['post', absent])).to.deep.equal({
      code: 74,
      out: '',
      err: `tidings: ${absent}: there is no such file\n`,
    })
    expect((await site.run(['post', site.folder])).err).to.contain('is a folder')
  })

  it('ends with what became of it', async () => {
    const input = () => new FakeProcess({ input: 'x' })
    site.node.verdict = { outcome: 'mailed', messageId: '<9@x>', filings: [], reason: '' }
    expect((await site.run(['post'], input())).out).to.equal('sent to the moderator: <9@x>\n')
    site.node.verdict = { outcome: 'held', messageId: '<9@x>', filings: [], reason: '' }
    expect((await site.run(['post'], input())).out).to.equal('held for release: <9@x>\n')
    site.node.verdict = { outcome: 'rejected', messageId: '', filings: [], reason: 'Bad From' }
    expect(await site.run(['post'], input())).to.deep.equal({
      code: 1,
      out: '',
      err: 'tidings: Bad From\n',
    })
    site.node.verdict = { outcome: 'deferred', messageId: '', filings: [], reason: 'No space' }
    expect(await site.run(['post'], input())).to.include({ code: 75 })
    expect(JSON.parse((await site.run(['post', '--json'], input())).out)).to.have.property(
      'outcome',
      'deferred',
    )
    expect(await site.run(['post'], new FakeProcess())).to.include({ code: 65 })
  })
})
