import { systemClock } from '../../src/clock.ts'
import { apply } from '../../src/feed/apply/apply.ts'
import { silentLog } from '../../src/log.ts'
import { Storage } from '../../src/storage/storage.ts'
import { MapStore } from '../support/map-store.ts'
import { MortalClock } from '../support/mortal-clock.ts'
import { seeded } from '../support/seeded.ts'
import { type Moment, SimulatedNode } from './simulated-node.ts'

/**
 * A point: one moment of a node's life (before a change of its disk, behind one of its databases) and one choice of what
 * a power cut then leaves of all that was not synced. More with TIDINGS_CRASH_POINTS, one seed again with TIDINGS_SEED.
 */
const wanted = Number(process.env.TIDINGS_CRASH_POINTS ?? 500)
const first = Number(process.env.TIDINGS_SEED ?? Math.floor(Math.random() * 1e9))
const lives = 6
/** The part of the moments that are taken, and the points of each. */
const taken = 0.1
const choices = 12

/** What is left is opened as a start does, and holds what was promised until then. */
async function keepsPromises({ disk, stores, promises }: Moment, random: () => number): Promise<void> {
  const clock = new MortalClock(systemClock)
  const left = (store: MapStore) => store.left(random)
  const lost: Error[] = []
  const journal = disk.left(random)
  journal.capacity = Number.POSITIVE_INFINITY
  const storage = await Storage.open({
    disk: journal,
    stores: {
      articles: left(stores.articles),
      state: left(stores.state),
      // Everything in it can be made again.
      index: random() < 0.05 ? new MapStore() : left(stores.index),
    },
    clock,
    log: silentLog,
    apply,
    fatal: error => lost.push(error),
  })
  await storage.whole
  await promises.copy().check(storage)
  clock.die()
  if (lost[0] !== undefined) throw lost[0]
}

describe('a store that is left by a power cut', () => {
  it(`keeps what was acknowledged at ${wanted} points, from seed ${first} on`, async function () {
    this.timeout(60_000 + wanted * 20)
    let points = 0
    let moments = 0
    let acknowledged = 0
    for (let seed = first; points < wanted; seed++) {
      const random = seeded(seed + 0.5)
      let waiting: Moment[] = []
      const node = new SimulatedNode(seed, take => {
        if (random() < taken) waiting.push(take())
      })
      for (let life = 0; life < lives && points < wanted; life++) {
        await node.live()
        moments += waiting.length
        for (const moment of waiting)
          for (let choice = 0; choice < choices && points < wanted; choice++, points++)
            await keepsPromises(moment, random).catch(cause => {
              throw new Error(`TIDINGS_SEED=${seed}, point ${points}: ${cause.message}`, { cause })
            })
        waiting = []
      }
      acknowledged += node.promises.model.acknowledged
    }
    if (acknowledged < wanted / 50) throw new Error(`only ${acknowledged} acknowledged: this tests nothing`)
    if (wanted > 500)
      console.log(`      ${points} points of ${moments} moments, ${acknowledged} acknowledged`)
  })
})
