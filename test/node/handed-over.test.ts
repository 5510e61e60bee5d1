import { mkdirSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { join } from 'node:path'
import { expect } from 'chai'
import { listen } from '../../src/listen.ts'
import { Program } from '../support/program.ts'
import { RawClient } from '../support/raw-client.ts'
import { temporaryDirectory } from '../support/temporary-directory.ts'

/** As systemd does: the process that is to take them is named before it begins. */
const under = ['sh', '-c', 'LISTEN_PID=$$; export LISTEN_PID; exec "$@"', 'sh']

async function listener(): Promise<{ fd: number; port: number; close(): void }> {
  const server = createServer()
  await listen(server, { key: 'test', place: '127.0.0.1:0' })
  const handle: unknown = Reflect.get(server, '_handle')
  const fd = Reflect.get(Object(handle), 'fd')
  return { fd, port: (server.address() as AddressInfo).port, close: () => void server.close() }
}

describe('a node that is handed its sockets', function () {
  this.timeout(30_000)

  async function start(folder: string, names: string, descriptors: readonly number[]): Promise<Program> {
    const file = join(folder, 'conf', 'tidings.toml')
    mkdirSync(join(folder, 'conf'))
    // No address of the file is to be used: nobody has these.
    writeFileSync(
      file,
      `listen = { nntp = ["192.0.2.1:119"], web = ["192.0.2.1:80"], admin = [] }
[[access]]
read = "*"
`,
    )
    const env = { LISTEN_FDS: String(descriptors.length), LISTEN_FDNAMES: names }
    return new Program(['start', '--config', file], { under, env, descriptors })
  }

  it('serves on them, and answers who came before it ran', async () => {
    await using folder = await temporaryDirectory()
    const [nntp, web] = [await listener(), await listener()]
    await using node = await start(folder.path, 'nntp:web', [nntp.fd, web.fd])
    nntp.close()
    web.close()
    const client = new RawClient(connect(nntp.port, '127.0.0.1'))
    expect(await client.line()).to.match(/^201 /)
    client.send('QUIT\r\n')
    await client.rest()
    expect((await fetch(`http://127.0.0.1:${web.port}/`)).status).to.equal(200)
    await node.shows(new RegExp(`port ${nntp.port};`))
    node.signal('SIGTERM')
    expect(await node.ended).to.equal(0)
  })

  it('says what a descriptor is that cannot be listened on', async () => {
    await using folder = await temporaryDirectory()
    const web = await listener()
    await using node = await start(folder.path, 'web:nntp', [web.fd, 1])
    web.close()
    expect(await node.ended).to.equal(69)
    expect(node.err).to.match(/descriptor 4, handed over for listen\.nntp/)
  })
})
