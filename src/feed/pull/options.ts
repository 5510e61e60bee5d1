/** What is pulled, with what, and how far it is. */
import type { Clock } from '../../clock.ts'
import type { ArticleLimits } from '../../header-section.ts'
import type { Log } from '../../log.ts'
import type { History } from '../../storage/history/history.ts'
import type { Places } from '../../storage/state/places.ts'
import type { Wildmat } from '../../wildmat.ts'
import type { Accept } from '../accept.ts'
import type { LinkConfig, LinkParts } from '../link/link.ts'
import type { Refusals } from '../trace/refusals.ts'

export interface PullOptions {
  readonly host: string
  readonly port: number
  readonly groups: Wildmat
  /** Articles dated earlier (seconds since 1970) are left. */
  readonly since?: number
  /** Every number is looked at again, whatever the mark. */
  readonly afresh?: boolean
  readonly link: LinkConfig
  readonly createGroups: boolean
}

export interface PullParts extends LinkParts {
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly log: Log
  readonly accept: Accept
  readonly history: Pick<History, 'lookup'>
  readonly places: Places
  readonly refusals: Pick<Refusals, 'add'>
  readonly limits: ArticleLimits & { readonly article_bytes: number }
  readonly hasGroup: (name: string) => boolean
  /** Resolves when the group is there; its status is that of the other server. False where it cannot be made. */
  readonly createGroup: (name: string, status: string) => Promise<boolean>
}

export interface PullProgress {
  /** Numbers of groups that were looked at, and all there are. */
  readonly done: number
  readonly total: number
  /** Groups that are pulled, and those that match and are not here. */
  readonly groups: number
  readonly unknownGroups: number
  /** Articles that were fetched. */
  readonly fetched: number
  readonly accepted: number
  /** Here already; not fetched where the other server tells message-IDs. */
  readonly known: number
  readonly refused: number
  /** Dated before `since`. */
  readonly older: number
  /** Gone at the other server. */
  readonly missing: number
  /** Octets that were fetched. */
  readonly octets: number
  /** Articles fetched a second, since the start. */
  readonly rate: number
}

/** Counts of one pull. */
export class Tally {
  done = 0
  total = 0
  groups = 0
  unknownGroups = 0
  fetched = 0
  accepted = 0
  known = 0
  refused = 0
  older = 0
  missing = 0
  octets = 0
  readonly #clock: Clock
  readonly #began: number

  constructor(clock: Clock) {
    this.#clock = clock
    this.#began = clock.monotonic()
  }

  progress(): PullProgress {
    const seconds = (this.#clock.monotonic() - this.#began) / 1000
    return { ...this, rate: seconds > 0 ? this.fetched / seconds : 0 }
  }
}

/** Trouble of our own that lasts: nothing was skipped. */
export class PullStopped extends Error {
  override readonly name = 'PullStopped'
}
