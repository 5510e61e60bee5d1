import { join } from 'node:path'
import { expect } from 'chai'
import { Victim } from '../durability/victim.ts'
import { LoopDisk } from '../support/loop-disk.ts'
import type { Program } from '../support/program.ts'
import { temporaryDirectory } from '../support/temporary-directory.ts'

/** Half of them on each file system; one seed again with TIDINGS_SEED. */
const cuts = Number(process.env.TIDINGS_POWER_CUTS ?? 200)
const seed = Number(process.env.TIDINGS_SEED ?? Math.floor(Math.random() * 1e9))
const octets = 600 * 1024 * 1024

async function suffer(home: string, disk: LoopDisk): Promise<string> {
  const die = async (node: Program) => {
    disk.cutPower()
    node.signal('SIGKILL')
    await node.ended
    disk.remount()
  }
  const victim = new Victim({ home, data: join(disk.path, 'data'), seed, die })
  await victim.prepare()
  for (let cut = 1; cut <= cuts / 2; cut++) {
    await victim.liveAndDie()
    expect(victim.faults, `TIDINGS_SEED=${seed}, cut ${cut}`).to.deep.equal([])
  }
  await victim.restInPeace()
  expect(victim.faults, `TIDINGS_SEED=${seed}`).to.deep.equal([])
  const { acknowledged, sent } = victim.recorder
  expect(acknowledged.size, 'acknowledged').to.be.greaterThan(cuts * 5)
  return `${cuts / 2} cuts, ${sent.size} sent, ${acknowledged.size} acknowledged, lost 0`
}

describe('a node whose power is cut', () => {
  for (const kind of ['ext4', 'xfs'] as const)
    it(`keeps what it acknowledged on ${kind} over ${cuts / 2} cuts (seed ${seed})`, async function () {
      this.timeout(60_000 + cuts * 15_000)
      await using home = await temporaryDirectory()
      await using disk = await LoopDisk.make({ home: home.path, kind, octets })
      if (disk === undefined) return this.skip()
      console.log(`      ${await suffer(home.path, disk)}`)
    })
})
