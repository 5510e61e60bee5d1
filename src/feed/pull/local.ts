/** What a pull needs of our own node: where articles go, where marks are kept, how groups are made. */
import type { Config } from '../../config/config.ts'
import { parseNewsgroup } from '../../newsgroup.ts'
import type { Storage } from '../../storage/storage.ts'
import type { LinkParts } from '../link/link.ts'
import type { PullParts } from './options.ts'

export interface PullRunParts extends Pick<PullParts, 'clock' | 'log' | 'signal'> {
  readonly config: () => Config
}

export interface PullNode extends Pick<PullParts, 'accept' | 'refusals'> {
  readonly storage: Storage
  readonly calls: LinkParts
}

export function pullParts({ storage, calls, accept, refusals }: PullNode, run: PullRunParts): PullParts {
  const { clock, log, signal, config } = run
  return {
    ...calls,
    clock,
    log,
    signal,
    accept,
    refusals,
    limits: config().limits,
    history: storage.history,
    places: storage.places,
    hasGroup: name => {
      const group = parseNewsgroup(name)
      return group !== undefined && storage.active.named(group) !== undefined
    },
    createGroup: (name, status) => create(storage, { name, status, time: Math.floor(clock.now() / 1000) }),
  }
}

/** With the status of the other server where it is one of posting; an alias or a closed group becomes an ordinary one. */
async function create(
  storage: PullNode['storage'],
  { name, status, time }: { readonly name: string; readonly status: string; readonly time: number },
): Promise<boolean> {
  const group = parseNewsgroup(name)
  if (group === undefined) return false
  const outcome = await storage.submit({
    kind: 'group',
    action: 'add',
    name: group,
    status: /^[ynm]$/.test(status) ? status : 'y',
    creator: 'pull',
    time,
    source: 'admin',
  })
  return outcome.kind === 'stored' || outcome.kind === 'duplicate'
}
