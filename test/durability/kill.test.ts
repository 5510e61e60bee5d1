import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { systemClock } from '../../src/clock.ts'
import { Program } from '../support/program.ts'
import { seeded } from '../support/seeded.ts'
import { temporaryDirectory } from '../support/temporary-directory.ts'
import { auditOverNntp } from './auditor.ts'
import {
  asking,
  batched,
  groups,
  importing,
  offering,
  peerName,
  posting,
  reading,
  sketch,
  streaming,
  type Target,
} from './load.ts'
import { Recorder } from './recorder.ts'

/** More with TIDINGS_KILLS, one seed again with TIDINGS_SEED. */
const kills = Number(process.env.TIDINGS_KILLS ?? 10)
const seed = Number(process.env.TIDINGS_SEED ?? Math.floor(Math.random() * 1e9))

const settings = `
  node = { path_identity = "node.example", data = "data" }
  listen = { nntp = ["127.0.0.1:0"], web = [], admin = [], control = "run/control.sock" }
  group = [${groups.map(name => `{ name = "${name}" }`).join(', ')}]
  access = [{ read = "*", post = "*" }]
  peer = [{ name = "${peerName}", from = ["127.0.0.1"], accept = "*" }]
`

const importedPerLife = 300

/** A node that is killed again and again, and what its clients were told. */
class Victim {
  readonly recorder = new Recorder()
  readonly faults: string[] = []
  imports = 0
  readonly #random = seeded(seed)
  readonly #home: string
  #life = 0

  constructor(home: string) {
    this.#home = home
  }

  async prepare(): Promise<void> {
    await mkdir(join(this.#home, 'batches'))
    await writeFile(join(this.#home, 'tidings.toml'), settings)
  }

  /** Starts the node, audits it, loads it and kills it in the middle. */
  async liveAndDie(): Promise<void> {
    await using node = this.#program('start')
    // One in five does not live to serve anybody: its replay is killed.
    if (this.#life++ > 0 && this.#random() < 0.2) await systemClock.sleep(this.#random() * 600)
    else await this.#load(node)
    node.signal('SIGKILL')
    await node.ended
  }

  /** The last start: everything must be there, and the node must stop cleanly. */
  async restInPeace(): Promise<void> {
    await using node = this.#program('start')
    const target = await this.#target(node)
    await this.#audit(target)
    node.signal('SIGTERM')
    expect(await node.ended, node.err).to.equal(0)
  }

  async #load(node: Program): Promise<void> {
    const target = await this.#target(node)
    await this.#audit(target)
    const name = (kind: string) => `${kind}.${this.#life}`
    const clients = [
      posting(target, name('a')),
      posting(target, name('b')),
      posting(target, name('c')),
      offering(target, name('d')),
      streaming(target, name('e')),
      streaming(target, name('f')),
      reading(target, this.faults),
      this.#import(target),
    ]
    const enough = 10 + Math.floor(this.#random() * 600)
    await Promise.race([this.recorder.more(enough), Promise.all(clients)])
    node.signal('SIGKILL')
    await node.ended
    await Promise.all(clients)
  }

  async #audit(target: Target): Promise<void> {
    await asking(target)
    this.faults.push(...(await auditOverNntp(target.port, this.recorder)))
  }

  async #import(target: Target): Promise<void> {
    const articles = Array.from({ length: importedPerLife }, (_, at) =>
      sketch(target, `i.${this.#life}.${at}`),
    )
    const file = join(this.#home, 'batches', String(this.#life))
    await writeFile(file, articles.map(batched).join(''))
    const socket = join(this.#home, 'run', 'control.sock')
    if (await importing(target, { socket, file, articles })) this.imports++
  }

  async #target(node: Program): Promise<Target> {
    const [, port] = await node.shows(/port (\d+)/)
    return { port: Number(port), recorder: this.recorder, random: this.#random }
  }

  #program(...words: string[]): Program {
    return new Program(['--config', join(this.#home, 'tidings.toml'), ...words])
  }
}

describe('a node that is killed', () => {
  it(`${kills} times while articles come in (seed ${seed}) keeps all it acknowledged, and each number its article`, async function () {
    this.timeout(60_000 + kills * 10_000)
    await using home = await temporaryDirectory()
    const victim = new Victim(home.path)
    await victim.prepare()
    for (let life = 0; life < kills; life++) {
      await victim.liveAndDie()
      expect(victim.faults, `TIDINGS_SEED=${seed}, kill ${life + 1}`).to.deep.equal([])
    }
    await victim.restInPeace()
    expect(victim.faults, `TIDINGS_SEED=${seed}`).to.deep.equal([])
    const { acknowledged, sent } = victim.recorder
    expect(acknowledged.size, 'acknowledged').to.be.greaterThan(kills * 20)
    console.log(
      `      ${kills} kills, ${sent.size} sent, ${acknowledged.size} acknowledged (${victim.imports} imports), lost 0`,
    )
  })
})
