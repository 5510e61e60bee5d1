/** All that a simulated node has promised, and whether a store keeps it. */
import type { GroupId } from '../../src/storage/reading.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { textFromWire } from '../../src/wire.ts'
import { audit } from '../support/audit.ts'
import { HeldModel } from './held-model.ts'
import { Model } from './model.ts'
import { WithdrawModel } from './withdraw-model.ts'

export class Promises {
  readonly model: Model
  readonly withdrawals: WithdrawModel
  readonly held: HeldModel
  readonly mailed: string[] = []
  /** Of the last place whose save was acknowledged. */
  savedCursor = 0
  /** Groups that keep no more than so many articles; all others keep theirs for ever. */
  readonly #expiring: ReadonlySet<string>
  readonly #kept: number

  constructor(expiring: ReadonlySet<string>, kept: number, from?: Promises) {
    this.#expiring = expiring
    this.#kept = kept
    this.model = from?.model.copy() ?? new Model()
    this.withdrawals = from?.withdrawals.copy(this.model) ?? new WithdrawModel(this.model)
    this.held = from?.held.copy() ?? new HeldModel()
    if (from === undefined) return
    this.mailed.push(...from.mailed)
    this.savedCursor = from.savedCursor
  }

  /** Those up to now. */
  copy(): Promises {
    return new Promises(this.#expiring, this.#kept, this)
  }

  /** Throws what is wrong; what was found is promised from then on. */
  async check(storage: Storage): Promise<void> {
    const { reading, history, places } = storage
    const faults = await audit(reading)
    if (faults.length > 0) throw new Error(faults.join('; '))
    await this.withdrawals.check(storage, id => this.#mayExpire(storage, id))
    // Before the model forgets where the articles were that have expired.
    await this.held.check(storage, id => this.#mayExpire(storage, id))
    for (const [id, { standing }] of this.model.fates) {
      const located = await reading.locateId(id)
      const stored = located && (await reading.article(located.arrival))
      const known = await history.lookup(id)
      if ((known === 'have') !== (stored !== undefined)) throw new Error(`${id}: history says ${known}`)
      if (standing === 'gone' && known !== 'gone') throw new Error(`${id} was gone, history says ${known}`)
      if (stored === undefined && (await this.#mayExpire(storage, id))) this.model.expire(id, known)
      const text = stored && textFromWire(stored.body.subarray(0, -3)).toString()
      this.model.found(id, text)
      for (const { group, number } of located?.filings ?? [])
        await this.#checkNumber(storage, { id, group, number })
    }
    const cursor = (await places.load('sim'))?.cursor ?? 0
    if (cursor < this.savedCursor) throw new Error(`place ${cursor}, saved ${this.savedCursor}`)
    const mails = new Set((await storage.mails(10_000)).map(({ messageId }) => messageId as string))
    for (const id of this.mailed) if (!mails.has(id)) throw new Error(`the mail about ${id} is lost`)
  }

  /** Where it is filed there are enough above it; also those count that nobody was told of. */
  async #mayExpire(storage: Storage, id: string): Promise<boolean> {
    const filings = this.model.fates.get(id)?.filings ?? []
    const surplus = filings.map(({ group, number }) => {
      const { name = '', high = 0 } = storage.active.withId(group as GroupId) ?? {}
      return this.#expiring.has(name) && number <= high - this.#kept
    })
    return surplus.length > 0 && surplus.every(Boolean)
  }

  async #checkNumber(storage: Storage, seen: { id: string; group: GroupId; number: number }): Promise<void> {
    this.model.saw(seen.id, seen.group, seen.number)
    const group = await storage.reading.groupById(seen.group)
    const highest = this.model.highest(seen.group)
    if (group && group.high < highest) throw new Error(`${group.name}: high ${group.high}, was ${highest}`)
  }
}
