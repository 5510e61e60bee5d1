/** TIDINGS_SOAK_MINUTES of mixed load with faults; seconds where it is not set, which only see that the load runs. */
import { expect } from 'chai'
import { temporaryDirectory } from '../support/temporary-directory.ts'
import { growth, type Sample, slope } from './sample.ts'
import { soak } from './soak.ts'

const minutes = Number(process.env.TIDINGS_SOAK_MINUTES ?? 0)
const seed = Number(process.env.TIDINGS_SEED ?? Math.floor(Math.random() * 1e9))
const mebi = 1024 * 1024
/** A tail of 64 MiB and caches fill first. */
const warmUp = 0.25

const line = ({ articles, memory, timers, descriptors }: Sample) =>
  `      ${articles} articles: ${(memory / mebi).toFixed(2)} MiB, ${timers} timers, ${descriptors} descriptors`

describe('a soak', function () {
  this.timeout(60_000 + minutes * 120_000)

  it('would notice a leak', () => {
    const leaking = (octets: number) =>
      Array.from({ length: 30 }, (_, at) => ({
        articles: at * 10_000,
        memory: 100 * mebi + at * 10_000 * octets + (at % 3) * mebi,
        timers: 20 + (at % 2),
        descriptors: 30 + at,
      }))
    expect(slope(leaking(0)) / mebi).to.be.within(-0.5, 0.5)
    expect(slope(leaking(20)) / mebi).to.be.greaterThan(1)
    expect(growth(leaking(0), each => each.timers)).to.be.within(-1, 1)
    expect(growth(leaking(0), each => each.descriptors)).to.be.greaterThan(10)
  })

  it(`of ${minutes} minutes (seed ${seed})`, async () => {
    await using home = await temporaryDirectory()
    const [seconds, looks] = minutes > 0 ? [minutes * 60, Math.max(12, minutes * 2)] : [3, 2]
    const seen: Sample[] = []
    const told = (each: Sample) => {
      seen.push(each)
      const warm = seen.slice(Math.floor(looks * warmUp))
      if (minutes > 0) console.log(line(each), warm.length > 2 ? (slope(warm) / mebi).toFixed(3) : '')
    }
    const { samples, counts, errors, code } = await soak({ home: home.path, seconds, looks, seed, told })
    expect(errors, 'log').to.deep.equal([])
    expect(code).to.equal(0)
    for (const what of ['article', 'post', 'read', 'page', 'visit', 'reload', 'expire', 'offered'])
      expect(counts.get(what) ?? 0, what).to.be.greaterThan(0)
    expect(samples).to.have.length(looks)
    if (minutes === 0) return
    const warm = samples.slice(Math.floor(looks * warmUp))
    console.log(`      ${JSON.stringify(Object.fromEntries(counts))}`)
    console.log(`      ${(slope(warm) / mebi).toFixed(3)} MiB in 100,000 articles`)
    expect(slope(warm) / mebi, 'MiB in 100,000 articles').to.be.lessThan(1)
    expect(
      growth(warm, each => each.timers),
      'timers',
    ).to.be.lessThan(4)
    expect(
      growth(warm, each => each.descriptors),
      'descriptors',
    ).to.be.lessThan(4)
  })
})
