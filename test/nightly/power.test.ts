import { spawnSync } from 'node:child_process'
import { mkdir, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { Victim } from '../durability/victim.ts'
import type { Program } from '../support/program.ts'
import { type TemporaryDirectory, temporaryDirectory } from '../support/temporary-directory.ts'

/** Half of them on each file system; one seed again with TIDINGS_SEED. */
const cuts = Number(process.env.TIDINGS_POWER_CUTS ?? 200)
const first = Number(process.env.TIDINGS_SEED ?? Math.floor(Math.random() * 1e9))
const imageOctets = 600 * 1024 * 1024

/** A file system in a file, whose power can be cut: what was not synced is gone, as on a machine. */
class Disk implements AsyncDisposable {
  readonly path: string
  readonly #image: string

  private constructor(home: string) {
    this.path = join(home, 'disk')
    this.#image = join(home, 'image')
  }

  /** Undefined where this machine cannot do it. */
  static async make(home: string, kind: 'ext4' | 'xfs'): Promise<Disk | undefined> {
    const disk = new Disk(home)
    await mkdir(disk.path)
    await writeFile(disk.#image, '')
    await truncate(disk.#image, imageOctets)
    const quiet = kind === 'ext4' ? ['-q', '-F'] : ['-q', '-f']
    if (!succeeds(`mkfs.${kind}`, ...quiet, disk.#image)) return undefined
    if (!disk.#mount()) return undefined
    return disk
  }

  /** Nothing reaches the disk from now on; then the machine starts again. */
  async cut(node: Program): Promise<void> {
    run('xfs_io', '-x', '-c', 'shutdown', this.path)
    node.signal('SIGKILL')
    await node.ended
    run('umount', this.path)
    if (!this.#mount()) throw new Error(`${this.path} cannot be mounted again`)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    run('umount', this.path)
  }

  #mount(): boolean {
    return succeeds('mount', '-o', 'loop', this.#image, this.path)
  }
}

const succeeds = (command: string, ...words: string[]) => spawnSync(command, words).status === 0

function run(command: string, ...words: string[]): void {
  const { status, stderr, error } = spawnSync(command, words, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command} ${words.join(' ')}: ${error?.message ?? stderr}`)
}

async function suffer(home: TemporaryDirectory, disk: Disk, seed: number): Promise<string> {
  const die = (node: Program) => disk.cut(node)
  const victim = new Victim({ home: home.path, data: join(disk.path, 'data'), seed, die })
  await victim.prepare()
  for (let cut = 1; cut <= cuts / 2; cut++) {
    await victim.liveAndDie()
    expect(victim.faults, `TIDINGS_SEED=${first}, cut ${cut}`).to.deep.equal([])
  }
  await victim.restInPeace()
  expect(victim.faults, `TIDINGS_SEED=${first}`).to.deep.equal([])
  const { acknowledged, sent } = victim.recorder
  expect(acknowledged.size, 'acknowledged').to.be.greaterThan(cuts * 5)
  return `${cuts / 2} cuts, ${sent.size} sent, ${acknowledged.size} acknowledged, lost 0`
}

describe('a node whose power is cut', () => {
  for (const [at, kind] of (['ext4', 'xfs'] as const).entries())
    it(`keeps what it acknowledged on ${kind} over ${cuts / 2} cuts (seed ${first})`, async function () {
      this.timeout(60_000 + cuts * 15_000)
      await using home = await temporaryDirectory()
      await using disk = succeeds('xfs_io', '-V') ? await Disk.make(home.path, kind) : undefined
      if (disk === undefined) {
        console.log(`      skipped: needs root, loop devices and xfs_io: apt-get install xfsprogs e2fsprogs`)
        return this.skip()
      }
      console.log(`      ${await suffer(home, disk, first + at)}`)
    })
})
