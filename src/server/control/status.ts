/** The state of a node in one value, for `tidings status`, the metrics and the readiness check. */
import type { Config } from '../../config/config.ts'
import type { Node } from '../../feed/node.ts'
import type { ArrivalRow } from '../../storage/reading.ts'
import type { NntpServer } from '../server.ts'
import type { Status } from './node-control.ts'

export interface StatusParts {
  readonly node: Node
  readonly nntp: NntpServer
  readonly config: () => Config
  readonly version: string
  readonly listening: Status['listening']
  /** Found at the start. */
  readonly warnings: readonly string[]
}

export async function nodeStatus(parts: StatusParts): Promise<Status> {
  const { node, nntp, config, version, listening, warnings } = parts
  const { storage, peering } = node
  const newest = storage.unfinished ? undefined : await newestOf(storage.reading)
  const oldest = storage.unfinished ? undefined : await oldestOf(storage.reading)
  const expiry = node.expirer.status()
  const scrub = node.verifier.status()
  const trouble = storage.paused
  return {
    version,
    pid: process.pid,
    uptime: process.uptime(),
    pathIdentity: config().node.path_identity,
    listening,
    groups: storage.active.size,
    articles: storage.active.articles,
    ...(newest && { newest }),
    connections: nntp.connections,
    held: storage.held.count,
    journalBytes: storage.journalOctets,
    freeBytes: storage.space.free,
    diskBytes: storage.space.total,
    expiry: { ...expiry, ...(oldest !== undefined && { oldest }) },
    scrub,
    search: node.search.status,
    warnings: [...warnings, ...waiting(expiry), ...damaged(scrub), ...(await unsent(node.mailer))],
    troubles: trouble ? [trouble.text] : [],
    peers: peering.status().map(({ name, state, connections, behind, lag, deferred, lastError }) => ({
      name,
      state,
      connections,
      behind,
      lag,
      deferred,
      lastError,
    })),
  }
}

const waiting = ({ waits }: Status['expiry']): string[] =>
  waits === '' ? [] : [`expiry and the age limit wait: ${waits}`]

function damaged({ found, example }: Status['scrub']): string[] {
  return found === 0 ? [] : [`the store is damaged (${example}): run "tidings verify --repair"`]
}

/** Failures, each after twice the time of the one before: about a quarter of an hour. */
const failuresToTell = 5

/** Who posted to a moderated newsgroup was told that the moderator has it. */
async function unsent(mailer: Node['mailer']): Promise<string[]> {
  const [oldest] = await mailer.waiting(1)
  if (oldest === undefined) return []
  const since = new Date(oldest.time * 1000).toISOString().slice(0, 10)
  if (!mailer.sends)
    return [`mail waits since ${since}, for there is no mail server: set mail.smtp ("tidings mail list")`]
  return oldest.tries < failuresToTell ? [] : [`mail waits since ${since}: "tidings mail list" says why`]
}

async function newestOf(reading: Node['storage']['reading']): Promise<Status['newest']> {
  const { newest } = reading
  if (newest === 0) return undefined
  // An index that was made again has rows of articles alone: the newest arrivals may have none.
  const near = await reading.arrivals(Math.max(0, newest - 64) as typeof newest, 64)
  const row = near.at(-1) ?? (await lastRowOf(reading))
  return row && { arrival: newest, time: row.time }
}

/** However many arrivals without rows come behind it. */
async function lastRowOf(reading: Node['storage']['reading']): Promise<ArrivalRow | undefined> {
  const last = await reading.arrivalBefore(Number.POSITIVE_INFINITY)
  const [row] = await reading.arrivals(Math.max(0, last - 1) as typeof last, 1)
  return row
}

/** Of the first rows: behind a few that are of something else there is an article. */
async function oldestOf(reading: Node['storage']['reading']): Promise<number | undefined> {
  const rows = await reading.arrivals(0 as typeof reading.newest, 64)
  return rows.find(row => row.kind === 'article')?.time
}
