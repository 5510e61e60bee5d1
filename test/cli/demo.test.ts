import { existsSync } from 'node:fs'
import { connect } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { expect } from 'chai'
import { demoArticles, demoGroups, demoText } from '../../src/cli/demo-articles.ts'
import { runProgram } from '../../src/cli/program.ts'
import { RawClient } from '../support/raw-client.ts'
import { FakeProcess } from './fake-process.ts'

describe('tidings demo', function () {
  this.timeout(60_000)

  it('floods its articles, shows what stopped them, goes on until Ctrl-C, and leaves nothing', async () => {
    const around = new FakeProcess()
    const running = runProgram(['demo'], around)
    await around.stdout.shows('Ctrl-C ends the demo')
    const { text } = around.stdout
    expect(text).to.contain('offered, and it had it already (438): this is history at work')
    expect(text).to.contain(
      'amsterdam.example: not sent: Path says that it has been there: this is Path at work',
    )
    expect(text).to.contain('chicago.example: not sent: its groups do not match "demo.*,!demo.recipes"')

    expect(text).to.match(/ amsterdam\.example\n(?: +\/ +\\\n){3} {2}berlin\.example -+ chicago\.example\n/)
    expect(text).to.match(/6 articles are on 3 nodes after 1[2-9] transfers, (?:as few as|where 12)/)
    expect(text).to.match(/\d+ offers were never made: [^\n]*\n {2}\d+ offers were declined: /)

    const ports = [...text.matchAll(/newsreaders: 127\.0\.0\.1:(\d+)/g)].map(([, port]) => Number(port))
    expect(ports).to.have.length(3)
    const clients = ports.map(port => new RawClient(connect(port, '127.0.0.1')))
    for (const client of clients) {
      await client.line()
      client.send('LIST COUNTS demo.*\r\n')
      await client.line()
      expect(await client.block()).to.deep.equal([
        'demo.general 3 1 3 y',
        'demo.recipes 2 1 2 y',
        'demo.test 1 1 1 y',
      ])
    }
    const [first, , third] = clients
    if (first === undefined || third === undefined) throw new Error('no clients')
    first.send('POST\r\n')
    await first.line()
    const [header = '', body = ''] = demoText({
      id: '<mine@demo.example>',
      site: 0,
      from: 'Me <me@demo.example>',
      group: 'demo.test',
      subject: 'Mine',
      text: 'Here.',
    }).split('\n\n')
    first.send(`${header.replaceAll('\n', '\r\n')}\r\n\r\n${body.trim()}\r\n.\r\n`)
    expect(await first.line()).to.match(/^240 /)
    await around.stdout.shows('chicago.example    demo.test:2  "Mine"  from ')
    third.send('STAT <mine@demo.example>\r\n')
    expect(await third.line()).to.match(/^223 /)
    for (const client of clients) client.destroy()

    const secure = [...text.matchAll(/with TLS: 127\.0\.0\.1:(\d+)/g)].map(([, port]) => Number(port))
    expect(secure).to.have.length(3)
    const tls = new RawClient(
      connectTls({ host: '127.0.0.1', port: secure[1] ?? 0, rejectUnauthorized: false }),
    )
    expect(await tls.line()).to.match(/^200 berlin\.example /)
    tls.destroy()

    const [config = '', folder = ''] = /(\/\S+\/tidings-demo-\w+)\/\S*berlin\.example\.toml/.exec(text) ?? []
    expect(existsSync(config)).to.equal(true)
    around.send('SIGINT')
    expect(await running).to.equal(0)
    expect(existsSync(folder)).to.equal(false)
  })

  it('has articles for its groups, each answer behind what it answers', () => {
    const groups: string[] = demoGroups.map(({ name }) => name)
    for (const [at, { group, answers }] of demoArticles.entries()) {
      expect(groups).to.include(group)
      if (answers !== undefined) expect(demoArticles.slice(0, at).map(({ id }) => id)).to.include(answers)
    }
  })
})
