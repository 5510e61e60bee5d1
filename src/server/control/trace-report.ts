/** What became of one article, for `tidings article trace`. RFC 5536 3.1.5, RFC 5537 3.2.1 */
import { z } from 'zod'
import type { Config, PeerConfig } from '../../config/config.ts'
import type { Node } from '../../feed/node.ts'
import type { LastAnswer } from '../../feed/outgoing/last-answers.ts'
import type { PeerStanding } from '../../feed/outgoing/outgoing.ts'
import type { Why } from '../../feed/peers/peer.ts'
import { checkOf, retrace } from '../../feed/trace/retrace.ts'
import { Hierarchies } from '../../hierarchies.ts'
import { type PathEntry, parsePath } from '../../path.ts'
import { articleIn } from '../../storage/article/stored-article.ts'
import type { Arrival, ArrivalRow } from '../../storage/reading.ts'

const amount = z.number().min(0)

export const traceSchema = z.object({
  messageId: z.string(),
  /** `have`, `expired`, `gone` (was cancelled, here or before it came), `committing`, `new`: as CHECK sees it. */
  known: z.string(),
  /** Seconds since 1970, where it is gone and that is known. */
  since: amount.optional(),
  /** Absent where it is not here. */
  stored: z
    .object({
      arrival: amount,
      /** Seconds since 1970. */
      time: amount,
      /** `peer:NAME`, `post:ACCOUNT`, `import`, `pull:HOST`. */
      source: z.string(),
      octets: amount,
      filings: z.array(z.object({ group: z.string(), number: amount })).readonly(),
      distributions: z.array(z.string()).readonly(),
      /** In the order in which the article went. */
      path: z.array(z.object({ entry: z.string(), note: z.string() })).readonly(),
      /** What it was examined for, run again: `verdict` is `passed`, `refused` or `not repeated`. */
      checks: z.array(z.object({ check: z.string(), verdict: z.string(), text: z.string() })).readonly(),
    })
    .optional(),
  peers: z
    .array(
      z.object({
        name: z.string(),
        outcome: z.string(),
        text: z.string(),
        /** The response code of its last answer for the article, where that is remembered. */
        code: amount.optional(),
      }),
    )
    .readonly(),
  /** Lately, oldest first; `check` is the one that refused it, as in `checks`. */
  refusals: z
    .array(
      z.object({
        time: amount,
        source: z.string(),
        check: z.string(),
        reason: z.string(),
        text: z.string(),
      }),
    )
    .readonly(),
})
export type Trace = z.infer<typeof traceSchema>

export interface TraceParts {
  readonly node: Node
  readonly config: Config
}

export async function traceArticle(messageId: string, { node, config }: TraceParts): Promise<Trace> {
  const { reading, history } = node.storage
  const known = await history.lookup(messageId)
  const refusals = node.refusals
    .of(messageId)
    .map(({ time, source, reason, text }) => ({ time, source, check: checkOf(reason), reason, text }))
  const located = await reading.locateId(messageId)
  const row = located && (await rowOf(node, located.arrival))
  if (row === undefined) return { messageId, ...(await absence(known, messageId, node)), peers: [], refusals }
  const told = config.peer.map(async peer => ({
    name: peer.name,
    ...standingOf(await node.peering.standing(peer.name, row), peer),
  }))
  return {
    messageId,
    known,
    stored: await storedOf(row, node, config),
    peers: await Promise.all(told),
    refusals,
  }
}

async function absence(known: string, messageId: string, { storage }: Node) {
  const gone = known === 'gone' ? await storage.history.gone(messageId) : undefined
  return { known: gone?.why === 'expired' ? 'expired' : known, ...(gone && { since: gone.time }) }
}

async function rowOf({ storage }: Node, arrival: Arrival): Promise<ArrivalRow | undefined> {
  const [row] = await storage.reading.arrivals((arrival - 1) as Arrival, 1)
  return row?.arrival === arrival ? row : undefined
}

