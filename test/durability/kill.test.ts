import { expect } from 'chai'
import { seeded } from '../support/seeded.ts'
import { temporaryDirectory } from '../support/temporary-directory.ts'
import { Victim } from './victim.ts'

/** More with TIDINGS_KILLS, one seed again with TIDINGS_SEED. */
const kills = Number(process.env.TIDINGS_KILLS ?? 10)
const first = Number(process.env.TIDINGS_SEED ?? Math.floor(Math.random() * 1e9))
/** Of one store: a look at all of it takes longer with each. */
const killsOfStore = 25

interface Totals {
  sent: number
  acknowledged: number
  expired: number
  imports: number
}

/** Where there are many stores, all of one is looked at when its lives are over, and at each start some of it. */
async function killedStore(seed: number, lives: number): Promise<Totals> {
  await using home = await temporaryDirectory()
  const depth = kills > killsOfStore ? { newest: 300, some: 300, random: seeded(seed) } : 'all'
  const victim = new Victim({ home: home.path, seed, depth })
  await victim.prepare()
  for (let life = 0; life < lives; life++) {
    await victim.liveAndDie()
    if (depth === 'all') await victim.auditStopped()
    expect(victim.faults, `TIDINGS_SEED=${seed}, kill ${life + 1}`).to.deep.equal([])
  }
  await victim.auditStopped()
  await victim.restInPeace()
  expect(victim.faults, `TIDINGS_SEED=${seed}`).to.deep.equal([])
  const { sent, acknowledged, expired } = victim.recorder
  return { sent: sent.size, acknowledged: acknowledged.size, expired, imports: victim.imports }
}

describe('a node that is killed', () => {
  it(`${kills} times while articles come in (seed ${first}) keeps all it acknowledged, and each number its article`, async function () {
    this.timeout(60_000 + kills * 20_000)
    const totals: Totals = { sent: 0, acknowledged: 0, expired: 0, imports: 0 }
    for (let done = 0, seed = first; done < kills; seed++) {
      const lives = Math.min(killsOfStore, kills - done)
      const of = await killedStore(seed, lives)
      for (const what of ['sent', 'acknowledged', 'expired', 'imports'] as const) totals[what] += of[what]
      done += lives
      if (kills > killsOfStore) console.log(`      ${done} kills, ${totals.acknowledged} acknowledged`)
    }
    const { sent, acknowledged, expired, imports } = totals
    expect(acknowledged, 'acknowledged').to.be.greaterThan(kills * 20)
    if (kills >= 10) expect(expired, 'expired').to.be.greaterThan(kills)
    console.log(
      `      ${kills} kills, ${sent} sent, ${acknowledged} acknowledged (${imports} imports), ${expired} expired, lost 0`,
    )
  })
})
