/** What an administrator may ask of a running node, as the control socket and the `tidings` program see it. */
import { z } from 'zod'
import type { BackupProgress } from '../../storage/backup/backup.ts'
import type { BackupRequest } from './backup-control.ts'
import { type ExpireOptions, type ExpireProgress, expiryStatusSchema } from './expiry-control.ts'
import type { MailControl } from './mail-control.ts'
import type { ModeControl } from './mode-control.ts'
import type { ModerateControl } from './moderate-control.ts'
import type { PeerControl } from './peer-control.ts'
import type { Trace } from './trace-report.ts'
import type { UserControl } from './user-control.ts'
import { scrubStatusSchema, type VerifyOptions, type VerifyProgress } from './verify-control.ts'

/** Why a request failed, in the words of sysexits; the program turns each into its exit code. */
export const faultCodes = [
  'refused',
  'usage',
  'data',
  'unavailable',
  'internal',
  'create',
  'io',
  'retry',
  'permission',
  'config',
  'cancelled',
] as const
export type FaultCode = (typeof faultCodes)[number]

/** Thrown by a `NodeControl` for what the administrator shall read; anything else becomes `internal`. */
export class ControlFault extends Error {
  readonly code: FaultCode

  constructor(code: FaultCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'ControlFault'
    this.code = code
  }
}

/** Undefined for anything else. */
export const faultOf = (error: unknown): ControlFault | undefined =>
  error instanceof ControlFault ? error : undefined

const texts = z.array(z.string()).readonly()
const amount = z.number().min(0)

export const statusSchema = z.object({
  version: z.string(),
  pid: z.int(),
  /** Seconds. */
  uptime: amount,
  pathIdentity: z.string(),
  listening: z.object({ nntp: texts, nntps: texts, web: texts, webs: texts, admin: texts }),
  groups: amount,
  /** In the groups: a crosspost counts in each of its groups. */
  articles: amount,
  /** Arrival and time (seconds since 1970) of the last entry of the log; absent where it is empty. */
  newest: z.object({ arrival: amount, time: amount }).optional(),
  connections: amount,
  /** Articles that wait for an administrator. */
  held: amount,
  /** Octets that a start would replay. */
  journalBytes: amount,
  /** Octets left for the store. */
  freeBytes: amount,
  /** Octets of its file system. */
  diskBytes: amount,
  expiry: expiryStatusSchema,
  scrub: scrubStatusSchema,
  search: z.object({
    enabled: z.boolean(),
    /** Arrivals that cannot be found yet. */
    behind: amount,
    /** Articles that can. */
    articles: amount,
    /** Octets that its index takes, about. */
    octets: amount,
  }),
  /** Things to know: running as root, tmpfs, little space. */
  warnings: texts,
  /** Why the node takes no articles or clients now; empty while all is well. */
  troubles: texts,
  peers: z
    .array(
      z.object({
        name: z.string(),
        state: z.string(),
        connections: amount,
        /** Arrivals it has not been offered. */
        behind: amount,
        /** Seconds since the oldest article that waits for it arrived. */
        lag: amount,
        /** Articles put off. */
        deferred: amount,
        lastError: z.string(),
      }),
    )
    .readonly(),
})
export type Status = z.infer<typeof statusSchema>

export const groupRowSchema = z.object({
  name: z.string(),
  status: z.string(),
  description: z.string(),
  low: amount,
  high: amount,
  count: amount,
  /** Seconds since 1970. */
  created: amount,
  creator: z.string(),
})
export type GroupRow = z.infer<typeof groupRowSchema>

export const groupChangeSchema = z.object({
  name: z.string(),
  status: z.string().optional(),
  description: z.string().optional(),
})
export type GroupChange = z.infer<typeof groupChangeSchema>

/** A line of an `active` file, with its description where there is one. */
export const activeRowSchema = z.object({
  name: z.string(),
  high: amount,
  low: amount,
  status: z.string(),
  description: z.string().optional(),
})
export type ActiveRow = z.infer<typeof activeRowSchema>

export const activeOutcomeSchema = z.object({
  created: amount,
  changed: amount,
  unchanged: amount,
  refused: z.array(z.object({ name: z.string(), reason: z.string() })),
})
export type ActiveOutcome = z.infer<typeof activeOutcomeSchema>

const filingSchema = z.object({ group: z.string(), number: amount })

export const postOutcomeSchema = z.object({
  outcome: z.enum(['accepted', 'mailed', 'held', 'rejected', 'deferred']),
  messageId: z.string(),
  filings: z.array(filingSchema).readonly(),
  /** The reason, where it was not accepted. */
  reason: z.string(),
})
export type PostOutcome = z.infer<typeof postOutcomeSchema>

export interface ArticleCopy {
  readonly messageId: string
  readonly filings: readonly z.infer<typeof filingSchema>[]
  /** Plain octets: CRLF, not dot-stuffed, with Xref. */
  readonly text: Buffer
}

export const tailEventSchema = z.object({
  arrival: amount,
  /** Seconds since 1970. */
  time: amount,
  kind: z.string(),
  source: z.string(),
  messageId: z.string(),
  filings: z.array(filingSchema).readonly(),
  /** As in the article, with octets from outside. */
  from: z.string(),
  subject: z.string(),
})
export type TailEvent = z.infer<typeof tailEventSchema>

export const importFormats = ['auto', 'mbox', 'maildir', 'rnews', 'spool', 'files'] as const
export const exportFormats = ['mbox', 'rnews', 'spool', 'jsonl'] as const

