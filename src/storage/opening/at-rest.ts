/** The store of a node that does not run, brought to its last commit as a start does. */
import type { Log } from '../../log.ts'
import type { Stores } from '../database/store.ts'
import { makeIndex } from '../index/index-rebuild.ts'
import { wholeKey } from '../keys.ts'
import { openDataDirectory } from './data-directory.ts'
import { type Recovered, recover } from './recovery.ts'

export interface AtRest extends AsyncDisposable {
  readonly stores: Stores
  readonly counters: Recovered['counters']
}

export interface AtRestOptions {
  readonly log: Log
  /** Whether articles that only the journal has are compressed; they are where absent. */
  readonly compress?: boolean
  /** Makes `index` again, whatever it holds. */
  readonly rebuild?: boolean
  /** Told of the articles an index was made from so far. */
  readonly rebuilt?: (articles: number) => void
}

/** Errors as of `openDataDirectory` and `Storage.open`. */
export async function openAtRest(
  path: string,
  { log, compress = true, rebuild, rebuilt }: AtRestOptions,
): Promise<AtRest> {
  const { stores, disk, release } = await openDataDirectory(path, log, { compress })
  const close = async () => {
    await Promise.allSettled(Object.values(stores).map(store => store.close()))
    await release()
  }
  try {
    if (rebuild === true) await stores.index.batch([{ key: wholeKey, value: undefined }])
    const { journal, counters, active, whole } = await recover({ stores, disk })
    try {
      if (!whole) await makeIndex({ stores, journal, active, log, progress: rebuilt })
    } catch (error) {
      await journal.close()
      throw error
    }
    return {
      stores,
      counters,
      [Symbol.asyncDispose]: async () => {
        await journal.close()
        await close()
      },
    }
  } catch (error) {
    await close()
    throw error
  }
}
