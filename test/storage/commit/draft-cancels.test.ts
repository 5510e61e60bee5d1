import { expect } from 'chai'
import { DraftCancels, mostRemembered } from '../../../src/storage/commit/draft-cancels.ts'
import type { Counter } from '../../../src/storage/keys.ts'
import { MemoryStore } from '../../support/memory-store.ts'

/** Commit groups one after another over one store; the count of cancels begins where it says. */
class Groups {
  readonly state: MemoryStore
  readonly filter = { added: new Set<string>(), add: (hash: string) => void this.filter.added.add(hash) }
  #count: number
  #changes: { key: Buffer; value: Buffer | undefined }[] = []

  constructor(state: MemoryStore, count: number) {
    this.state = state
    this.#count = count
  }

  async commit(work: (cancels: DraftCancels) => Promise<void>): Promise<void> {
    this.#changes = []
    const changes = {
      next: (_: Counter) => ++this.#count,
      put: (_: string, key: Buffer, value: Buffer) => void this.#changes.push({ key, value }),
      delete: (_: string, key: Buffer) => void this.#changes.push({ key, value: undefined }),
    }
    await work(new DraftCancels({ stores: { state: this.state }, filter: this.filter }, changes))
    await this.state.batch(this.#changes)
  }

  async found(id: string, lock: string): Promise<boolean> {
    let found: string | undefined
    await this.commit(async cancels => {
      found = await cancels.find(id, ['other', lock])
    })
    return found === lock
  }

  async keys(): Promise<number> {
    let count = 0
    for await (const keys of this.state.keys({}, 100)) count += keys.length
    return count
  }
}

const groups = async (count = 0) => new Groups(await MemoryStore.open(), count)

describe('remembered cancels', () => {
  it('are found by message-ID and lock, in the group that brought them and after it', async () => {
    const all = await groups()
    await all.commit(async cancels => {
      await cancels.remember('<1@x>', 'lock')
      expect(await cancels.find('<1@x>', ['none', 'lock'])).to.equal('lock')
      expect(await cancels.find('<2@x>', ['lock'])).to.equal(undefined)
    })
    expect(await all.found('<1@x>', 'lock')).to.equal(true)
    expect(await all.found('<1@x>', 'another')).to.equal(false)
    expect(all.filter.added.size).to.equal(1)
  })

  it('are remembered once, however often they come', async () => {
    const all = await groups()
    for (let at = 0; at < 3; at++)
      await all.commit(async cancels => {
        await cancels.remember('<1@x>', 'lock')
        await cancels.remember('<1@x>', 'lock')
      })
    expect(await all.keys()).to.equal(2)
  })

  it('displace the oldest when the ring is full, in one group and over several', async () => {
    // Three before the ring begins anew.
    const all = await groups(mostRemembered - 3)
    await all.commit(async cancels => {
      for (const at of [1, 2, 3, 4, 5]) await cancels.remember(`<${at}@x>`, 'lock')
    })
    expect(await all.keys()).to.equal(10)
    // As if the ring had gone round: the next ones take the places of <4@x> and <5@x>.
    const later = new Groups(all.state, mostRemembered * 2)
    await later.commit(cancels => cancels.remember('<6@x>', 'lock'))
    await later.commit(cancels => cancels.remember('<7@x>', 'lock'))
    const left = await Promise.all([1, 2, 3, 4, 5, 6, 7].map(at => later.found(`<${at}@x>`, 'lock')))
    expect(left).to.deep.equal([true, true, true, false, false, true, true])
    expect(await later.keys()).to.equal(10)
  })

  it("that were carried out free no place that has become another one's", async () => {
    const all = await groups()
    await all.commit(cancels => cancels.remember('<1@x>', 'lock'))
    await all.commit(async cancels => cancels.forget('<1@x>', 'lock'))
    expect(await all.found('<1@x>', 'lock')).to.equal(false)
    await all.commit(cancels => cancels.remember('<1@x>', 'lock'))
    // The first place still names it, and is taken by another: it stays in the second.
    const later = new Groups(all.state, mostRemembered)
    await later.commit(cancels => cancels.remember('<2@x>', 'lock'))
    expect(await later.found('<1@x>', 'lock')).to.equal(true)
    expect(await later.found('<2@x>', 'lock')).to.equal(true)
  })
})