async function storedOf(
  row: ArrivalRow,
  { storage }: Node,
  config: Config,
): Promise<NonNullable<Trace['stored']>> {
  const { reading } = storage
  const filings = row.filings.map(async ({ group, number }) => ({
    group: (await reading.groupById(group))?.name ?? '',
    number,
  }))
  const { arrival, time, source, size: octets, distributions } = row
  const stored = await reading.article(arrival)
  const article = stored && articleIn(stored)
  const path = hops(article?.header('Path') ?? '')
  const group = (name: string) => storage.active.named(name)
  const hierarchies = new Hierarchies(config.hierarchy)
  const isPrivate = (name: string) => hierarchies.isPrivate(name)
  const facts = { config, group, isPrivate, limit: storage.horizon.horizon }
  const checks = article ? retrace(article, row, facts) : []
  return { arrival, time, source, octets, filings: await Promise.all(filings), distributions, path, checks }
}

/** Path from the poster to us. */
export function hops(path: string): NonNullable<Trace['stored']>['path'] {
  const entries = path === '' ? [] : parsePath(path).entries
  const steps: { entry: string; note: string }[] = []
  for (const [at, entry] of [...entries.entries()].reverse()) {
    if (entry.kind === 'empty') continue
    const verified = entries[at - 1]?.kind === 'empty'
    const note =
      at === entries.length - 1 ? 'the poster wrote it' : at === 0 ? 'this node' : noteOf(entry, verified)
    steps.push({ entry: entry.text, note })
  }
  return steps
}

function noteOf(entry: PathEntry, verified: boolean): string {
  if (entry.kind === 'identity')
    return verified ? 'passed it on; the next site knew it for certain' : 'passed it on'
  if (entry.kind !== 'diagnostic') return 'no path identity'
  const { keyword, id } = entry
  switch (keyword) {
    case 'POSTED':
      return id === '' ? 'posted at the next site' : `posted at the next site, from ${id}`
    case 'MISMATCH':
      return `the next site had it from ${id}, which is not the site before`
    case 'SEEN':
      return `the next site had it from ${id}, and could not tell who that is`
    default:
      return 'a diagnostic of the next site'
  }
}

type PeerTold = Omit<Trace['peers'][number], 'name'>

function standingOf(found: PeerStanding | undefined, peer: PeerConfig): PeerTold {
  if (found === undefined) return { outcome: 'not fed', text: 'nothing is sent to it: it has no to and send' }
  if (!found.send) return { outcome: found.why, text: refusalText(found.why, peer) }
  const { answer } = found
  const said = answer !== undefined && answer.code > 0 ? { code: answer.code } : {}
  switch (found.standing) {
    case 'done':
      return { outcome: 'offered', text: settledText(answer), ...said }
    case 'waiting':
      return { outcome: 'waiting', text: 'wanted, and not answered yet' }
    case 'put off':
      return { outcome: 'put off', text: 'put off: it will be offered again', ...said }
    case 'ahead':
      return { outcome: 'waiting', text: 'wanted, and still ahead of its place' }
    case 'before':
      return {
        outcome: 'before',
        text: `not offered: it arrived before this peering began; "tidings peer backfill ${peer.name}" offers it`,
      }
  }
}

function settledText(answer: LastAnswer | undefined): string {
  switch (answer?.outcome) {
    case 'accepted':
      return 'sent, and it took it'
    case 'duplicate':
      return 'offered, and it had it already'
    case 'rejected':
    case 'refused':
      return 'sent, and it refused it for good'
    case 'gone':
      return 'wanted, and gone from here before it could be sent'
    default:
      return 'offered, and settled: it took it, had it already, or refused it'
  }
}

function refusalText(why: Why, { send = '', max_bytes, distributions }: PeerConfig): string {
  switch (why) {
    case 'no article':
      return 'not sent: it is no article'
    case 'private':
      return 'not sent: it is in a private hierarchy'
    case 'local only':
      return 'not sent: it is kept for readers here alone'
    case 'source':
      return 'not sent: it came from there'
    case 'path':
      return 'not sent: Path says that it has been there'
    case 'size':
      return `not sent: it is larger than max_bytes, ${max_bytes}`
    case 'distribution':
      return `not sent: its Distribution does not match "${distributions}"`
    case 'groups':
      return `not sent: its groups do not match "${send}"`
  }
}
