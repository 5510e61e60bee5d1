/** Every newsgroup of the node for the pages that list them, read again when something has arrived. */
import type { Clock } from '../../clock.ts'
import type { Group, Reading } from '../../storage/reading.ts'
import { type Slices, slicesOf } from '../slices.ts'
import { Directory } from './directory.ts'

/** A list that takes longer to read, milliseconds, is read again only after so many times as long. */
const quick = 5
const patience = 20
/** Milliseconds that a list may be old at most, when it is asked for. */
const oldest = 2000

type MayRead = (group: string) => boolean

export interface Catalogue {
  /** Every group, in name order. On a large site it may be a second or two old. */
  groups(): Promise<readonly Group[]>
  /** Those that a reader may see, as they may be shown. Readers of one access rule share it. */
  directory(mayRead: MayRead): Promise<Directory>
}

export function createCatalogue(reading: Reading, clock: Clock): Catalogue {
  let at = -1
  let due = 0
  let groups: Promise<readonly Group[]> | undefined
  const directories = new WeakMap<
    MayRead,
    { readonly of: readonly Group[]; readonly made: Promise<Directory> }
  >()
  const read = async () => {
    const started = clock.monotonic()
    const all: Group[] = []
    const slices = slicesOf(clock)
    for await (const batch of reading.groups()) {
      all.push(...batch)
      await slices.rest()
    }
    const cost = clock.monotonic() - started
    due = cost < quick ? 0 : clock.monotonic() + Math.min(cost * patience, oldest)
    return all
  }
  const current = async () => {
    const newest = reading.newest
    if (groups === undefined || (at !== newest && clock.monotonic() >= due)) {
      at = newest
      due = Number.POSITIVE_INFINITY
      groups = read()
    }
    try {
      return await groups
    } catch (error) {
      groups = undefined
      throw error
    }
  }
  return {
    groups: current,
    async directory(mayRead) {
      const all = await current()
      const known = directories.get(mayRead)
      if (known?.of === all) return known.made
      const made = directoryOf(all, mayRead, slicesOf(clock))
      directories.set(mayRead, { of: all, made })
      return made
    },
  }
}

/** Groups that are looked at before anybody else may have a turn. */
const together = 256

async function directoryOf(all: readonly Group[], mayRead: MayRead, slices: Slices): Promise<Directory> {
  const shown: Group[] = []
  for (const [at, group] of all.entries()) {
    if (mayRead(group.name)) shown.push(asShownTo(group, mayRead))
    if (at % together === 0) await slices.rest()
  }
  return new Directory(shown)
}

/** RFC 6048 3.1: `=other.group` is not said to who may not know of the other group. */
export function asShownTo(group: Group, mayRead: MayRead): Group {
  const { status } = group
  return status.startsWith('=') && !mayRead(status.slice(1)) ? { ...group, status: 'x' } : group
}
