/**
 * Prints, as JSON, the most that each target does for 64 kB of its own words. A process of its own: functions that were
 * compiled before the counting began are counted only as a whole.
 */
import { WorkCounter } from './work.ts'

export interface Most {
  readonly target: string
  readonly word: string
  /** Parts of functions that were run. */
  readonly work: number
}

const size = 65_536

async function count(): Promise<Most[]> {
  using counter = new WorkCounter()
  const { targets } = await import('./targets.ts')
  const found: Most[] = []
  for (const { name, seeds, words, run } of targets) {
    let most: Most = { target: name, word: '', work: 0 }
    for (const part of [...seeds, ...words.map(word => Buffer.from(word, 'latin1'))]) {
      counter.take()
      await run([Buffer.alloc(size, part)])
      const work = counter.take()
      if (work > most.work) most = { target: name, word: part.toString('latin1').slice(0, 40), work }
    }
    found.push(most)
  }
  return found
}

process.stdout.write(JSON.stringify(await count()))
