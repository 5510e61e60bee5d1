import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { connect, type TLSSocket } from 'node:tls'
import { expect } from 'chai'
import { pemPair } from '../support/certificates.ts'
import { Program } from '../support/program.ts'
import { RawClient } from '../support/raw-client.ts'
import { type TemporaryDirectory, temporaryDirectory } from '../support/temporary-directory.ts'

class Site implements AsyncDisposable {
  readonly #folder: TemporaryDirectory
  readonly config: string

  private constructor(folder: TemporaryDirectory) {
    this.#folder = folder
    this.config = join(folder.path, 'conf', 'tidings.toml')
  }

  static async create(): Promise<Site> {
    const site = new Site(await temporaryDirectory())
    mkdirSync(join(site.config, '..'))
    const listen = 'nntp = [], nntps = ["127.0.0.1:0"], web = [], webs = ["127.0.0.1:0"], admin = []'
    const tls = 'cert = "cert.pem", key = "key.pem"'
    writeFileSync(site.config, `listen = { ${listen} }\ntls = { ${tls} }\n[[access]]\nread = "*"\n`)
    return site
  }

  /** A new pair for this name; `parts` replaces files of it. */
  write(name: string, parts: { readonly cert?: string; readonly key?: string } = {}): void {
    const pair = { ...pemPair({ names: [name] }), ...parts }
    for (const part of ['cert', 'key'] as const)
      writeFileSync(join(this.#folder.path, `${part}.pem`), pair[part], { mode: 0o600 })
  }

  run(command: string): Program {
    return new Program([command, '--config', this.config])
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#folder[Symbol.asyncDispose]()
  }
}

async function handshake(port: number): Promise<TLSSocket> {
  const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false })
  await new Promise((resolve, reject) => {
    socket.once('secureConnect', resolve)
    socket.once('error', reject)
  })
  return socket
}

async function nameShown(port: number): Promise<string> {
  const socket = await handshake(port)
  const { CN } = socket.getPeerCertificate().subject
  socket.destroy()
  return String(CN)
}

describe('a node and its certificate', function () {
  this.timeout(60_000)

  it('does not start with a bad pair: 78, the file and the reason', async () => {
    await using site = await Site.create()
    const cases: readonly (readonly [parts: { cert?: string; key?: string }, said: RegExp])[] = [
      [{ cert: 'nothing' }, /tls\.cert: \S*cert\.pem holds no certificate in PEM/],
      [{ key: pemPair().key }, /tls\.key: \S*key\.pem is not the key of the certificate in \S*cert\.pem/],
    ]
    for (const [parts, said] of cases) {
      site.write('first.example', parts)
      await using node = site.run('start')
      expect(await node.ended).to.equal(78)
      expect(node.err).to.match(said)
    }
  })

  it('keeps its pair where a reload finds a bad one, and shows a good one to those who come then', async () => {
    await using site = await Site.create()
    site.write('first.example')
    await using node = site.run('start')
    const port = async (pattern: RegExp) => Number((await node.shows(pattern))[1])
    const ports = [await port(/With TLS .*port (\d+)/), await port(/https:\/\/127\.0\.0\.1:(\d+)/)]
    const names = () => Promise.all(ports.map(nameShown))
    const session = new RawClient(await handshake(ports[0] ?? 0))
    expect(await session.line()).to.match(/^201 /)
    expect(await names()).to.deep.equal(['first.example', 'first.example'])

    site.write('second.example', { key: pemPair().key })
    await using refused = site.run('reload')
    expect(await refused.ended).to.equal(78)
    expect(refused.err).to.match(/tls\.key: \S*key\.pem is not the key of the certificate/)
    expect(await names()).to.deep.equal(['first.example', 'first.example'])

    site.write('third.example')
    await using taken = site.run('reload')
    expect(await taken.ended).to.equal(0)
    expect(taken.out).to.contain('tls.cert')
    expect(await names()).to.deep.equal(['third.example', 'third.example'])

    session.send('DATE\r\n')
    expect(await session.line()).to.match(/^111 /)
    session.send('QUIT\r\n')
    await session.rest()
    node.signal('SIGTERM')
    expect(await node.ended).to.equal(0)
  })
})
