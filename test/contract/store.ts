/** What every `Store` does. */
import { expect } from 'chai'
import type { KeyRange, Put, Store } from '../../src/storage/database/store.ts'
import { SnapshotLost, StoreClosed } from '../../src/storage/database/store-error.ts'
import { rejection } from '../support/rejection.ts'

const bytes = (text: string) => Buffer.from(text, 'latin1')
const put = (key: string, value: string): Put => ({ key: bytes(key), value: bytes(value) })
const remove = (key: string) => ({ key: bytes(key), value: undefined })

async function all<T>(batches: AsyncIterable<readonly T[]>): Promise<T[]> {
  const items: T[] = []
  for await (const batch of batches) items.push(...batch)
  return items
}

async function pairsOf(
  store: Pick<Store, 'iterate'>,
  range: KeyRange = {},
  batch?: number,
): Promise<string[]> {
  const pairs = await all(store.iterate(range, batch))
  return pairs.map(({ key, value }) => `${key}=${value}`)
}

const letters = [...'abcdefgh']

export interface StoreMaker {
  /** A new, empty store. */
  make(): Promise<Store>
  /** The same one after a close. */
  again(): Promise<Store>
  /** Whether what was not flushed is there `again`. */
  readonly keeps: boolean
}

export function storeContract({ make, again, keeps }: StoreMaker): void {
  let store: Store
  beforeEach(async () => {
    store = await make()
  })
  afterEach(() => store.close())

  describe('reads and writes', () => {
    it('gives back what was put, and undefined for what was not', async () => {
      await store.batch([put('a', '1'), put('b', '')])
      expect(await store.get(bytes('a'))).to.deep.equal(bytes('1'))
      expect(await store.get(bytes('b'))).to.deep.equal(bytes(''))
      expect(await store.get(bytes('c'))).to.equal(undefined)
      const many = await store.getMany([bytes('b'), bytes('c'), bytes('a')])
      expect(many).to.deep.equal([bytes(''), undefined, bytes('1')])
      expect(await store.getMany([])).to.deep.equal([])
    })

    it('keeps every octet', async () => {
      const octets = Buffer.from(Array.from({ length: 256 }, (_, octet) => octet))
      await store.batch([{ key: octets, value: octets }])
      expect(await store.get(octets)).to.deep.equal(octets)
    })

    it('applies the changes of a batch in order', async () => {
      await store.batch([put('a', '1'), remove('a'), put('b', '1'), put('b', '2'), remove('c')])
      expect(await pairsOf(store)).to.deep.equal(['b=2'])
      await store.batch([])
      await store.batch([remove('b')])
      expect(await pairsOf(store)).to.deep.equal([])
    })

    it('writes batches in the order of the calls', async () => {
      await Promise.all(Array.from({ length: 50 }, (_, turn) => store.batch([put('a', String(turn))])))
      expect(await store.get(bytes('a'))).to.deep.equal(bytes('49'))
    })

    it('keeps nothing of the buffers it was given', async () => {
      const change = put('a', 'before')
      await store.batch([change])
      change.value.fill('x')
      change.key.fill('x')
      expect(await pairsOf(store)).to.deep.equal(['a=before'])
    })
  })

  describe('ranges', () => {
    beforeEach(() => store.batch(letters.map(letter => put(letter, letter.toUpperCase()))))

    const ranges: [string, KeyRange, string][] = [
      ['all', {}, 'abcdefgh'],
      ['from', { gte: bytes('c') }, 'cdefgh'],
      ['behind', { gt: bytes('c') }, 'defgh'],
      ['to', { lte: bytes('c') }, 'abc'],
      ['before', { lt: bytes('c') }, 'ab'],
      ['between', { gt: bytes('b'), lt: bytes('e') }, 'cd'],
      ['prefix', { gte: bytes('c'), lt: bytes('c\xff') }, 'c'],
      ['nothing', { gt: bytes('h') }, ''],
      ['limit', { limit: 3 }, 'abc'],
      ['limit 0', { limit: 0 }, ''],
      ['reverse', { reverse: true }, 'hgfedcba'],
      ['reverse with a limit', { reverse: true, lte: bytes('d'), limit: 2 }, 'dc'],
      ['reverse between', { reverse: true, gte: bytes('b'), lt: bytes('e') }, 'dcb'],
    ]
    for (const [name, range, expected] of ranges) {
      it(`iterates ${name}`, async () => {
        for (const batch of [undefined, 1, 2, 3, 100]) {
          const pairs = [...expected].map(letter => `${letter}=${letter.toUpperCase()}`)
          expect(await pairsOf(store, range, batch)).to.deep.equal(pairs)
          const keys = await all(store.keys(range, batch))
          expect(keys.join('')).to.equal(expected)
        }
      })
    }

    it('orders keys by their octets', async () => {
      await store.batch([put('\x00', ''), put('\xff', ''), put('a\x00', ''), put('\x7f', '')])
      const keys = await all(store.keys({}))
      expect(keys).to.deep.equal([...keys].sort(Buffer.compare))
      expect(keys[0]).to.deep.equal(bytes('\x00'))
      expect(keys.at(-1)).to.deep.equal(bytes('\xff'))
    })

    it('gives batches of at most the size asked for', async () => {
      for await (const batch of store.iterate({}, 3)) expect(batch.length).to.be.within(1, 3)
      for await (const batch of store.keys({}, 3)) expect(batch.length).to.be.within(1, 3)
    })

    it('may be left in the middle', async () => {
      for await (const batch of store.iterate({}, 2)) {
        expect(batch).to.have.length(2)
        break
      }
      expect(await all(store.keys({}))).to.have.length(8)
    })

    it('does not see writes that come after its first batch', async () => {
      const seen: string[] = []
      for await (const batch of store.keys({}, 4)) {
        seen.push(...batch.map(String))
        await store.batch([put('z', ''), remove('h')])
      }
      expect(seen.join('')).to.equal('abcdefgh')
    })
  })

  describe('snapshots', () => {
    it('see what was there when they were taken', async () => {
      await store.batch([put('a', '1'), put('b', '2')])
      await using snapshot = store.snapshot()
      await store.batch([put('a', 'new'), remove('b'), put('c', '3')])
      expect(await snapshot.get(bytes('a'))).to.deep.equal(bytes('1'))
      const many = await snapshot.getMany([bytes('b'), bytes('c')])
      expect(many).to.deep.equal([bytes('2'), undefined])
      expect(await pairsOf(snapshot)).to.deep.equal(['a=1', 'b=2'])
      expect(await all(snapshot.keys({ reverse: true }))).to.deep.equal([bytes('b'), bytes('a')])
      expect(await pairsOf(store)).to.deep.equal(['a=new', 'c=3'])
    })

    it('are lost once released', async () => {
      const snapshot = store.snapshot()
      await snapshot[Symbol.asyncDispose]()
      expect(await rejection(snapshot.get(bytes('a')))).to.be.instanceOf(SnapshotLost)
      expect(await rejection(snapshot.getMany([bytes('a')]))).to.be.instanceOf(SnapshotLost)
      expect(await rejection(pairsOf(snapshot))).to.be.instanceOf(SnapshotLost)
      await snapshot[Symbol.asyncDispose]()
    })
  })

  describe('flush, reopen, close', () => {
    it('proves a flush, of an empty store too, and again and again', async () => {
      expect(await store.flush()).to.equal(true)
      await store.batch([put('a', '1')])
      expect(await store.flush()).to.equal(true)
      expect(await store.flush()).to.equal(true)
      expect(await pairsOf(store)).to.deep.equal(['a=1'])
    })

    it('flushes while it is written to', async () => {
      const work = Array.from({ length: 40 }, (_, turn) => store.batch([put(`k${turn}`, 'v'.repeat(1000))]))
      const flushes = [store.flush(), store.flush(), store.flush()]
      await Promise.all(work)
      expect(await Promise.all(flushes)).to.deep.equal([true, true, true])
      expect(await all(store.keys({}))).to.have.length(40)
    })

    it('keeps everything through reopen, under readers and writers', async () => {
      await store.batch(letters.map(letter => put(letter, letter)))
      const seen: string[] = []
      let reopened: Promise<void> | undefined
      let write: Promise<void> | undefined
      for await (const batch of store.iterate({}, 3)) {
        seen.push(...batch.map(({ key }) => String(key)))
        if (reopened === undefined) {
          const reads = Array.from({ length: 20 }, () => store.get(bytes('a')))
          reopened = store.reopen()
          write = store.batch([put('i', 'i')])
          reads.push(...Array.from({ length: 20 }, () => store.get(bytes('a'))))
          for (const value of await Promise.all(reads)) expect(value).to.deep.equal(bytes('a'))
          await reopened
          expect(await store.get(bytes('a'))).to.deep.equal(bytes('a'))
        }
      }
      await write
      expect(seen.slice(0, 8).join('')).to.equal('abcdefgh')
      expect(await store.get(bytes('i'))).to.deep.equal(bytes('i'))
    })

    it('lets a snapshot that is open at reopen finish', async () => {
      await store.batch([put('a', '1')])
      const snapshot = store.snapshot()
      const reopened = store.reopen()
      expect(await snapshot.get(bytes('a'))).to.deep.equal(bytes('1'))
      expect(await pairsOf(snapshot)).to.deep.equal(['a=1'])
      await snapshot[Symbol.asyncDispose]()
      await reopened
      expect(await pairsOf(store)).to.deep.equal(['a=1'])
    })

    it('is empty once cleared, and written to again', async () => {
      await store.batch(letters.map(letter => put(letter, letter)))
      await store.flush()
      await store.batch([put('z', '1')])
      const cleared = store.clear()
      const written = store.batch([put('b', '2')])
      await Promise.all([cleared, written])
      expect(await pairsOf(store)).to.deep.equal(['b=2'])
      expect(await store.flush()).to.equal(true)
      await store.close()
      store = await again()
      expect(await pairsOf(store)).to.deep.equal(['b=2'])
    })

    it('finds what was flushed again', async () => {
      await store.batch([put('a', '1')])
      await store.flush()
      await store.batch([put('b', '2')])
      await store.close()
      store = await again()
      expect(await pairsOf(store)).to.deep.equal(keeps ? ['a=1', 'b=2'] : ['a=1'])
    })

    it('rejects every call once closed', async () => {
      await store.close()
      await store.close()
      expect(await rejection(store.get(bytes('a')))).to.be.instanceOf(StoreClosed)
      expect(await rejection(store.getMany([bytes('a')]))).to.be.instanceOf(StoreClosed)
      expect(await rejection(store.batch([put('a', '1')]))).to.be.instanceOf(StoreClosed)
      expect(await rejection(store.flush())).to.be.instanceOf(StoreClosed)
      expect(await rejection(store.reopen())).to.be.instanceOf(StoreClosed)
      expect(await rejection(pairsOf(store))).to.be.instanceOf(StoreClosed)
      expect(() => store.snapshot()).to.throw(StoreClosed)
    })
  })
}
