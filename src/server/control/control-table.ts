/** The requests of the control socket: names, checked arguments, and what they ask of the node. */
import { z } from 'zod'
import { type Audit, noAudit } from '../../audit/audit-log.ts'
import type { Log } from '../../log.ts'
import { backupOptionsSchema } from './backup-control.ts'
import { maxPiece } from './control-message.ts'
import type { ControlContext, ControlRequest } from './control-session.ts'
import { expireOptionsSchema } from './expiry-control.ts'
import type { MailControl } from './mail-control.ts'
import { modeChangeSchema } from './mode-control.ts'
import type { ModerateControl } from './moderate-control.ts'
import {
  type ArticleCopy,
  activeRowSchema,
  ControlFault,
  exportOptionsSchema,
  groupChangeSchema,
  importOptionsSchema,
  type NodeControl,
  pullOptionsSchema,
} from './node-control.ts'
import { backfillOptionsSchema } from './peer-control.ts'
import { userChangeSchema } from './user-control.ts'
import { verifyOptionsSchema } from './verify-control.ts'

interface Row<T> {
  readonly args: z.ZodType<T>
  readonly blobLimit?: number
  run(args: T, context: ControlContext): Promise<unknown> | AsyncIterable<unknown>
}

/** Octets of an article file; what an article may have at most is for the feed to say. */
const largestPost = 64 * 1024 * 1024

/** Octets. */
const largestPassword = 4096

/** Characters: with a message-ID it fits into a line of the audit log. */
const longestReason = 200

const nothing = z.object({}).optional()
const named = z.object({ name: z.string() })
const articleNamed = z.object({ messageId: z.string() })
const tailOptions = z.object({ wildmat: z.string(), since: z.int().min(0).optional() })

/** Requests that only look are not logged. */
const looks = new Set([
  'status',
  'group.list',
  'article.show',
  'article.trace',
  'tail',
  'export',
  'peer.list',
  'peer.pulls',
  'peer.show',
  'user.list',
  'moderate.list',
  'moderate.show',
  'mail.list',
  'mail.show',
  'mode.show',
])

export function controlTable(
  node: NodeControl,
  log: Log,
  audit = noAudit,
): ReadonlyMap<string, ControlRequest> {
  const table = new Map<string, ControlRequest>()
  const add = <T>(cmd: string, row: Row<T>) => table.set(cmd, checked(cmd, { row, log, audit }))
  add('status', { args: nothing, run: () => node.status() })
  add('group.list', { args: z.object({ wildmat: z.string() }), run: ({ wildmat }) => node.groups(wildmat) })
  add('group.add', { args: groupChangeSchema, run: group => node.addGroup(group) })
  add('group.remove', { args: named, run: ({ name }) => node.removeGroup(name) })
  add('group.set', { args: groupChangeSchema, run: group => node.setGroup(group) })
  add('group.import', {
    args: z.object({ rows: z.array(activeRowSchema).max(500) }),
    run: ({ rows }) => node.importActive(rows),
  })
  add('article.show', { args: articleNamed, run: ({ messageId }) => show(node, messageId) })
  add('article.trace', { args: articleNamed, run: ({ messageId }) => node.trace(messageId) })
  add('article.cancel', {
    args: articleNamed.extend({ send: z.boolean().optional() }),
    run: ({ messageId, send }) => node.cancel(messageId, send === true),
  })
  add('post', { args: nothing, blobLimit: largestPost, run: (_args, { blob }) => node.post(blob) })
  add('tail', { args: tailOptions, run: (options, { signal }) => node.tail(options, signal) })
  add('import', { args: importOptionsSchema, run: (options, { signal }) => node.import(options, signal) })
  add('pull', { args: pullOptionsSchema, run: (options, { signal }) => node.pull(options, signal) })
  add('export', {
    args: exportOptionsSchema,
    run: (options, { signal }) => exported(node.export(options, signal)),
  })
  add('expire', { args: expireOptionsSchema, run: (options, { signal }) => node.expire(options, signal) })
  add('search.rebuild', { args: nothing, run: () => node.rebuildSearch() })
  add('verify', { args: verifyOptionsSchema, run: (options, { signal }) => node.verify(options, signal) })
  add('backup', { args: backupOptionsSchema, run: (options, { signal }) => node.backup(options, signal) })
  add('peer.list', { args: nothing, run: () => node.peers.list() })
  add('peer.pulls', { args: nothing, run: async () => node.peers.pulls() })
  add('peer.show', { args: named, run: ({ name }) => node.peers.show(name) })
  add('peer.start', { args: named, run: ({ name }) => node.peers.start(name) })
  add('peer.stop', { args: named, run: ({ name }) => node.peers.stop(name) })
  add('peer.flush', { args: named, run: ({ name }) => node.peers.flush(name) })
  add('peer.backfill', {
    args: backfillOptionsSchema,
    run: (options, { signal }) => node.peers.backfill(options, signal),
  })
  add('peer.test', { args: named, run: ({ name }, { signal }) => node.peers.test(name, signal) })
  addUsers(add, node)
  addHeld(add, node)
  addMail(add, node)
  addMode(add, node)
  add('reload', { args: nothing, run: () => node.reload() })
  add('stop', { args: nothing, run: async () => node.stop() })
  return table
}

