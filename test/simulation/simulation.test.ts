import { expect } from 'chai'
import { simulate } from './simulate.ts'

const scale = { mostMachines: 12, mostPosts: 40 }
/** 20 in `npm test`; `npm run test:nightly` sets more. A seed that fails replays with dist/test/simulation/run.js. */
const seeds = Number(process.env.TIDINGS_SEEDS ?? 20)

describe(`a simulation of whole nodes, seeds 1 to ${seeds}`, function () {
  this.timeout(120_000)

  for (let seed = 1; seed <= seeds; seed++)
    it(`seed ${seed} ends with each article on each subscribing node exactly once`, async () => {
      const { wrong } = await simulate(seed, scale)
      expect(wrong).to.deep.equal([])
    })

  it('gives the same events for the same seed', async () => {
    const first = await simulate(7, scale)
    const second = await simulate(7, scale)
    expect(second).to.deep.equal(first)
  })
})