/** Paths are absolute, and read and written by the node. */
export const importOptionsSchema = z.object({
  paths: z.array(z.string()).min(1).readonly(),
  format: z.enum(importFormats),
  group: z.string().optional(),
  createGroups: z.boolean(),
  keepNumbers: z.boolean(),
  dryRun: z.boolean(),
  rejects: z.string().optional(),
})
export type ImportOptions = z.infer<typeof importOptionsSchema>

export const importProgressSchema = z.object({
  octetsDone: amount,
  octetsTotal: amount,
  articles: amount,
  accepted: amount,
  duplicates: amount,
  refused: amount,
  /** Why, the most frequent first, with where the first of them lies. */
  refusedFor: z
    .array(z.object({ reason: z.string(), text: z.string(), articles: amount, where: z.string() }))
    .readonly(),
  /** Articles a second. */
  rate: amount,
})
export type ImportProgress = z.infer<typeof importProgressSchema>

export const pullOptionsSchema = z.object({
  host: z.string(),
  port: z.int().min(1).max(65_535),
  groups: z.string(),
  /** Seconds since 1970. */
  since: amount.optional(),
  createGroups: z.boolean(),
  /** With the file of its password, an absolute path that the node reads. */
  account: z.object({ user: z.string(), passwordFile: z.string() }).optional(),
  tls: z.enum(['off', 'starttls', 'implicit']).default('off'),
  pin: z.array(z.string()).default([]),
  /** An absolute path that the node reads. */
  caFile: z.string().optional(),
})
export type PullOptions = z.infer<typeof pullOptionsSchema>

export const pullProgressSchema = z.object({
  done: amount,
  total: amount,
  groups: amount,
  unknownGroups: amount,
  fetched: amount,
  accepted: amount,
  known: amount,
  refused: amount,
  older: amount,
  missing: amount,
  octets: amount,
  rate: amount,
})
export type PullProgress = z.infer<typeof pullProgressSchema>

export const exportOptionsSchema = z.object({ format: z.enum(exportFormats), groups: z.string() })
export type ExportOptions = z.infer<typeof exportOptionsSchema>

/** One article. */
export interface ExportPiece {
  /** Where it goes below the output folder (`local/test/12`); absent for formats that are one file. */
  readonly path?: string
  readonly octets: Buffer
}

export const reloadOutcomeSchema = z.object({
  /** Keys that changed and count from now on. */
  applied: z.array(z.string()).readonly(),
  /** Keys that changed and need a restart. */
  restart: z.array(z.string()).readonly(),
  warnings: z.array(z.string()).readonly(),
})
export type ReloadOutcome = z.infer<typeof reloadOutcomeSchema>

/**
 * A running node. Everything that changes something resolves when the change is durable, and rejects with a
 * `ControlFault` that names the thing and the fix.
 */
export interface NodeControl {
  readonly peers: PeerControl
  readonly users: UserControl
  /** Articles that are held for release. */
  readonly held: ModerateControl
  /** Mails that wait for the mail server. */
  readonly mail: MailControl
  readonly mode: ModeControl
  status(): Promise<Status>
  /** Groups whose name matches, in name order, in batches of at most 500. */
  groups(wildmat: string): AsyncIterable<readonly GroupRow[]>
  /** `refused` where the group exists. */
  addGroup(group: GroupChange): Promise<GroupRow>
  removeGroup(name: string): Promise<void>
  /** Changes what is given; `refused` where there is no such group. */
  setGroup(group: GroupChange): Promise<GroupRow>
  /** At most 500 rows a call. Groups that exist get status and description; marks only ever grow. */
  importActive(rows: readonly ActiveRow[]): Promise<ActiveOutcome>
  article(messageId: string): Promise<ArticleCopy | undefined>
  /** Whence it came, and how far it is with each peer; for an article that is not here, who was refused with it. */
  trace(messageId: string): Promise<Trace>
  /** `refused` where there is no such article. */
  cancel(messageId: string, send: boolean): Promise<void>
  /** The article as it lies in a file: lines end with LF or CRLF. */
  post(text: Buffer): Promise<PostOutcome>
  /** Articles in matching groups as they arrive, after `since` where given; ends when `signal` aborts. */
  tail(
    options: { wildmat: string; since?: number | undefined },
    signal: AbortSignal,
  ): AsyncIterable<TailEvent>
  import(options: ImportOptions, signal: AbortSignal): AsyncIterable<ImportProgress>
  /** Rejects with `unavailable` where the other server ends it, and then goes on there when it is begun again. */
  pull(options: PullOptions, signal: AbortSignal): AsyncIterable<PullProgress>
  export(options: ExportOptions, signal: AbortSignal): AsyncIterable<ExportPiece>
  /** What expires now, or would: groups come last. The clock is trusted from then on. */
  expire(options: ExpireOptions, signal: AbortSignal): AsyncIterable<ExpireProgress>
  /** The whole store against itself; with `repair` what can be made again is. */
  /** Begins to make the index of the search anew; `refused` where there is none. */
  rebuildSearch(): Promise<void>
  verify(options: VerifyOptions, signal: AbortSignal): AsyncIterable<VerifyProgress>
  /** One at a time; `create` where the folder cannot be used. */
  backup(options: BackupRequest, signal: AbortSignal): AsyncIterable<BackupProgress>
  /** `config` with every error of the file, one a line, and then nothing has changed. */
  reload(): Promise<ReloadOutcome>
  /** Begins to stop, and does not wait for it. */
  stop(): void
}
