import { expect } from 'chai'
import fc from 'fast-check'
import { DraftOverview } from '../../../src/storage/commit/draft-overview.ts'
import type { KeyRange } from '../../../src/storage/database/store.ts'
import { blockKey, runKey } from '../../../src/storage/keys.ts'
import { overviewLines } from '../../../src/storage/overview/overview.ts'
import { Block, blockSize, encodeBlock } from '../../../src/storage/overview/overview-block.ts'
import type { GroupId, NumberRange } from '../../../src/storage/reading.ts'
import { MemoryStore } from '../../support/memory-store.ts'

const group = 5 as GroupId
const lineOf = (number: number): Buffer => Buffer.from(`${number}\tsubject ${number}\r\n`)

describe('a sealed overview block', () => {
  const numbers = Array.from({ length: blockSize }, (_, slot) => 3 * blockSize + slot).filter(
    n => n % 7 !== 0,
  )
  const encoded = encodeBlock(numbers.map(number => ({ number, line: lineOf(number) })))

  it('slices any range out of itself', () => {
    const block = Block.decode(3, encoded)
    fc.assert(
      fc.property(fc.integer({ min: 380, max: 520 }), fc.integer({ min: 380, max: 520 }), (low, high) => {
        const expected = numbers.filter(number => number >= low && number <= high).map(lineOf)
        expect(block?.slice(low, high).toString()).to.equal(Buffer.concat(expected).toString())
      }),
    )
  })

  it('is refused with any octet changed', () => {
    for (let at = 0; at < encoded.length; at += 5) {
      const damaged = Buffer.from(encoded)
      damaged[at] = (damaged[at] ?? 0) ^ 0x10
      expect(Block.decode(3, damaged)).to.equal(undefined)
    }
  })
})

type Step = { add: number } | { remove: number } | 'commit'

/** What a list of steps leaves, by the plainest means. */
function oracle(steps: readonly Step[]): Map<number, Buffer> {
  const rows = new Map<number, Buffer>()
  for (const step of steps) {
    if (step === 'commit') continue
    if ('add' in step) rows.set(step.add, lineOf(step.add))
    else rows.delete(step.remove)
  }
  return rows
}

async function play(steps: readonly Step[]): Promise<MemoryStore> {
  const store = await MemoryStore.open()
  const undamaged = () => expect.fail('nothing is damaged here')
  let draft = new DraftOverview(store, undamaged)
  let high = 0
  const commit = async () => {
    await store.batch(draft.changes())
    draft = new DraftOverview(store, undamaged)
  }
  for (const step of steps) {
    if (step === 'commit') await commit()
    else if ('remove' in step) await draft.remove(group, step.remove)
    else {
      await draft.add(group, step.add, lineOf(step.add), high)
      high = Math.max(high, step.add)
    }
  }
  await commit()
  return store
}

async function read(store: MemoryStore, range: NumberRange): Promise<string> {
  const chunks: Buffer[] = []
  const damaged = () => expect.fail('nothing is damaged here')
  for await (const chunk of overviewLines({ index: store, damaged }, group, range)) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

/** Mostly ascending numbers with gaps, some late ones, some removals, commits anywhere. */
const stepsOf = (jumps: readonly number[]): Step[] => {
  const steps: Step[] = []
  const present: number[] = []
  let high = 0
  for (const jump of jumps) {
    if (jump % 11 === 0) steps.push('commit')
    else if (jump % 7 === 0 && present.length > 0)
      steps.push({ remove: present.splice(jump % present.length, 1)[0] ?? 0 })
    else {
      const late = jump % 5 === 0 && high > 10
      const number = late ? (jump % high) + 1 : high + 1 + (jump % 13 === 0 ? jump : 0)
      if (present.includes(number)) continue
      steps.push({ add: number })
      present.push(number)
      high = Math.max(high, number)
    }
  }
  return steps
}

describe('overview', () => {
  it('reads back what was written, whatever the order of numbers, removals and commits', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 400 }), { maxLength: 700, size: 'max' }),
        fc.nat(600),
        fc.nat(600),
        async (jumps, low, width) => {
          const steps = stepsOf(jumps)
          const store = await play(steps)
          const expected = [...oracle(steps)]
            .sort(([a], [b]) => a - b)
            .filter(([number]) => number >= low && number <= low + width)
            .map(([, line]) => line)
          expect(await read(store, { low, high: low + width })).to.equal(Buffer.concat(expected).toString())
        },
      ),
      { numRuns: 60 },
    ))

  it('seals a block when its last number comes, and keeps the open one as runs', async () => {
    const steps: Step[] = []
    for (let number = 1; number < 200; number++) {
      steps.push({ add: number })
      if (number % 10 === 0) steps.push('commit')
    }
    const store = await play(steps)
    const lengths: number[] = []
    for await (const keys of store.keys({})) lengths.push(...keys.map(key => key.length))
    expect(lengths.filter(length => length === 9)).to.have.length(1)
    // 128 to 130, then ten at a time: a run for each commit.
    expect(lengths.filter(length => length === 10)).to.have.length(8)
  })

  describe('of few lines', () => {
    const from1 = (last: number): Step[] => Array.from({ length: last }, (_, at) => ({ add: at + 1 }))
    const linesBetween = (low: number, high: number) =>
      Array.from({ length: high - low + 1 }, (_, at) => lineOf(low + at).toString()).join('')
    let store: MemoryStore
    let walks = 0
    /** Counts what is walked through. */
    const index = {
      get: (key: Buffer) => store.get(key),
      iterate: (range: KeyRange, batch?: number) => {
        walks += 1
        return store.iterate(range, batch)
      },
    }
    const readHere = async (range: NumberRange, damaged = (_: GroupId, __: number) => {}) => {
      walks = 0
      const chunks: Buffer[] = []
      for await (const chunk of overviewLines({ index, damaged }, group, range)) chunks.push(chunk)
      return Buffer.concat(chunks).toString()
    }
    beforeEach(async () => {
      store = await play(from1(600))
    })

    for (const [low, high] of [
      [1, 1],
      [1, 127],
      [120, 139],
      [128, 383],
      [511, 511],
    ] as const)
      it(`asks for full blocks by their keys: ${low} to ${high}`, async () => {
        expect(await readHere({ low, high })).to.equal(linesBetween(low, high))
        expect(walks).to.equal(0)
      })

    it('walks through more blocks, and through those that are not full', async () => {
      for (const [low, high] of [
        [100, 300],
        [500, 520],
        [590, 600],
      ] as const) {
        expect(await readHere({ low, high })).to.equal(linesBetween(low, high))
        expect(walks).to.equal(1)
      }
    })

    it('finds rows beside a sealed block that is not full', async () => {
      const part = [640, 641, 642].map(number => ({ number, line: lineOf(number) }))
      await store.batch([{ key: blockKey(group, 5), value: encodeBlock(part) }])
      const run = encodeBlock([{ number: 645, line: lineOf(645) }])
      await store.batch([{ key: runKey(group, 5, 5), value: run }])
      expect(await readHere({ low: 641, high: 645 })).to.equal(linesBetween(641, 642) + lineOf(645))
    })

    it('reports a full block that is damaged', async () => {
      const key = blockKey(group, 2)
      const value = Buffer.from((await store.get(key)) ?? '')
      value[value.length - 1] = 0
      await store.batch([{ key, value }])
      const reports: number[] = []
      const found = await readHere({ low: 255, high: 260 }, (_, block) => reports.push(block))
      expect(found).to.equal(linesBetween(255, 255))
      expect(reports).to.deep.equal([2])
    })
  })
})
