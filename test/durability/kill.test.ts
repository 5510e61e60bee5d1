import { expect } from 'chai'
import { temporaryDirectory } from '../support/temporary-directory.ts'
import { Victim } from './victim.ts'

/** More with TIDINGS_KILLS, one seed again with TIDINGS_SEED. */
const kills = Number(process.env.TIDINGS_KILLS ?? 10)
const seed = Number(process.env.TIDINGS_SEED ?? Math.floor(Math.random() * 1e9))

describe('a node that is killed', () => {
  it(`${kills} times while articles come in (seed ${seed}) keeps all it acknowledged, and each number its article`, async function () {
    this.timeout(60_000 + kills * 10_000)
    await using home = await temporaryDirectory()
    const victim = new Victim({ home: home.path, seed })
    await victim.prepare()
    for (let life = 0; life < kills; life++) {
      await victim.liveAndDie()
      await victim.auditStopped()
      expect(victim.faults, `TIDINGS_SEED=${seed}, kill ${life + 1}`).to.deep.equal([])
    }
    await victim.restInPeace()
    expect(victim.faults, `TIDINGS_SEED=${seed}`).to.deep.equal([])
    const { acknowledged, sent } = victim.recorder
    expect(acknowledged.size, 'acknowledged').to.be.greaterThan(kills * 20)
    const { expired } = victim.recorder
    if (kills >= 10) expect(expired, 'expired').to.be.greaterThan(kills)
    console.log(
      `      ${kills} kills, ${sent.size} sent, ${acknowledged.size} acknowledged (${victim.imports} imports), ${expired} expired, lost 0`,
    )
  })
})
