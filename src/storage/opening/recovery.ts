/** What a start does, after a crash and after a clean stop alike: replay the journal, then read what is in memory. */

import { unseal } from '../checksum.ts'
import type { Counters } from '../commit/draft.ts'
import { type DatabaseName, databases, type RecordChanges, type Stores } from '../database/store.ts'
import type { Disk } from '../disk/disk.ts'
import { isWhole } from '../index/index-rebuild.ts'
import { Journal, type Recovery } from '../journal/journal.ts'
import { MissingJournal } from '../journal/journal-error.ts'
import {
  allArrivals,
  arrivalOfKey,
  type Counter,
  counterKey,
  counterValue,
  isArrivalKey,
  readWide,
} from '../keys.ts'
import { newestTime } from '../reader.ts'
import { Active } from '../state/active.ts'
import { DamagedState } from '../state/damaged-state.ts'

export interface Recovered {
  readonly journal: Journal
  readonly recovery: Recovery
  readonly counters: Counters
  readonly active: Active
  /** Of the newest arrival, seconds. */
  readonly time: number
  /** Whether `index` is; otherwise it holds but rows of the log, and is to be made. */
  readonly whole: boolean
}

interface RecoverOptions {
  readonly stores: Stores
  readonly disk: Disk
}

export async function recover({ stores, disk }: RecoverOptions): Promise<Recovered> {
  const whole = await isWhole(stores.index)
  if (!whole) await stores.index.clear()
  const { journal, recovery } = await Journal.open(disk, changes => replay(stores, changes, whole))
  try {
    return { journal, recovery, whole, ...(await readAll(stores, journal)) }
  } catch (error) {
    await journal.close()
    throw error
  }
}

async function readAll(stores: Stores, journal: Journal) {
  if (journal.isNew && !(await isEmpty(stores.state))) throw new MissingJournal()
  const counters = await readCounters(stores)
  const active = await Active.load(stores.state)
  if (counters.epoch === 0) counters.epoch = await beginFirstEpoch(stores, journal)
  counters.group = Math.max(counters.group, active.highestId)
  return { counters, active, time: await newestTime(stores) }
}

/** Of an index that is made again, only what the articles do not tell is taken: the rows of the log. */
async function replay(stores: Stores, changes: RecordChanges, whole: boolean): Promise<void> {
  const takes = (name: DatabaseName) => (change: RecordChanges[number]) =>
    change.database === name && (whole || name !== 'index' || isArrivalKey(change.key))
  await Promise.all(
    databases.map(async name => {
      const own = changes.filter(takes(name))
      if (own.length > 0) await stores[name].batch(own)
    }),
  )
}

async function isEmpty(store: Stores['state']): Promise<boolean> {
  for await (const keys of store.keys({ limit: 1 }, 1)) return keys.length === 0
  return true
}

/** Counters come from `state`; the newest arrival also from the log, whichever is later. */
async function readCounters(stores: Stores): Promise<Counters> {
  const counters = { arrival: 0, group: 0, mail: 0, epoch: 0, cancel: 0 }
  for (const name of ['arrival', 'group', 'mail', 'epoch', 'cancel'] as const)
    counters[name] = await readCounter(stores, name)
  for await (const keys of stores.index.keys({ ...allArrivals, reverse: true, limit: 1 }, 1))
    for (const key of keys) counters.arrival = Math.max(counters.arrival, arrivalOfKey(key))
  return counters
}

async function readCounter({ state }: Stores, name: Counter): Promise<number> {
  const sealed = await state.get(counterKey(name))
  if (sealed === undefined) return 0
  const value = unseal(sealed)
  if (value === undefined) throw new DamagedState(`the counter "${name}"`)
  return readWide(value)
}

/** Through the journal, as every change of `state`. */
async function beginFirstEpoch({ state }: Stores, journal: Journal): Promise<number> {
  const change = { key: counterKey('epoch'), value: counterValue(1) }
  await journal.append([[{ ...change, database: 'state' }]])
  await state.batch([change])
  return 1
}
