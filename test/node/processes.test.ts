import { writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { expect } from 'chai'
import { MailSink } from '../support/mail-sink.ts'
import { Program, program } from '../support/program.ts'
import { RawClient } from '../support/raw-client.ts'
import { temporaryDirectory } from '../support/temporary-directory.ts'

/** A node in a process of its own. */
interface Running extends AsyncDisposable {
  readonly port: number
  readonly program: Program
  /** Runs a command of `tidings` against it. */
  command(words: readonly string[], input?: string): Promise<string>
  config: readonly string[]
}

interface Wanted {
  readonly name: string
  readonly folder: string
  readonly peer?: { readonly name: string; readonly port?: number }
  readonly mail?: string
}

const file = ({ name, folder }: Wanted) => join(folder, `${name}.toml`)

function settings({ name, peer, mail }: Wanted): string {
  return `
    node = { path_identity = "${name}", data = "${name}.data" }
    listen = { nntp = ["127.0.0.1:0"], web = [], admin = [], control = "${name}.run/control.sock" }
    mail = { smtp = "${mail ?? ''}", from = "news@${name}" }
    [[group]]
    name = "local.test"
    [[group]]
    name = "local.moderated"
    status = "m"
    [[access]]
    read = "*"
    post = "*"
    [[moderator]]
    groups = "*"
    address = "moderator@example.org"
    ${peer ? `[[peer]]\nname = "${peer.name}"\nfrom = ["127.0.0.1"]\naccept = "local.*"\nsend = "*"` : ''}
    ${peer?.port ? `to = "127.0.0.1:${peer.port}"` : ''}
  `
}

async function run(wanted: Wanted): Promise<Running> {
  await writeFile(file(wanted), settings(wanted))
  const config = ['--config', file(wanted)]
  const running = new Program([...config, 'start'])
  const [, port] = await running.shows(/port (\d+);[\s\S]*Ctrl-C stops it/)
  return {
    port: Number(port),
    program: running,
    config,
    command: (words, input) => program([...config, ...words], input),
    [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
  }
}

async function reader(port: number): Promise<RawClient> {
  const client = new RawClient(connect(port, '127.0.0.1'))
  await client.line()
  return client
}

async function post(port: number, headers: readonly string[]): Promise<string> {
  const client = await reader(port)
  client.send('POST\r\n')
  await client.line()
  client.send(`${headers.join('\r\n')}\r\n\r\nHello.\r\n.\r\nQUIT\r\n`)
  const answer = await client.line()
  await client.rest()
  return answer
}

async function head(port: number, id: string): Promise<string[]> {
  const client = await reader(port)
  client.send(`HEAD ${id}\r\nQUIT\r\n`)
  expect(await client.line()).to.match(/^221 /)
  const lines = await client.block()
  await client.rest()
  return lines
}

describe('two nodes in processes of their own', function () {
  this.timeout(60_000)

  it('flood, answer on their control sockets, and mail to the moderator', async () => {
    await using directory = await temporaryDirectory()
    const folder = directory.path
    await using sink = new MailSink()
    const mail = await sink.listen()
    const a: Wanted = { name: 'a.example', folder, mail }
    await using nodeA = await run(a)
    await using nodeB = await run({
      name: 'b.example',
      folder,
      peer: { name: 'a.example', port: nodeA.port },
    })
    await writeFile(file(a), settings({ ...a, peer: { name: 'b.example', port: nodeB.port } }))
    expect(await nodeA.command(['reload'])).to.contain('peer')

    await using tail = new Program([...nodeB.config, 'tail', 'local.*', '--since', '0', '--json'])
    const fields = ['From: Ann <ann@example.org>', 'Subject: Hello']
    expect(
      await post(nodeA.port, [...fields, 'Newsgroups: local.test', 'Message-ID: <1@x.example>']),
    ).to.match(/^240 /)
    const [line] = await tail.shows(/^.*<1@x\.example>.*$/m)
    expect(JSON.parse(line)).to.deep.include({
      kind: 'article',
      source: 'peer:a.example',
      filings: [{ group: 'local.test', number: 1 }],
      from: 'Ann <ann@example.org>',
      subject: 'Hello',
    })
    expect(await head(nodeB.port, '<1@x.example>')).to.include(
      'Path: b.example!!a.example!.POSTED.127.0.0.1!not-for-mail',
    )
    const status = JSON.parse(await nodeA.command(['status', '--json']))
    expect(status).to.deep.include({ pathIdentity: 'a.example', articles: 1 })
    expect(status.peers[0]).to.deep.include({ name: 'b.example', lastError: '' })

    const moderated = ['Newsgroups: local.moderated', 'Message-ID: <2@x.example>']
    expect(await post(nodeA.port, [...fields, ...moderated])).to.match(/^240 /)
    const sent = await sink.mail(1)
    expect(sent.to).to.deep.equal(['moderator@example.org'])
    const text = sent.octets.toString('latin1')
    const article = text.slice(text.indexOf('From: Ann'), text.indexOf('Hello.\r\n') + 'Hello.\r\n'.length)
    const approved = `Approved: moderator@example.org\r\n${article}`
    expect(await nodeA.command(['post'], approved)).to.equal('posted <2@x.example> to local.moderated:1\n')
    await tail.shows(/<2@x\.example>/)
    expect(await head(nodeB.port, '<2@x.example>')).to.include('Approved: moderator@example.org')

    tail.signal('SIGINT')
    expect(await tail.ended).to.equal(130)
    await nodeB.command(['stop'])
    expect(await nodeB.program.ended).to.equal(0)
    nodeA.program.signal('SIGTERM')
    expect(await nodeA.program.ended).to.equal(0)
  })
})
