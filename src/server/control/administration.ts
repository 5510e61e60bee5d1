/** What the control socket may ask, done over storage and feed. Every change is an entry of the log. */
import type { Clock } from '../../clock.ts'
import type { Config } from '../../config/config.ts'
import type { AccountBook } from '../../feed/account-book.ts'
import type { Poster } from '../../feed/feed.ts'
import type { Node } from '../../feed/node.ts'
import type { Log } from '../../log.ts'
import { isControlGroup, isReserved, type Newsgroup, parseNewsgroup } from '../../newsgroup.ts'
import type { BackupProgress } from '../../storage/backup/backup.ts'
import type { GroupEntry, Outcome } from '../../storage/entry.ts'
import type { Group } from '../../storage/reading.ts'
import { Wildmat } from '../../wildmat.ts'
import { terminator, unstuff, wireFromText } from '../../wire.ts'
import type { PeerCaller } from '../peer-presence.ts'
import type { BackupRequest } from './backup-control.ts'
import { runBackup } from './backup-run.ts'
import { cancelArticle } from './cancel-article.ts'
import type { ExpireOptions, ExpireProgress } from './expiry-control.ts'
import { MailAdministration } from './mail-administration.ts'
import type { MailControl } from './mail-control.ts'
import type { ModeControl } from './mode-control.ts'
import { ModerateAdministration } from './moderate-administration.ts'
import type { ModerateControl } from './moderate-control.ts'
import {
  type ActiveOutcome,
  type ActiveRow,
  type ArticleCopy,
  ControlFault,
  type ExportOptions,
  type ExportPiece,
  type GroupChange,
  type GroupRow,
  type ImportOptions,
  type ImportProgress,
  type NodeControl,
  type PostOutcome,
  type PullOptions,
  type PullProgress,
  type ReloadOutcome,
  type Status,
  type TailEvent,
} from './node-control.ts'
import { PeerAdministration } from './peer-administration.ts'
import type { PeerControl } from './peer-control.ts'
import { runPull } from './pull.ts'
import { followArrivals } from './tail.ts'
import { type Trace, traceArticle } from './trace-report.ts'
import { exportPieces, runImport } from './transfer.ts'
import { UserAdministration } from './user-administration.ts'
import type { UserControl } from './user-control.ts'
import type { VerifyOptions, VerifyProgress } from './verify-control.ts'

export interface AdministrationParts {
  readonly node: Node
  readonly clock: Clock
  readonly accounts: AccountBook
  readonly log: Log
  readonly config: () => Config
  /** So many random octets. */
  readonly random: (octets: number) => Buffer
  readonly status: () => Promise<Status>
  readonly reload: () => Promise<ReloadOutcome>
  readonly stop: () => void
  /** Connections of peers that feed us now. */
  readonly callers: () => readonly PeerCaller[]
}

/** Whoever reaches the control socket owns the node: may post and approve everywhere. */
const owner: Poster = {
  account: '',
  address: '127.0.0.1',
  operator: true,
  mayPost: () => true,
  mayApprove: () => true,
}
/** In one message of the control socket. */
const groupsAtOnce = 500
const groupStatus = /^(?:[ynmjx]|=[A-Za-z0-9+_.-]+)$/

export class Administration implements NodeControl {
  readonly peers: PeerControl
  readonly users: UserControl
  readonly held: ModerateControl
  readonly mail: MailControl
  readonly mode: ModeControl
  readonly #parts: AdministrationParts
  #backingUp = false

  constructor(parts: AdministrationParts) {
    this.#parts = parts
    this.peers = new PeerAdministration(parts)
    this.held = new ModerateAdministration(parts)
    this.mail = new MailAdministration(parts)
    this.users = new UserAdministration(parts.accounts)
    this.mode = parts.node.mode
  }

  status(): Promise<Status> {
    return this.#parts.status()
  }

  async *groups(wildmat: string): AsyncGenerator<readonly GroupRow[]> {
    const pattern = patternOf(wildmat)
    for await (const groups of this.#reading.groups()) {
      const rows = groups.filter(group => pattern.matches(group.name)).map(rowOf)
      if (rows.length > 0) yield rows.slice(0, 500)
      if (rows.length > 500) yield rows.slice(500)
    }
  }

