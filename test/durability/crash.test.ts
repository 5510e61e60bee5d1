import { SimulatedNode } from './simulated-node.ts'

/** More with TIDINGS_CRASHES, one seed again with TIDINGS_SEED. */
const wanted = Number(process.env.TIDINGS_CRASHES ?? 300)
const first = Number(process.env.TIDINGS_SEED ?? Math.floor(Math.random() * 1e9))
const lives = 8

describe('a whole node on simulated disks', () => {
  it(`keeps what it acknowledged over ${wanted} power cuts and kills, from seed ${first} on`, async function () {
    this.timeout(20_000 + wanted * 100)
    let crashes = 0
    let acknowledged = 0
    let expired = 0
    let withdrawn = 0
    for (let seed = first; crashes < wanted; seed++) {
      const node = new SimulatedNode(seed)
      try {
        for (let life = 0; life < lives; life++) await node.live()
        await node.finish()
      } catch (error) {
        throw new Error(`TIDINGS_SEED=${seed}: ${error instanceof Error ? error.message : error}`, {
          cause: error,
        })
      }
      crashes += node.crashes
      acknowledged += node.promises.model.acknowledged
      expired += node.promises.model.expired
      withdrawn += node.promises.withdrawals.carriedOut
    }
    if (acknowledged < wanted) throw new Error(`only ${acknowledged} acknowledged: this tests nothing`)
    if (withdrawn < wanted / 10) throw new Error(`only ${withdrawn} cancelled: this tests too little`)
    if (expired < wanted / 10) throw new Error(`only ${expired} expired: this tests too little`)
  })
})
