import { readFile, writeFile } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { expect } from 'chai'
import { fewDescriptors } from '../../src/server/surroundings.ts'
import { checkDescriptors, UnusableData } from '../../src/storage/opening/data-directory.ts'
import { Program } from '../support/program.ts'
import { RawClient } from '../support/raw-client.ts'
import { temporaryDirectory } from '../support/temporary-directory.ts'

const settings = `
  node = { path_identity = "node.example", data = "data" }
  listen = { nntp = ["127.0.0.1:0"], web = [], admin = [], control = "run/control.sock" }
  group = [{ name = "local.test" }]
  access = [{ read = "*", post = "*" }]
  log = { file = "log" }
`

async function node(descriptors: number) {
  const directory = await temporaryDirectory()
  const file = join(directory.path, 'tidings.toml')
  await writeFile(file, settings)
  const program = new Program(['--config', file, 'start'], {
    under: ['sh', '-c', `ulimit -n ${descriptors} && exec "$@"`, 'sh'],
  })
  return {
    program,
    log: () => readFile(join(directory.path, 'log'), 'utf8'),
    [Symbol.asyncDispose]: async () => {
      await program[Symbol.asyncDispose]()
      await directory[Symbol.asyncDispose]()
    },
  }
}

async function post(client: RawClient): Promise<string> {
  client.send('POST\r\n')
  await client.line()
  client.send('From: a@example.org\r\nNewsgroups: local.test\r\nSubject: s\r\n\r\nx\r\n.\r\n')
  return client.line()
}

/** Resolves with the first octets the server sends, or '' where it closes without any. */
const greeted = (socket: Socket): Promise<string> =>
  new Promise(resolve => {
    socket.once('data', chunk => resolve(chunk.toString('latin1')))
    socket.once('close', () => resolve(''))
    socket.once('error', () => resolve(''))
  })

describe('attack 19: all file descriptors', () => {
  it('1,000 clients at a node with 256 do not reach its storage, and it takes others when they go', async function () {
    this.timeout(60_000)
    await using site = await node(256)
    const [, port] = await site.program.shows(/port (\d+);[\s\S]*Ctrl-C stops it/)
    const open = () => connect(Number(port), '127.0.0.1')
    const honest = new RawClient(open())
    expect(await honest.line()).to.match(/^200 /)
    const flood = Array.from({ length: 1000 }, open)
    const answers = await Promise.all(flood.map(greeted))
    const served = answers.filter(answer => answer.startsWith('200 ')).length
    expect(served).to.be.within(50, 192)
    expect(answers.filter(answer => answer.startsWith('400 ')).length).to.be.greaterThan(500)
    for (let i = 0; i < 20; i++) expect(await post(honest)).to.match(/^240 /)
    for (const socket of flood) socket.destroy()
    let late = ''
    while (!late.startsWith('200 ')) {
      const socket = open()
      late = await greeted(socket)
      socket.destroy()
    }
    expect(await post(honest)).to.match(/^240 /)
    honest.destroy()
    expect(await site.log()).to.not.match(/EMFILE|too many open files/i)
    site.program.signal('SIGTERM')
    expect(await site.program.ended).to.equal(0)
  })

  it('a store is not opened with too few, and too few for the clients are told', () => {
    expect(() => checkDescriptors({ limit: 1024, used: 900 })).to.throw(UnusableData, 'only 124 of 1024')
    checkDescriptors({ limit: 1024, used: 896 })
    expect(fewDescriptors(900, { limit: 1024, used: 60 })).to.equal(undefined)
    expect(fewDescriptors(901, { limit: 1024, used: 60 })).to.contain('allow for 900')
  })
})
