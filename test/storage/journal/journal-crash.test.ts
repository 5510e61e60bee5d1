import { expect } from 'chai'
import type { RecordChanges } from '../../../src/storage/database/store.ts'
import { Journal } from '../../../src/storage/journal/journal.ts'
import { NoSpace } from '../../../src/storage/journal/journal-error.ts'
import { seeded } from '../../support/seeded.ts'
import { SimDisk } from '../../support/sim-disk.ts'

/** Power cuts, kills and full disks at chance moments, against a model of what was promised. */
class Run {
  readonly #random: () => number
  #disk = new SimDisk()
  /** Identity of the record of each sequence, from 1 on, acknowledged or found at the last start. */
  #log: string[] = []
  /** Of the call that was under way when the power went. */
  #inFlight: string[] = []
  /** The highest sequence that a checkpoint was asked for. */
  #covered = 0
  #named = 0
  crashes = 0

  constructor(seed: number) {
    this.#random = seeded(seed)
  }

  async life(): Promise<void> {
    const { journal, found } = await this.#start()
    this.#check(found)
    const end = this.#chance(12)
    this.#disk.losePowerAfter(this.#random() < 0.7 ? this.#chance(25) : Number.POSITIVE_INFINITY)
    for (let turn = 0; turn < end; turn++) {
      try {
        await this.#act(journal)
      } catch (error) {
        if (error instanceof NoSpace) continue
        break
      }
    }
    // Else it is only the process that dies, and what it did not sync stays in the memory of the system.
    if (this.#random() < 0.8) this.#disk = this.#disk.crash(this.#random)
    else this.#disk.losePowerAfter(Number.POSITIVE_INFINITY)
    this.crashes++
  }

  /** The power may go at the start as well. */
  async #start(): Promise<{ journal: Journal; found: string[] }> {
    for (;;) {
      const found: string[] = []
      const replay = async (changes: RecordChanges) => {
        for (const { key, value } of changes) found.push(`${key}:${value?.length}`)
      }
      this.#disk.losePowerAfter(this.#random() < 0.2 ? this.#chance(5) : Number.POSITIVE_INFINITY)
      try {
        const { journal } = await Journal.open(this.#disk, replay, { fileLength: 3000 })
        return { journal, found }
      } catch (error) {
        if (!(error instanceof Error) || !/power|durable/.test(`${error} ${error.cause}`)) throw error
        this.#disk = this.#disk.crash(this.#random)
      }
    }
  }

  /** Lost 0: what is found ends with all that was acknowledged, or with the call under way as well, whole. */
  #check(found: string[]): void {
    const whole = [...this.#log, ...this.#inFlight]
    const end = found.at(-1) === whole.at(-1) ? whole.length : this.#log.length
    const start = end - found.length
    expect(start, 'records missing at the start').to.be.within(0, this.#covered)
    expect(found).to.deep.equal(whole.slice(start, end))
    this.#log = whole.slice(0, end)
    this.#inFlight = []
  }

  async #act(journal: Journal): Promise<void> {
    this.#disk.capacity = this.#random() < 0.1 ? 2000 : Number.POSITIVE_INFINITY
    if (this.#random() < 0.2) {
      const covered = Math.floor(this.#random() * (this.#log.length + 1))
      this.#covered = Math.max(this.#covered, covered)
      await journal.checkpoint(covered)
      return
    }
    const records = Array.from({ length: 1 + this.#chance(4) }, () => this.#record())
    this.#inFlight = records.flatMap(changes => changes.map(({ key, value }) => `${key}:${value?.length}`))
    try {
      await journal.append(records)
      this.#log.push(...this.#inFlight)
      this.#inFlight = []
    } catch (error) {
      if (error instanceof NoSpace) this.#inFlight = []
      throw error
    }
    expect(journal.sequence).to.equal(this.#log.length)
  }

  #record(): RecordChanges {
    const key = Buffer.from(`record ${++this.#named}`)
    const value = Buffer.alloc(this.#random() < 0.1 ? 40_000 : this.#chance(900), key)
    return [{ database: 'articles', key, value }]
  }

  #chance(below: number): number {
    return Math.floor(this.#random() * below)
  }
}

describe('Journal under crashes', () => {
  it('loses no acknowledged record, and shows no other, at 4,000 crash points', async function () {
    this.timeout(30_000)
    let crashes = 0
    for (let seed = 1; crashes < 4000; seed++) {
      const run = new Run(seed)
      try {
        for (let life = 0; life < 8; life++) await run.life()
      } catch (error) {
        throw new Error(`seed ${seed}`, { cause: error })
      }
      crashes += run.crashes
    }
  })
})
