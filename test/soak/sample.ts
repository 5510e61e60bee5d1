/** What a node holds while nobody asks it for anything, and whether that grows with the articles it took. */
import { readdirSync, readlinkSync } from 'node:fs'
import { connect } from 'node:net'
import { systemClock } from '../../src/clock.ts'
import { RawClient } from '../support/raw-client.ts'

export interface Sample {
  /** Taken until then. */
  readonly articles: number
  /** heapUsed and external after a collection, octets. */
  readonly memory: number
  readonly timers: number
  /** Open descriptors; those of the store's own files are not counted, LevelDB opens and closes them. */
  readonly descriptors: number
}

export interface Sampled {
  readonly pid: number
  readonly probe: string
  readonly store: string
}

const patience = 100

/** Waits until the descriptors of clients that have gone are closed. */
export async function sample({ pid, probe, store }: Sampled, articles: number): Promise<Sample> {
  let descriptors = descriptorsOf(pid, store)
  for (let turn = 0, same = 0; turn < patience && same < 5; turn++) {
    await systemClock.sleep(100)
    const now = descriptorsOf(pid, store)
    same = now === descriptors ? same + 1 : 0
    descriptors = now
  }
  const { memory, timers } = JSON.parse(await new RawClient(connect(probe)).rest())
  return { articles, memory, timers, descriptors }
}

function descriptorsOf(pid: number, store: string): number {
  const folder = `/proc/${pid}/fd`
  return readdirSync(folder).filter(name => {
    try {
      return !readlinkSync(`${folder}/${name}`).startsWith(store)
    } catch {
      // Closed since it was listed.
      return false
    }
  }).length
}

/** Octets by which the memory grows with 100,000 articles: the straight line that fits best. */
export function slope(samples: readonly Sample[]): number {
  const mean = (of: (each: Sample) => number) =>
    samples.reduce((sum, each) => sum + of(each), 0) / samples.length
  const [x, y] = [mean(each => each.articles), mean(each => each.memory)]
  const product = mean(each => (each.articles - x) * (each.memory - y))
  const square = mean(each => (each.articles - x) ** 2)
  return (product / square) * 100_000
}

/** How many more there are in the last third of the run than in the first. */
export function growth(samples: readonly Sample[], of: (each: Sample) => number): number {
  const third = Math.max(1, Math.floor(samples.length / 3))
  return median(samples.slice(-third).map(of)) - median(samples.slice(0, third).map(of))
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
