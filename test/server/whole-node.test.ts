import { duplexPair } from 'node:stream'
import { expect } from 'chai'
import { systemClock } from '../../src/clock.ts'
import { silentLog } from '../../src/log.ts'
import { NntpServer } from '../../src/server/server.ts'
import { testConfig, testNode } from '../support/node.ts'
import { RawClient } from '../support/raw-client.ts'

async function serving(more: object = {}) {
  const config = testConfig(more)
  const node = await testNode({ config })
  const services = {
    reading: node.storage.reading,
    feed: node.feed,
    clock: systemClock,
    config: () => config,
  }
  const server = new NntpServer({ services, log: silentLog })
  return {
    connect() {
      const [ours, theirs] = duplexPair()
      void server.accept(theirs, '127.0.0.1')
      return new RawClient(ours)
    },
    async [Symbol.asyncDispose]() {
      await server.close()
      await node[Symbol.asyncDispose]()
    },
  }
}

describe('server over a whole node', () => {
  it('posts an article and reads it back in every way', async () => {
    await using node = await serving()
    const client = node.connect()
    await client.play(`
      S: 200 *
      C: GROUP local.test
      S: 211 0 1 0 local.test
      C: POST
      S: 340 *<*@*>
      C: From: Demo <demo@example.net>
      C: Newsgroups: local.test,local.other
      C: Subject: Hello
      C: Message-ID: <one@example.net>
      C: 
      C: ..dots
      C: world
      C: .
      S: 240 *<one@example.net>
      C: GROUP local.test
      S: 211 1 1 1 local.test
      C: STAT
      S: 223 1 <one@example.net>
      C: BODY <one@example.net>
      S: 222 0 <one@example.net>
      S: ..dots
      S: world
      S: .
      C: HDR Xref 1
      S: 225 *
      S: 1 node.example local.test:1 local.other:1
      S: .
      C: HDR :lines 1-
      S: 225 *
      S: 1 2
      S: .
      C: HDR subject <one@example.net>
      S: 225 *
      S: 0 Hello
      S: .
      C: HDR Newsgroups 1
      S: 225 *
      S: 1 local.test,local.other
      S: .
      C: OVER
      S: 224 *
      S: 1\tHello\tDemo <demo@example.net>\t*\t<one@example.net>\t\t*\t2\tXref: node.example local.test:1 local.other:1
      S: .
      C: OVER <one@example.net>
      S: 224 *
      S: 0\tHello\t*
      S: .
      C: LISTGROUP local.other
      S: 211 1 1 1 local.other *
      S: 1
      S: .
      C: LIST ACTIVE local.*
      S: 215 *
      S: local.moderated 0 1 m
      S: local.other 1 1 y
      S: local.test 1 1 y
      S: .
      C: LIST COUNTS local.test
      S: 215 *
      S: local.test 1 1 1 y
      S: .
      C: NEWNEWS local.* 20200101 000000 GMT
      S: 230 *
      S: <one@example.net>
      S: .
      C: NEXT
      S: 421 *`)
    client.send('HDR :bytes 1\r\nARTICLE 1\r\nQUIT\r\n')
    expect(await client.line()).to.match(/^225 /)
    const [bytes = ''] = await client.block()
    expect(await client.line()).to.equal('220 1 <one@example.net>')
    const octets = (await client.block()).reduce((sum, text) => sum + text.length + 2, 0)
    expect(bytes).to.equal(`1 ${octets}`)
    expect(await client.line()).to.match(/^205 /)
    client.end()
  })

  it('takes articles from a peer, and hands them to readers', async () => {
    await using node = await serving({
      peer: [{ name: 'peer.example', from: ['127.0.0.1'], accept: 'local.*' }],
    })
    const date = new Date().toUTCString().replace('GMT', '+0000')
    const article = (id: string, group: string) =>
      `Path: peer.example!not-for-mail\r\nFrom: a@b.example\r\nNewsgroups: ${group}\r\nSubject: s\r\n` +
      `Date: ${date}\r\nMessage-ID: ${id}\r\n\r\nbody\r\n.\r\n`
    const client = node.connect()
    await client.line()
    client.send('CHECK <a@x.example>\r\nCHECK <b@x.example>\r\n')
    expect(await client.line()).to.equal('238 <a@x.example>')
    expect(await client.line()).to.equal('238 <b@x.example>')
    client.send(`TAKETHIS <a@x.example>\r\n${article('<a@x.example>', 'local.test')}`)
    client.send(`TAKETHIS <b@x.example>\r\n${article('<b@x.example>', 'rec.other')}`)
    client.send(`TAKETHIS <a@x.example>\r\n${article('<a@x.example>', 'local.test')}`)
    expect(await client.line()).to.match(/^239 <a@x.example>/)
    expect(await client.line()).to.match(/^439 <b@x.example>/)
    expect(await client.line()).to.match(/^439 <a@x.example>/)
    client.send('CHECK <a@x.example>\r\nIHAVE <c@x.example>\r\n')
    expect(await client.line()).to.match(/^438 <a@x.example>/)
    expect(await client.line()).to.match(/^335 /)
    client.send(article('<c@x.example>', 'local.test'))
    expect(await client.line()).to.match(/^235 /)
    client.send('GROUP local.test\r\nHEAD 1\r\n')
    expect(await client.line()).to.equal('211 2 1 2 local.test')
    expect(await client.line()).to.equal('221 1 <a@x.example>')
    expect(await client.block()).to.include('Path: node.example!!peer.example!not-for-mail')
    client.end()
  })
})
