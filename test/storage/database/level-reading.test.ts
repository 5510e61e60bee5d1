import { expect } from 'chai'
import { type LevelDatabase, readPairs, type Source } from '../../../src/storage/database/level-reading.ts'
import type { KeyRange } from '../../../src/storage/database/store.ts'
import { rejection } from '../../support/rejection.ts'

const keyOf = (number: number): Buffer => Buffer.of(number)

/** Keys 0 to `last`; says what was asked of it. */
class Numbers {
  readonly #last: number
  readonly #failsAt: number
  /** First keys of the batches that were asked for. */
  readonly asked: number[] = []
  closed = 0

  constructor(last: number, failsAt = Number.POSITIVE_INFINITY) {
    this.#last = last
    this.#failsAt = failsAt
  }

  iterator({ gte, gt }: KeyRange) {
    let next = gt === undefined ? (gte?.[0] ?? 0) : (gt[0] ?? 0) + 1
    return {
      nextv: async (size: number): Promise<[Buffer, Buffer][]> => {
        this.asked.push(next)
        if (next >= this.#failsAt) throw new Error(`no key ${next}`)
        const found: [Buffer, Buffer][] = []
        while (found.length < size && next <= this.#last) found.push([keyOf(next), keyOf(next++)])
        return found
      },
      close: async () => {
        this.closed += 1
      },
    }
  }
}

const sourceOf = (database: () => Numbers): Source => ({
  database: () => database() as Partial<LevelDatabase> as LevelDatabase,
})

async function keysOf(source: Source, batch: number, each?: (keys: number[]) => void): Promise<number[]> {
  const keys: number[] = []
  for await (const pairs of readPairs(source, {}, batch)) {
    keys.push(...pairs.map(({ key }) => key[0] ?? -1))
    each?.(keys)
  }
  return keys
}

describe('walking through a level database', () => {
  it('fetches a batch ahead of who comes a second time, and none for who takes one', async () => {
    const database = new Numbers(9)
    const asked: number[][] = []
    const keys = await keysOf(
      sourceOf(() => database),
      3,
      () => asked.push([...database.asked]),
    )
    expect(keys).to.deep.equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(asked).to.deep.equal([[0], [0, 3, 6], [0, 3, 6, 9], [0, 3, 6, 9, 10]])
    expect(database.closed).to.equal(1)
  })

  it('forgets what it fetched from a handle that was exchanged', async () => {
    const [old, fresh] = [new Numbers(9), new Numbers(9)]
    let current = old
    const keys = await keysOf(
      sourceOf(() => current),
      3,
      taken => {
        if (taken.length === 6) current = fresh
      },
    )
    expect(keys).to.deep.equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(old.asked).to.deep.equal([0, 3, 6])
    expect(fresh.asked[0]).to.equal(6)
  })

  it('tells a failure ahead to who goes on, and to nobody who has enough', async () => {
    const source = sourceOf(() => new Numbers(9, 6))
    const error = await rejection(keysOf(source, 3))
    expect(error).to.have.property('message', 'no key 6')
    const taken: number[] = []
    for await (const pairs of readPairs(source, {}, 3)) {
      taken.push(pairs.length)
      if (taken.length === 2) break
    }
    expect(taken).to.deep.equal([3, 3])
  })
})
