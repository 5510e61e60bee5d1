/** A store that somebody stands in front of. */
import type { Store } from '../../src/storage/database/store.ts'

/** A store whose writes go through `batch`. */
export const withBatch = (store: Store, batch: Store['batch']): Store => ({
  get: key => store.get(key),
  getMany: keys => store.getMany(keys),
  iterate: (range, size) => store.iterate(range, size),
  keys: (range, size) => store.keys(range, size),
  snapshot: () => store.snapshot(),
  batch,
  flush: () => store.flush(),
  clear: () => store.clear(),
  compact: (from, to) => store.compact(from, to),
  size: (from, to) => store.size(from, to),
  reopen: () => store.reopen(),
  close: () => store.close(),
})