  async addGroup(change: GroupChange): Promise<GroupRow> {
    const name = unreserved(nameOf(change.name))
    const outcome = await this.#change({ action: 'add', name, creator: 'admin', ...definitionOf(change) })
    if (outcome.kind === 'duplicate') throw new ControlFault('refused', `${name} exists already`)
    return this.#row(name)
  }

  async removeGroup(text: string): Promise<void> {
    const name = nameOf(text)
    const outcome = await this.#change({ action: 'remove', name })
    if (outcome.kind === 'duplicate') throw noGroup(name)
  }

  async setGroup(change: GroupChange): Promise<GroupRow> {
    const name = nameOf(change.name)
    const outcome = await this.#change({ action: 'set', name, ...definitionOf(change) })
    if (outcome.kind === 'duplicate') throw noGroup(name)
    return this.#row(name)
  }

  async importActive(rows: readonly ActiveRow[]): Promise<ActiveOutcome> {
    const outcome = {
      created: 0,
      changed: 0,
      unchanged: 0,
      refused: [] as { name: string; reason: string }[],
    }
    await Promise.all(
      rows.map(async row => {
        try {
          outcome[await this.#importRow(row)] += 1
        } catch (error) {
          if (!(error instanceof ControlFault)) throw error
          outcome.refused.push({ name: row.name, reason: error.message })
        }
      }),
    )
    return outcome
  }

  async article(messageId: string): Promise<ArticleCopy | undefined> {
    const located = await this.#reading.locateId(messageId)
    const stored = located && (await this.#reading.article(located.arrival))
    if (!stored) return undefined
    const filings = await this.#filings(stored.filings)
    const served = stored.served.subarray(0, stored.served.length - terminator.length)
    return { messageId: stored.messageId, filings, text: unstuff(served) }
  }

  trace(messageId: string): Promise<Trace> {
    const { node, config } = this.#parts
    return traceArticle(messageId, { node, config: config() })
  }

  cancel(messageId: string, send: boolean): Promise<void> {
    const { node, config } = this.#parts
    return cancelArticle(messageId, { send, node, config: config(), owner })
  }

  async post(text: Buffer): Promise<PostOutcome> {
    const verdict = await this.#parts.node.feed.inject(wireFromText(text), owner)
    const nothing = { messageId: '', filings: [], reason: '' }
    switch (verdict.kind) {
      case 'accepted':
        return {
          ...nothing,
          outcome: 'accepted',
          messageId: verdict.messageId,
          filings: await this.#filings(verdict.filings),
        }
      case 'mailed':
      case 'held':
        return { ...nothing, outcome: verdict.kind, messageId: verdict.messageId }
      case 'rejected':
      case 'deferred':
        return { ...nothing, outcome: verdict.kind, reason: verdict.reason.text }
    }
  }

  tail(
    options: { wildmat: string; since?: number | undefined },
    signal: AbortSignal,
  ): AsyncIterable<TailEvent> {
    return followArrivals({ reading: this.#reading, pattern: patternOf(options.wildmat), ...options }, signal)
  }

  import(options: ImportOptions, signal: AbortSignal): AsyncIterable<ImportProgress> {
    const { node, clock, config } = this.#parts
    return runImport(options, { node, clock, limits: config().limits, signal })
  }

  pull(options: PullOptions, signal: AbortSignal): AsyncIterable<PullProgress> {
    return runPull({ ...options, groups: patternOf(options.groups) }, { ...this.#parts, signal })
  }

  export(options: ExportOptions, signal: AbortSignal): AsyncIterable<ExportPiece> {
    const { storage } = this.#parts.node
    const pattern = patternOf(options.groups)
    return exportPieces({ format: options.format, groups: pattern, signal }, storage.reading)
  }

  async *expire(options: ExpireOptions, signal: AbortSignal): AsyncGenerator<ExpireProgress> {
    const { expirer } = this.#parts.node
    const { dryRun, groups, rules } = options
    const only = groups === undefined ? undefined : patternOf(groups)
    for await (const { groups: counted, ...rest } of expirer.now({ dryRun, only, rules }, signal)) {
      yield { ...rest, groups: counted.slice(0, groupsAtOnce) }
      for (let at = groupsAtOnce; at < counted.length; at += groupsAtOnce)
        yield { ...rest, groups: counted.slice(at, at + groupsAtOnce) }
    }
  }

  async rebuildSearch(): Promise<void> {
    if (!this.#parts.node.search.makeAgain())
      throw new ControlFault(
        'refused',
        'the search is off: set search.enabled, or wait until the index is made',
      )
  }

  verify(options: VerifyOptions, signal: AbortSignal): AsyncIterable<VerifyProgress> {
    return this.#parts.node.verifier.run(options, signal)
  }

  async *backup({ folder }: BackupRequest, signal: AbortSignal): AsyncGenerator<BackupProgress> {
    if (this.#backingUp) throw new ControlFault('retry', 'another backup is running: wait for its end')
    this.#backingUp = true
    try {
      const { node, clock, config } = this.#parts
      const { data, path_identity } = config().node
      const time = Math.floor(clock.now() / 1000)
      const freeze = () => node.storage.freeze()
      yield* runBackup({ folder, data, node: path_identity, time, signal, clock, freeze })
    } finally {
      this.#backingUp = false
    }
  }

  reload(): Promise<ReloadOutcome> {
    return this.#parts.reload()
  }

  stop(): void {
    this.#parts.stop()
  }

  get #reading() {
    return this.#parts.node.storage.reading
  }

  async #importRow(row: ActiveRow): Promise<'created' | 'changed' | 'unchanged'> {
    const name = unreserved(nameOf(row.name))
    const definition = definitionOf(row)
    const known = await this.#reading.group(name)
    if (!known) {
      await this.#change({ action: 'add', name, creator: 'import', high: row.high, ...definition })
      return 'created'
    }
    const same =
      known.status === row.status &&
      (row.description === undefined || known.description === row.description) &&
      (known.count > 0 || known.high >= row.high)
    if (same) return 'unchanged'
    await this.#change({ action: 'set', name, high: row.high, ...definition })
    return 'changed'
  }

  async #change(change: Omit<GroupEntry, 'kind' | 'time' | 'source'>): Promise<Outcome> {
    const { clock, node } = this.#parts
    const time = Math.floor(clock.now() / 1000)
    return done(await node.storage.submit({ kind: 'group', ...change, time, source: 'admin' }))
  }

  async #row(name: Newsgroup): Promise<GroupRow> {
    const group = await this.#reading.group(name)
    if (!group) throw noGroup(name)
    return rowOf(group)
  }

  #filings(filings: readonly { group: Group['id']; number: number }[]) {
    return Promise.all(
      filings.map(async ({ group, number }) => ({
        group: (await this.#reading.groupById(group))?.name ?? '',
        number,
      })),
    )
  }
}

const noGroup = (name: string) => new ControlFault('refused', `there is no newsgroup ${name} here`)

/** What the log refused becomes what the administrator reads. */
function done(outcome: Outcome): Outcome {
  if (outcome.kind === 'refused') throw new ControlFault('refused', outcome.reason.text)
  if (outcome.kind === 'deferred') throw new ControlFault('retry', outcome.reason.text)
  return outcome
}

function rowOf({ name, status, description, low, high, count, created, creator }: Group): GroupRow {
  return { name, status, description, low, high, count, created, creator }
}

function nameOf(text: string): Newsgroup {
  const name = parseNewsgroup(text)
  if (name === undefined)
    throw new ControlFault(
      'usage',
      `${text} is no newsgroup name: components of A-Z a-z 0-9 + _ - joined by dots`,
    )
  return name
}

/** RFC 5536 3.1.4: no group may have such a name, but those that control messages are filed in. */
function unreserved(name: Newsgroup): Newsgroup {
  if (isReserved(name) && !isControlGroup(name))
    throw new ControlFault(
      'usage',
      `${name} is reserved: choose a name other than example.*, to.* and poster`,
    )
  return name
}

function definitionOf({ status, description }: Omit<GroupChange, 'name'>) {
  if (status !== undefined && !groupStatus.test(status))
    throw new ControlFault('usage', `${status} is no status: expected y, n, m, j, x or =other.group`)
  return { ...(status !== undefined && { status }), ...(description !== undefined && { description }) }
}

function patternOf(text: string): Wildmat {
  const pattern = Wildmat.parse(text)
  if (pattern === undefined)
    throw new ControlFault('usage', `${text} is no wildmat: expected patterns such as "comp.*,!comp.os.*"`)
  return pattern
}
