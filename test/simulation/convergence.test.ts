/** Whole nodes in a simulated world: TIDINGS_SEEDS of them, 20 where it is not set, from TIDINGS_FIRST_SEED on. */
import { expect } from 'chai'
import { scaleOf } from './scale.ts'
import { type Report, simulate } from './simulate.ts'

const seeds = Number(process.env.TIDINGS_SEEDS ?? 20)
const first = Number(process.env.TIDINGS_FIRST_SEED ?? 1)
const isNightly = seeds > 20

describe('convergence', function () {
  this.timeout(isNightly ? 1_200_000 : 120_000)
  const reports: Report[] = []

  for (let seed = first; seed < first + seeds; seed++)
    it(`brings every article to every subscriber once: seed ${seed}`, async () => {
      const report = await simulate(seed, scaleOf(seed))
      reports.push(report)
      const replay = `to replay: node dist/test/simulation/run.js ${seed} -v`
      expect(report.wrong.slice(0, 10).join('\n'), replay).to.equal('')
    })

  it('replays a seed octet for octet', async () => {
    for (const { seed, digest, events } of reports.slice(0, 2)) {
      const again = await simulate(seed, scaleOf(seed))
      expect([again.digest, again.events], `seed ${seed}`).to.deep.equal([digest, events])
    }
  })

  after(() => {
    if (isNightly) for (const calm of [true, false]) console.log(summary(reports, calm))
  })
})

function summary(reports: readonly Report[], isCalm: boolean): string {
  const those = reports.filter(({ calm }) => calm === isCalm)
  const sum = (of: (report: Report) => number) => those.reduce((total, report) => total + of(report), 0)
  const [transfers, least] = [sum(report => report.transfers), sum(report => report.least)]
  const numbers = {
    seeds: those.length,
    nodes: sum(report => report.machines),
    articles: sum(report => report.posted),
    crashes: sum(report => report.crashes),
    transfers,
    duplicates: sum(report => report.duplicates),
    unwanted: sum(report => report.unwanted),
    least,
    ratio: (transfers / least).toFixed(3),
    tooOld: sum(report => report.tooOld),
  }
  return `${isCalm ? 'without' : 'with'} faults: ${JSON.stringify(numbers)}`
}
