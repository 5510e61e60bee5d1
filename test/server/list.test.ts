import { expect } from 'chai'
import { FakeServer } from '../support/fake-server.ts'
import { fillWithSamples } from '../support/sample-news.ts'

function sampleServer(config: Record<string, unknown> = {}): FakeServer {
  const server = new FakeServer({ config })
  fillWithSamples(server.node)
  return server
}

describe('server/commands/list', () => {
  it('lists groups in every form', () =>
    sampleServer({ node: { path_identity: 'news.example.com' } }).play(`
      C: LIST
      S: 215 Information follows
      S: alt.crossposts 111 111 y
      S: example.empty.newsgroup 3999 4000 y
      S: misc.test 567 234 y
      S: tx.natives 0 1 m
      S: .
      C: LIST ACTIVE misc.*,!*.x,tx.*
      S: 215 *
      S: misc.test 567 234 y
      S: tx.natives 0 1 m
      S: .
      C: LIST ACTIVE misc.test
      S: 215 *
      S: misc.test 567 234 y
      S: .
      C: LIST ACTIVE no.such
      S: 215 *
      S: .
      C: LIST COUNTS m*
      S: 215 *
      S: misc.test 567 234 3 y
      S: .
      C: LIST NEWSGROUPS
      S: 215 *
      S: alt.crossposts\tCrossposts
      S: misc.test\tGeneral Usenet testing
      S: tx.natives\tTexas Natives
      S: .
      C: LIST ACTIVE.TIMES *.test,example.*
      S: 215 *
      S: example.empty.newsgroup 1000 usenet@news.example.com
      S: misc.test 930445408 a@example.org
      S: .
      C: XGTITLE tx.*
      S: 282 *
      S: tx.natives\tTexas Natives
      S: .
      C: GROUP alt.crossposts
      S: 211 *
      C: XGTITLE
      S: 282 *
      S: alt.crossposts\tCrossposts
      S: .`))

  it('answers 501 to wrong arguments and 503 for lists that are not kept', () =>
    sampleServer().play(`
      C: LIST FOO
      S: 501 *
      C: LIST ACTIVE u[ks].*
      S: 501 *
      C: LIST ACTIVE a b
      S: 501 *
      C: LIST NEWSGROUPS \\*
      S: 501 *
      C: LIST OVERVIEW.FMT *
      S: 501 *
      C: LIST HEADERS SOME
      S: 501 *
      C: LIST MOTD *
      S: 501 *
      C: LIST MODERATORS *
      S: 501 *
      C: LIST DISTRIBUTIONS *
      S: 501 *
      C: LIST DISTRIB.PATS *
      S: 501 *
      C: LIST MOTD
      S: 503 *
      C: LIST MODERATORS
      S: 503 *
      C: LIST DISTRIBUTIONS
      S: 503 *
      C: LIST DISTRIB.PATS
      S: 503 *
      C: LIST SUBSCRIPTIONS
      S: 503 *
      C: LIST SUBSCRIPTIONS *
      S: 503 *
      C: XGTITLE a,,b
      S: 501 *`))

  it('gives the lists of the configuration', () =>
    sampleServer({
      lists: {
        motd: 'Attention all users,\n\n.dots\nApologies.\n',
        subscriptions: ['local.welcome', 'misc.test'],
        distributions: ['fr Local to France.'],
        distrib_pats: ['10:local.*:local', '5:*:world'],
      },
      moderator: [
        { groups: 'local.*,!local.x,foo.bar', address: 'm@localhost.example' },
        { groups: '*', address: '%s@moderators.example.com' },
      ],
    }).play(`
      C: LIST MOTD
      S: 215 *
      S: Attention all users,
      S: 
      S: ..dots
      S: Apologies.
      S: .
      C: LIST SUBSCRIPTIONS
      S: 215 *
      S: local.welcome
      S: misc.test
      S: .
      C: LIST SUBSCRIPTIONS local.*
      S: 215 *
      S: local.welcome
      S: .
      C: LIST DISTRIBUTIONS
      S: 215 *
      S: fr Local to France.
      S: .
      C: LIST DISTRIB.PATS
      S: 215 *
      S: 10:local.*:local
      S: 5:*:world
      S: .
      C: LIST MODERATORS
      S: 215 *
      S: local.*,!local.x,foo.bar:m@localhost.example
      S: *:%s@moderators.example.com
      S: .`))

  it('names the sizes in the old way until CAPABILITIES was sent', async () => {
    const { client } = sampleServer().connect()
    await client.line()
    const format = async () => {
      client.send('LIST OVERVIEW.FMT\r\n')
      expect(await client.line()).to.match(/^215 /)
      return client.block()
    }
    const order = ['Subject:', 'From:', 'Date:', 'Message-ID:', 'References:']
    expect(await format()).to.deep.equal([...order, 'Bytes:', 'Lines:', 'Xref:full'])
    client.send('CAPABILITIES\r\n')
    expect(await client.line()).to.match(/^101 /)
    await client.block()
    expect(await format()).to.deep.equal([...order, ':bytes', ':lines', 'Xref:full'])
    client.end()
  })

  it('says which headers HDR knows', () =>
    sampleServer().play(`
      C: LIST HEADERS
      S: 215 *
      S: :
      S: :bytes
      S: :lines
      S: .
      C: LIST HEADERS msgid
      S: 215 *
      S: :
      S: :bytes
      S: :lines
      S: .
      C: LIST HEADERS RANGE
      S: 215 *
      S: :
      S: :bytes
      S: :lines
      S: .`))

  it('streams long lists, lets others run, and stops when the client goes', async () => {
    const server = new FakeServer()
    let asked = 0
    server.node.groups = async function* () {
      for (;;) {
        asked++
        yield Array.from({ length: 100 }, (_, index) => ({
          id: 1 as never,
          name: `group.${asked}.${index}` as never,
          status: 'y',
          description: '',
          low: 1,
          high: 0,
          count: 0,
          created: 0,
          creator: '',
        }))
      }
    }
    const { client, served } = server.connect()
    await client.line()
    client.send('LIST ACTIVE *.nothing\r\n') // endless work that never fills a chunk
    const other = server.connect()
    await other.client.line()
    await other.client.play(`
      C: DATE
      S: 111 *`)
    expect(asked).to.be.greaterThan(0)
    client.destroy()
    await served
    other.client.end()
    await other.served
  })
})