type Add = <T>(cmd: string, row: Row<T>) => void

/** Passwords come as octets beside the arguments, which are logged. */
function addUsers(add: Add, { users }: NodeControl): void {
  add('user.list', { args: nothing, run: () => users.list() })
  add('user.add', {
    args: userChangeSchema,
    blobLimit: largestPassword,
    run: (change, { blob }) => users.add(change, blob.toString()),
  })
  add('user.set', {
    args: userChangeSchema,
    blobLimit: largestPassword,
    run: (change, { blob }) => users.set(change, blob.toString()),
  })
  add('user.remove', { args: named, run: ({ name }) => users.remove(name) })
}

/** The reason for a rejection is one of the arguments, so it stands in the log and the audit log. */
function addHeld(add: Add, { held }: NodeControl): void {
  const reasoned = articleNamed.extend({ reason: z.string().max(longestReason).optional() })
  add('moderate.list', { args: nothing, run: () => held.list() })
  add('moderate.show', { args: articleNamed, run: ({ messageId }) => showHeld(held, messageId) })
  add('moderate.release', { args: articleNamed, run: ({ messageId }) => held.release(messageId) })
  add('moderate.reject', { args: reasoned, run: ({ messageId }) => held.reject(messageId) })
}

function addMail(add: Add, { mail }: NodeControl): void {
  const one = z.object({ id: z.int().min(0) })
  add('mail.list', { args: nothing, run: () => mail.list() })
  add('mail.show', { args: one, run: ({ id }) => showMail(mail, id) })
  add('mail.retry', { args: one.partial(), run: ({ id }) => mail.retry(id) })
  add('mail.drop', { args: one, run: ({ id }) => mail.drop(id) })
}

function addMode(add: Add, { mode }: NodeControl): void {
  add('mode.show', { args: nothing, run: async () => mode.state })
  add('mode.set', {
    args: modeChangeSchema,
    run: async ({ mode: wanted, reason }) => {
      mode.set(wanted, reason)
      return mode.state
    },
  })
}

async function* showHeld(held: ModerateControl, messageId: string): AsyncGenerator<unknown> {
  const copy = await held.find(messageId)
  if (copy === undefined) throw new ControlFault('refused', `no article ${messageId} is held for release`)
  yield copy.row
  yield* pieces(copy.text)
}

async function* showMail(mail: MailControl, id: number): AsyncGenerator<unknown> {
  yield* pieces(await mail.show(id))
}

function* pieces(octets: Buffer): Generator<{ readonly data: string }> {
  for (let at = 0; at < octets.length; at += maxPiece)
    yield { data: octets.subarray(at, at + maxPiece).toString('base64') }
}

interface Checking<T> {
  readonly row: Row<T>
  readonly log: Log
  readonly audit: Audit
}

function checked<T>(cmd: string, { row, log, audit }: Checking<T>): ControlRequest {
  return {
    ...(row.blobLimit === undefined ? {} : { blobLimit: row.blobLimit }),
    run(args, context) {
      const parsed = row.args.safeParse(args)
      if (!parsed.success) throw new ControlFault('usage', `${cmd}: ${z.prettifyError(parsed.error)}`)
      if (looks.has(cmd)) return row.run(parsed.data, context)
      const text = JSON.stringify(args ?? {}).slice(0, 500)
      log.info({ cmd, args: text }, 'control request')
      const record = (result: string) => audit.record('admin', { cmd, args: text, result })
      return recorded(row.run(parsed.data, context), record)
    },
  }
}

/** A stream counts as begun, anything else as what came of it. */
function recorded(
  result: Promise<unknown> | AsyncIterable<unknown>,
  record: (result: string) => void,
): Promise<unknown> | AsyncIterable<unknown> {
  if (!(result instanceof Promise)) {
    record('begun')
    return result
  }
  const failed = (error: unknown) => {
    record(error instanceof ControlFault ? error.code : 'internal')
    throw error
  }
  return result.then(value => {
    record('done')
    return value
  }, failed)
}

async function* show(node: NodeControl, messageId: string): AsyncGenerator<unknown> {
  const copy: ArticleCopy | undefined = await node.article(messageId)
  if (copy === undefined) throw new ControlFault('refused', `no article ${messageId}`)
  yield { messageId: copy.messageId, filings: copy.filings }
  yield* pieces(copy.text)
}

/** Articles in pieces that fit a frame, each with the number of the article it belongs to. */
async function* exported(pieces: ReturnType<NodeControl['export']>): AsyncGenerator<unknown> {
  let article = 0
  for await (const { octets, path = '' } of pieces) {
    article++
    for (let at = 0; at < octets.length; at += maxPiece)
      yield { path, article, data: octets.subarray(at, at + maxPiece).toString('base64') }
  }
}
