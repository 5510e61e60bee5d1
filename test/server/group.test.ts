import { FakeServer } from '../support/fake-server.ts'
import { fillWithSamples } from '../support/sample-news.ts'

function sampleServer(config: Record<string, unknown> = {}): FakeServer {
  const server = new FakeServer({ config })
  fillWithSamples(server.node)
  return server
}

describe('server/commands/group', () => {
  it('selects groups and their first article', () =>
    sampleServer().play(`
      C: GROUP misc.test
      S: 211 3 234 567 misc.test
      C: STAT 567
      S: 223 567 <411@example.net>
      C: GROUP no.such.group
      S: 411 No such newsgroup
      C: STAT
      S: 223 567 <411@example.net>
      C: GROUP misc.test
      S: 211 3 234 567 misc.test
      C: STAT
      S: 223 234 <45223423@example.com>
      C: GROUP
      S: 501 Syntax: GROUP newsgroup
      C: GROUP a b
      S: 501 *
      C: GROUP example.empty.newsgroup
      S: 211 0 4000 3999 example.empty.newsgroup
      C: STAT
      S: 420 *
      C: NEXT
      S: 420 *
      C: LAST
      S: 420 *`))

  it('lists numbers', () =>
    sampleServer().play(`
      C: LISTGROUP
      S: 412 No newsgroup selected
      C: LISTGROUP misc.test
      S: 211 3 234 567 misc.test list follows
      S: 234
      S: 237
      S: 567
      S: .
      C: STAT 567
      S: 223 567 *
      C: LISTGROUP
      S: 211 3 234 567 misc.test list follows
      S: 234
      S: 237
      S: 567
      S: .
      C: STAT
      S: 223 234 *
      C: LISTGROUP misc.test 235-300
      S: 211 3 234 567 misc.test list follows
      S: 237
      S: .
      C: LISTGROUP misc.test 567
      S: 211 *
      S: 567
      S: .
      C: LISTGROUP misc.test 9999-111
      S: 211 *
      S: .
      C: LISTGROUP misc.test 12345678-
      S: 211 *
      S: .
      C: LISTGROUP misc.test 00000000000000000-
      S: 501 *
      C: LISTGROUP misc.test x
      S: 501 *
      C: LISTGROUP misc.test -5
      S: 501 *
      C: LISTGROUP no.such.group 1-
      S: 411 *
      C: LISTGROUP example.empty.newsgroup
      S: 211 0 4000 3999 example.empty.newsgroup list follows
      S: .
      C: STAT
      S: 420 *`))

  it('steps over holes, and stays where there is nothing', () =>
    sampleServer().play(`
      C: NEXT
      S: 412 *
      C: LAST
      S: 412 *
      C: NEXT 1
      S: 501 *
      C: GROUP misc.test
      S: 211 *
      C: LAST
      S: 422 No previous article in this group
      C: NEXT
      S: 223 237 <668929@example.org>
      C: NEXT
      S: 223 567 <411@example.net>
      C: NEXT
      S: 421 No next article in this group
      C: STAT
      S: 223 567 *
      C: LAST
      S: 223 237 <668929@example.org>`))

  it('hides groups that may not be read', async () => {
    const server = sampleServer({ access: [{ from: ['127.0.0.1'], read: 'misc.*' }] })
    server.node.addArticle('Message-ID: <secret@x>\nXref: x tx.natives:1\n\nsecret\n', {
      at: ['tx.natives:1'],
    })
    await server.play(`
      C: GROUP tx.natives
      S: 411 *
      C: LISTGROUP tx.natives
      S: 411 *
      C: LIST ACTIVE
      S: 215 *
      S: misc.test 567 234 y
      S: .
      C: LIST NEWSGROUPS tx.natives
      S: 215 *
      S: .
      C: NEWGROUPS 19700101 000000
      S: 231 *
      S: misc.test 567 234 y
      S: .
      C: NEWNEWS * 19700101 000000 GMT
      S: 230 *
      S: <45223423@example.com>
      S: <668929@example.org>
      S: <411@example.net>
      S: .
      C: ARTICLE <secret@x>
      S: 430 *
      C: STAT <secret@x>
      S: 430 *
      C: OVER <secret@x>
      S: 430 *
      C: HDR Subject <secret@x>
      S: 430 *
      C: STAT <45223423@example.com>
      S: 223 0 <45223423@example.com>`)
  })
})
