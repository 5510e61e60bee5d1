/** A whole node without its listeners, as the server, the control socket and the tests see it. */
import type { MessageId } from '../message-id.ts'
import type { Outcome } from '../storage/entry.ts'
import type { Storage } from '../storage/storage.ts'
import type { Accept } from './accept.ts'
import type { Expirer } from './expire/expirer.ts'
import type { Feed } from './feed.ts'
import type { GroupControl } from './group-control/group-control.ts'
import type { LinkParts } from './link/link.ts'
import type { MailQueue } from './mail/mail-queue.ts'
import type { NodeMode } from './node-mode.ts'
import type { Peering } from './outgoing/peering.ts'
import type { Intake } from './peers/intake.ts'
import type { Injector } from './posting/inject.ts'
import type { Pulls } from './pull/schedule.ts'
import type { Relay } from './relay.ts'
import type { Search } from './search/search.ts'
import type { Statistics } from './statistics/statistics.ts'
import type { Refusals } from './trace/refusals.ts'
import type { Verifier } from './verify/verifier.ts'

export interface Node extends AsyncDisposable {
  readonly storage: Storage
  readonly accept: Accept
  /** The verdicts of `accept` without storing anything. */
  readonly examineOnly: Accept
  readonly feed: Feed & Pick<Relay, 'moving' | 'enter' | 'leave'> & Pick<Injector, 'releaseHeld'>
  /** Takes an article away here, or keeps it from coming; nothing of it goes to peers. On record. */
  cancel(target: MessageId): Promise<Outcome>
  readonly peering: Peering
  readonly expirer: Expirer
  readonly verifier: Verifier
  readonly statistics: Statistics
  /** What acts on control messages about newsgroups. */
  readonly groupControl: Pick<GroupControl, 'behind'>
  /** Mails on their way out. */
  readonly mailer: Pick<MailQueue, 'sends' | 'waiting' | 'find' | 'retry' | 'drop'>
  readonly search: Search
  /** What each peer brings. */
  readonly intake: Intake
  /** What was refused lately. */
  readonly refusals: Refusals
  readonly pulls: Pulls
  /** Whether articles and clients are taken. */
  readonly mode: NodeMode
  /** How other servers are called. */
  readonly calls: LinkParts
  /** Why the wall clock is not believed, if so. */
  doubt(): string | undefined
  /**
   * Resolves when everything runs: at once, but where the index has to be made first. Until then readers are served
   * with what is in it, nothing is taken, and nothing is sent to peers. Rejects where that failed or the node ended.
   */
  readonly ready: Promise<void>
  /** Creates the `[[group]]`s that do not exist, tells the peers' feeds of a new configuration. */
  reload(): Promise<void>
}