describe('server/commands/news', () => {
  it('lists new groups and articles', () =>
    sampleServer().play(`
      C: NEWGROUPS 19990624 000000 GMT
      S: 231 List of new newsgroups follows
      S: alt.crossposts 111 111 y
      S: misc.test 567 234 y
      S: .
      C: NEWGROUPS 990701 000000
      S: 231 *
      S: .
      C: NEWNEWS misc.*,!misc.x 19990624 000000 GMT
      S: 230 List of new articles follows
      S: <668929@example.org>
      S: <411@example.net>
      S: .
      C: NEWNEWS alt.* 19990623 235950 gmt
      S: 230 *
      S: <45223423@example.com>
      S: .
      C: NEWNEWS alt.* 20200101 000000
      S: 230 *
      S: .`))

  it('does not announce what has gone', async () => {
    const server = sampleServer()
    server.node.removeArticle('<668929@example.org>')
    await server.play(`
      C: NEWNEWS * 19990624 000000 GMT
      S: 230 *
      S: <411@example.net>
      S: .`)
  })

  it('answers 501 to wrong dates, zones and wildmats', () =>
    sampleServer().play(`
      C: NEWGROUPS 19990624
      S: 501 *
      C: NEWGROUPS 19991324 000000
      S: 501 *
      C: NEWGROUPS 19990624 240000
      S: 501 *
      C: NEWGROUPS 19990624 000000 CET
      S: 501 *
      C: NEWGROUPS 19990624 000000 GMT x
      S: 501 *
      C: NEWNEWS 19990624 000000
      S: 501 *
      C: NEWNEWS a[b] 19990624 000000
      S: 501 *
      C: NEWNEWS * 1999624 000000
      S: 501 *`))
})
