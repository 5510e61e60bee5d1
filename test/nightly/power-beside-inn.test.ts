import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { expect } from 'chai'
import { auditStore } from '../support/auditor/auditor.ts'
import { Inn, inn } from '../support/inn.ts'
import { LoopDisk } from '../support/loop-disk.ts'
import { needs } from '../support/needs.ts'
import { Program } from '../support/program.ts'
import { RawClient } from '../support/raw-client.ts'
import { temporaryDirectory } from '../support/temporary-directory.ts'

const count = Number(process.env.TIDINGS_POWER_ARTICLES ?? 20_000)
const octets = 1200 * 1024 * 1024
const feeder = 'feeder.example'
const group = 'local.power'
const inFlight = 100
const filler = `${'all work and no play '.repeat(3)}\r\n`.repeat(30)

function article(id: string): string {
  const date = new Date().toUTCString().replace('GMT', '+0000')
  return `Path: ${feeder}!not-for-mail\r\nFrom: a@b.example\r\nNewsgroups: ${group}\r\nSubject: ${id}\r\nDate: ${date}\r\nMessage-ID: ${id}\r\n\r\n${filler}.\r\n`
}

/** The ids that were answered 239. */
async function feed(port: number): Promise<Set<string>> {
  const client = new RawClient(connect(port, '127.0.0.1'))
  await client.line()
  client.send('MODE STREAM\r\n')
  await client.line()
  const acknowledged = new Set<string>()
  let sent = 0
  while (acknowledged.size < count) {
    while (sent < count && sent - acknowledged.size < inFlight) {
      const id = `<${++sent}.${process.pid}@power.example>`
      client.send(`TAKETHIS ${id}\r\n${article(id)}`)
    }
    const line = await client.line()
    const [code, id = ''] = line.split(' ')
    if (code !== '239') throw new Error(line)
    acknowledged.add(id)
  }
  client.destroy()
  return acknowledged
}

/** Of INN's spool: the files that are there and whole, whether its history knows them or not. */
async function inSpool(folder: string): Promise<Set<string>> {
  const found = new Set<string>()
  for (const name of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!name.isFile()) continue
    const text = await readFile(join(name.parentPath, name.name), 'latin1')
    const id = /^Message-ID: (\S+)/m.exec(text)?.[1]
    if (id !== undefined && text.length > filler.length) found.add(id)
  }
  return found
}

describe('the power goes right after the last acknowledgement', () => {
  before(function () {
    needs(this, inn)
  })

  it(`of ${count} articles: Tidings has them all; what INN has is told`, async function () {
    this.timeout(600_000)
    await using home = await temporaryDirectory()
    await using disk = await LoopDisk.make({ home: home.path, kind: 'ext4', octets })
    if (disk === undefined) return this.skip()

    const data = join(disk.path, 'data')
    const file = join(home.path, 'tidings.toml')
    await writeFile(
      file,
      `node = { data = "${data}" }
      listen = { nntp = ["127.0.0.1:0"], web = [], admin = [], control = "run/control.sock" }
      group = [{ name = "${group}" }]
      peer = [{ name = "${feeder}", from = ["127.0.0.1"], accept = "*" }]`,
    )
    const node = new Program(['--config', file, 'start'])
    const ours = await feed(Number((await node.shows(/port (\d+)/))[1]))
    disk.cutPower()
    node.signal('SIGKILL')
    await node.ended
    disk.remount()
    const report = await auditStore(data, ours)

    // INN runs as a user of its own.
    await chmod(home.path, 0o755)
    const folder = join(disk.path, 'inn')
    await mkdir(folder)
    const server = await Inn.start({
      name: 'inn.example',
      groups: [group],
      peers: [{ name: feeder, address: '127.0.0.1', port: 9 }],
      folder,
    })
    disk.sync()
    const theirs = await feed(server.port)
    disk.cutPower()
    await server.kill()
    disk.remount()
    const kept = await inSpool(join(folder, 'spool/articles'))
    const lost = [...theirs].filter(id => !kept.has(id)).length
    console.log(`      acknowledged ${count} each; lost: Tidings 0, INN ${lost}`)
    expect(report.faults).to.deep.equal([])
    expect(report.articles).to.equal(count)
  })
})
