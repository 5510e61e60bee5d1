/** What happens to databases and disks in a life: they fill, fail, and are well again. */

import type { MapStore } from '../support/map-store.ts'
import type { SimDisk } from '../support/sim-disk.ts'
import { systemError } from '../support/sim-power.ts'

interface Parts {
  readonly stores: { readonly articles: MapStore; readonly state: MapStore; readonly index: MapStore }
  readonly disk: SimDisk
}

export function disturb({ stores, disk }: Parts, random: () => number): void {
  const all = [stores.articles, stores.state, stores.index]
  const store = all[Math.floor(random() * all.length)] ?? stores.index
  const dice = random()
  if (dice < 0.4) store.failNext(systemError('ENOSPC', 'write'))
  else if (dice < 0.5) store.failNext(systemError('EMFILE', 'open'), 'reopen')
  else if (dice < 0.6) store.failNext(systemError('EIO', 'compact'), 'flush')
  else if (dice < 0.8) disk.failNext('append', systemError('EIO', 'write'))
  else if (dice < 0.9) disk.capacity = 5000
  else disk.capacity = Number.POSITIVE_INFINITY
}
