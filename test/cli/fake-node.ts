/** A node that remembers what it was asked, behind a real control socket in a temporary folder. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runProgram } from '../../src/cli/program.ts'
import { systemClock } from '../../src/clock.ts'
import { NodeMode } from '../../src/feed/node-mode.ts'
import { silentLog } from '../../src/log.ts'
import type { BackupRequest } from '../../src/server/control/backup-control.ts'
import { ControlSocket } from '../../src/server/control/control-socket.ts'
import { controlTable } from '../../src/server/control/control-table.ts'
import type { ExpireOptions, ExpireProgress } from '../../src/server/control/expiry-control.ts'
import {
  type ActiveOutcome,
  type ActiveRow,
  type ArticleCopy,
  ControlFault,
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
} from '../../src/server/control/node-control.ts'
import type { Trace } from '../../src/server/control/trace-report.ts'
import type { VerifyOptions, VerifyProgress } from '../../src/server/control/verify-control.ts'
import type { BackupProgress } from '../../src/storage/backup/backup.ts'
import { FakeHeld } from './fake-held.ts'
import { FakeMail } from './fake-mail.ts'
import { FakePeers } from './fake-peers.ts'
import { FakeProcess } from './fake-process.ts'
import { FakeUsers } from './fake-users.ts'

export const quietStatus: Status = {
  version: '1.2.3',
  pid: 7,
  uptime: 11_520,
  pathIdentity: 'news.example.org',
  listening: { nntp: ['127.0.0.1:1119'], nntps: [], web: ['127.0.0.1:8119'], webs: [], admin: [] },
  groups: 3,
  articles: 12_345,
  connections: 2,
  held: 0,
  journalBytes: 1_200_000,
  freeBytes: 12_300_000_000,
  diskBytes: 50_000_000_000,
  scrub: { lastRound: 0, checked: 0, found: 0, example: '' },
  expiry: { articles: 0, octets: 0, lastRun: 0, waits: '' },
  search: { enabled: true, behind: 0, articles: 0, octets: 0 },
  warnings: [],
  troubles: [],
  peers: [],
}

const group = (change: GroupChange): GroupRow => ({
  status: 'y',
  description: '',
  low: 1,
  high: 0,
  count: 0,
  created: 0,
  creator: 'control',
  ...Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)),
  name: change.name,
})

export class FakeNode implements NodeControl {
  readonly peers = new FakePeers()
  readonly users = new FakeUsers()
  readonly held = new FakeHeld()
  readonly mail = new FakeMail()
  readonly mode = new NodeMode({ pause() {} })
  state: Status = quietStatus
  rows: GroupRow[] = [group({ name: 'local.general', description: 'Talk' }), group({ name: 'local.test' })]
  traced: Trace = { messageId: '', known: 'new', peers: [], refusals: [] }
  articles = new Map<string, ArticleCopy>()
  events: TailEvent[] = []
  progress: ImportProgress[] = []
  pulled: PullProgress[] = []
  expired: ExpireProgress[] = []
  verified: VerifyProgress[] = []
  backups: BackupProgress[] = []
  pieces: ExportPiece[] = []
  verdict: PostOutcome = { outcome: 'accepted', messageId: '<1@example>', filings: [], reason: '' }
  outcome: ReloadOutcome = { applied: [], restart: [], warnings: [] }
  posted: Buffer | undefined
  imported: ImportOptions | undefined
  activeRows: ActiveRow[] = []
  readonly calls: unknown[] = []
  /** Keeps a stream open after its last item, until the client goes. */
  hang = false
  onStop: () => void = () => {}

  async status() {
    return this.state
  }
  async *groups(wildmat: string) {
    this.calls.push(wildmat)
    yield this.rows
  }
  async addGroup(change: GroupChange) {
    if (this.rows.some(row => row.name === change.name))
      throw new ControlFault('refused', `${change.name} exists`)
    this.calls.push(change)
    return group(change)
  }
  async removeGroup(name: string) {
    this.calls.push(name)
  }
  async setGroup(change: GroupChange) {
    this.calls.push(change)
    return group(change)
  }
  async importActive(rows: readonly ActiveRow[]): Promise<ActiveOutcome> {
    this.calls.push(rows.length)
    this.activeRows.push(...rows)
    const refused = rows
      .filter(row => row.name.startsWith('bad'))
      .map(row => ({ name: row.name, reason: 'bad name' }))
    return { created: rows.length - refused.length, changed: 0, unchanged: 0, refused }
  }
  async article(messageId: string) {
    return this.articles.get(messageId)
  }
  async trace(messageId: string) {
    return { ...this.traced, messageId }
  }
  async cancel(messageId: string, send: boolean) {
    if (!this.articles.has(messageId)) throw new ControlFault('refused', `no article ${messageId}`)
    this.calls.push(messageId, send)
  }
  async post(text: Buffer) {
    this.posted = text
    return this.verdict
  }
  async *tail(options: { wildmat: string; since?: number | undefined }, signal: AbortSignal) {
    this.calls.push(options)
    yield* this.events
    await this.#wait(signal)
  }
  async *import(options: ImportOptions, signal: AbortSignal) {
    this.imported = options
    yield* this.progress
    await this.#wait(signal)
  }
  async *expire(options: ExpireOptions) {
    this.calls.push(options)
    yield* this.expired
  }
  async rebuildSearch() {
    this.calls.push('search.rebuild')
  }
  async *verify(options: VerifyOptions) {
    this.calls.push(options)
    yield* this.verified
  }
  async *pull(options: PullOptions, signal: AbortSignal) {
    this.calls.push(options)
    yield* this.pulled
    await this.#wait(signal)
  }
  async *export(options: unknown) {
    this.calls.push(options)
    yield* this.pieces
  }
  async *backup(options: BackupRequest) {
    this.calls.push(options)
    yield* this.backups
  }
  async reload() {
    return this.outcome
  }
  stop() {
    this.onStop()
  }

  async #wait(signal: AbortSignal): Promise<void> {
    if (this.hang && !signal.aborted)
      await new Promise<void>(resolve => signal.addEventListener('abort', () => resolve()))
    this.calls.push('ended')
  }
}

/** A folder with a configuration, and the node that it names. */
export class Site implements AsyncDisposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'tidings-site-'))
  readonly node = new FakeNode()
  #control: ControlSocket | undefined

  static async open(): Promise<Site> {
    const site = new Site()
    mkdirSync(join(site.folder, 'conf'))
    writeFileSync(site.config, '[[access]]\n')
    await site.start()
    return site
  }

  get config(): string {
    return join(this.folder, 'conf', 'tidings.toml')
  }

  async start(): Promise<void> {
    this.#control = await ControlSocket.open({
      path: join(this.folder, 'run', 'control.sock'),
      table: controlTable(this.node, silentLog),
      log: silentLog,
      clock: systemClock,
    })
    this.node.onStop = () => void this.stop()
  }

  async stop(): Promise<void> {
    await this.#control?.close()
  }

  /** Runs one command line in `around`, with this site's configuration. */
  async run(words: readonly string[], around = new FakeProcess()) {
    const code = await runProgram([...words, '--config', this.config], around)
    return { code, out: around.stdout.text, err: around.stderr.text }
  }

  async json(...words: string[]) {
    return JSON.parse((await this.run([...words, '--json'])).out)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
    rmSync(this.folder, { recursive: true })
  }
}
