/** What an administrator may ask about the peers of a running node, as the control socket and the program see it. */
import { z } from 'zod'

const amount = z.number().min(0)
const texts = z.array(z.string()).readonly()

/** One connection that is open now. */
const linkSchema = z.object({
  /** Of the other end. */
  address: z.string(),
  /** Version, such as TLSv1.3; empty in the clear. */
  tls: z.string(),
  /**
   * Where we call, what proved its certificate: `authority` or `pin`. Where it calls, what proved that it is the peer:
   * `certificate`, `account` or `address`. Empty where nothing did.
   */
  proof: z.string(),
  /** The account of who called, where there was a login. */
  login: z.string(),
  compressed: z.boolean(),
})
export type PeerLink = z.infer<typeof linkSchema>

const outSchema = z.object({
  /** `idle`, `connecting`, `feeding`, `waiting` (for the next call) or `stopped`. */
  state: z.string(),
  connections: amount,
  links: z.array(linkSchema).readonly(),
  /** Everything up to this arrival is answered, but for what was put off. */
  cursor: amount,
  /** Arrivals behind the newest, wanted or not. */
  behind: amount,
  /** Seconds since the oldest article that waits for it arrived. */
  lag: amount,
  /** Articles it wants that are not answered, those put off included. */
  waiting: amount,
  /** Articles put off. */
  deferred: amount,
  /** Articles accepted a second, over the last minute. */
  rate: amount,
  octets: amount,
  offered: amount,
  accepted: amount,
  duplicate: amount,
  /** Refused for good. */
  rejected: amount,
  /** Times that an article was put off. */
  putOff: amount,
  /** Expired or cancelled here before they could be delivered. */
  gone: amount,
  answers: z.array(z.object({ code: amount, count: amount })).readonly(),
  lastError: z.string(),
  /** Seconds since 1970; 0 where there was none. */
  lastErrorTime: amount,
  /** Seconds since 1970: since when it is counted, and the first and the last answer, 0 where there was none. */
  since: amount,
  first: amount,
  last: amount,
  /** Seconds until it is called again. */
  retryIn: amount,
})

const inSchema = z.object({
  links: z.array(linkSchema).readonly(),
  offered: amount,
  duplicate: amount,
  putOff: amount,
  useful: amount,
  late: amount,
  deferred: amount,
  refused: z.array(z.object({ reason: z.string(), text: z.string(), count: amount })).readonly(),
  octets: amount,
  rate: amount,
  /** Seconds since 1970: since when it is counted, and the first and the last thing that came, 0 where nothing did. */
  since: amount,
  first: amount,
  last: amount,
})

export const peerReportSchema = z.object({
  name: z.string(),
  aliases: texts,
  to: texts,
  /** Addresses, certificates and the account that it is known by when it calls, in words. */
  from: texts,
  accept: z.string(),
  send: z.string().optional(),
  /** What it is sent; absent where that is nothing. */
  out: outSchema.optional(),
  /** What it feeds us. */
  in: inSchema,
})
export type PeerReport = z.infer<typeof peerReportSchema>

export const peerTestItemSchema = z.union([
  z.object({ what: z.string(), text: z.string() }),
  z.object({ ok: z.boolean(), sentence: z.string() }),
])
/** What was found out, one after the other, and at the end the verdict. */
export type PeerTestItem = z.infer<typeof peerTestItemSchema>

export const pullReportSchema = z.object({
  /** `host:port` */
  from: z.string(),
  groups: z.string(),
  /** `waiting` or `pulling`. */
  state: z.string(),
  /** Seconds since 1970 of the last pull that came to its end; 0 where there was none. */
  last: amount,
  /** Milliseconds until the next one. */
  nextIn: amount,
  fetched: amount,
  accepted: amount,
  refused: amount,
  /** In a row. */
  failures: amount,
  lastError: z.string(),
})
export type PullReport = z.infer<typeof pullReportSchema>

export const backfillOptionsSchema = z.object({
  name: z.string(),
  groups: z.string(),
  /** Seconds since 1970. */
  since: amount,
})
export type BackfillOptions = z.infer<typeof backfillOptionsSchema>

export const backfillProgressSchema = z.object({
  /** Arrivals looked at, and all there are to look at. */
  done: amount,
  total: amount,
  offered: amount,
  accepted: amount,
  duplicate: amount,
  rejected: amount,
  gone: amount,
  waiting: amount,
  lastError: z.string(),
  /** All is answered. */
  complete: z.boolean(),
})
export type BackfillProgress = z.infer<typeof backfillProgressSchema>

/** Counted from when the peer was configured, over restarts. */
export interface PeerControl {
  list(): Promise<readonly PeerReport[]>
  /** `refused` where there is no such peer, here and below. */
  /** The servers that are read on a schedule. */
  pulls(): readonly PullReport[]
  show(name: string): Promise<PeerReport>
  /** False where it was not stopped. */
  start(name: string): Promise<boolean>
  /** Sends it nothing until `start` or a new start of the node. False where it was stopped already. */
  stop(name: string): Promise<boolean>
  /** Calls it now and offers now what was put off. */
  flush(name: string): Promise<void>
  /** Offers again what arrived since then in matching groups; ends when all is answered or `signal` aborts. */
  backfill(options: BackfillOptions, signal: AbortSignal): AsyncIterable<BackfillProgress>
  /** Calls it, asks for leave to transfer, and sends nothing. */
  test(name: string, signal: AbortSignal): AsyncIterable<PeerTestItem>
}
