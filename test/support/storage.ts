/** Storage alone, with `apply` on top, over memory or whatever a test gives it. */
import { systemClock } from '../../src/clock.ts'
import { apply } from '../../src/feed/apply/apply.ts'
import { silentLog } from '../../src/log.ts'
import type { GroupId, Reading } from '../../src/storage/reading.ts'
import { Storage, type StorageOptions } from '../../src/storage/storage.ts'
import { memoryStores } from './node.ts'
import { SimDisk } from './sim-disk.ts'

export async function testStorage(options: Partial<StorageOptions> = {}): Promise<Storage> {
  const storage = await Storage.open({
    stores: options.stores ?? (await memoryStores()),
    disk: options.disk ?? new SimDisk(),
    clock: systemClock,
    log: silentLog,
    apply,
    fatal: error => Promise.reject(error),
    ...options,
  })
  await storage.whole
  return storage
}

/** Count, low and high of a group as one text; `none` where there is no such group. */
export async function marks(reading: Reading, name: string): Promise<string> {
  const group = await reading.group(name)
  return group ? `${group.count} ${group.low} ${group.high}` : 'none'
}

const everything = { low: 1, high: 2 ** 31 - 1 }

/** Lines of overview, as one character an octet. */
export async function overview(reading: Reading, group: GroupId): Promise<string[]> {
  const chunks: Buffer[] = []
  for await (const chunk of reading.overview(group, everything)) chunks.push(chunk)
  return Buffer.concat(chunks).toString('latin1').split('\r\n').slice(0, -1)
}

export async function numbers(reading: Reading, group: GroupId): Promise<number[]> {
  const found: number[] = []
  for await (const batch of reading.numbers(group, everything)) found.push(...batch)
  return found
}
