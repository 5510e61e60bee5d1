/** Calls a peer as the feed does, and sees how far it lets us; no article is sent. RFC 3977 5.2, RFC 4644 2.3, 2.4 */
import type { Clock } from '../../clock.ts'
import { safeText } from '../../reason.ts'
import type { Link } from '../link/link.ts'
import { NntpClient } from '../link/nntp-client.ts'
import { LinkNotes } from '../link/notes.ts'
import type { Reply } from '../link/reply-reader.ts'
import { TlsFault } from '../link/secure.ts'

/** One thing that was found out, as it comes. */
export interface Finding {
  readonly what: string
  readonly text: string
}

export type Permission = 'streaming' | 'ihave' | 'reader' | 'refused' | 'insecure' | 'unreachable'

export interface CallResult {
  readonly permission: Permission
  /** What the peer said, or why it could not be called; safe to show. */
  readonly said: string
  readonly address: string
  /** Of the connection: ours, and the peer's; empty where unknown. */
  readonly local: string
  readonly remote: string
}

export interface PeerCall {
  readonly addresses: readonly string[]
  readonly bind: string
  readonly streaming: boolean
  /** Never used before: the peer is asked whether it wants it. */
  readonly messageId: string
}

export interface PeerTestParts {
  readonly link: Link
  readonly clock: Clock
  readonly signal: AbortSignal
}

const timeout = 30_000

/** Tries each address until one lets us transfer articles; gives the best result. Never throws. */
export async function* callPeer(
  call: PeerCall,
  parts: PeerTestParts,
): AsyncGenerator<Finding, CallResult | undefined> {
  let best: CallResult | undefined
  for (const address of call.addresses) {
    const result = yield* callAddress({ ...call, address }, parts)
    if (best === undefined || rank(result) > rank(best)) best = result
    if (rank(best) === ranks.streaming || parts.signal.aborted) break
  }
  return best
}

const ranks: Readonly<Record<Permission, number>> = {
  unreachable: 0,
  insecure: 1,
  refused: 1,
  reader: 2,
  ihave: 3,
  streaming: 3,
}
const rank = ({ permission }: CallResult): number => ranks[permission]

interface AddressCall extends PeerCall {
  readonly address: string
}

async function* callAddress(call: AddressCall, parts: PeerTestParts): AsyncGenerator<Finding, CallResult> {
  const { address, bind } = call
  const notes = new LinkNotes(address, parts.clock)
  const told = (event: Parameters<LinkNotes['add']>[0]) => notes.add(event)
  try {
    await using client = await NntpClient.call(address, { ...parts, goal: 'look', bind, timeout, told })
    yield* notes.findings()
    return { address, ...notes.ends, ...(yield* talk(call, { client, notes })) }
  } catch (error) {
    const said = wordsOf(error)
    const cause = error instanceof Error ? error.cause : undefined
    if (cause instanceof TlsFault) notes.fault(cause)
    yield* notes.findings()
    if (notes.connected)
      return { address, ...notes.ends, said, permission: cause instanceof TlsFault ? 'insecure' : 'refused' }
    yield { what: 'connection', text: `${address}: ${said}` }
    return { address, local: '', remote: '', permission: 'unreachable', said }
  }
}

type Outcome = Pick<CallResult, 'permission' | 'said'>

async function* talk(
  call: AddressCall,
  { client, notes: { capabilities } }: { readonly client: NntpClient; readonly notes: LinkNotes },
): AsyncGenerator<Finding, Outcome> {
  // As the feed: without the list, MODE STREAM tells.
  if (call.streaming && (capabilities === undefined || capabilities.has('STREAMING'))) {
    const mode = await client.ask('MODE STREAM')
    yield { what: 'MODE STREAM', text: said(mode) }
    if (mode.code === 203) return yield* checked(call, client)
  }
  if (capabilities === undefined)
    return {
      permission: 'ihave',
      said: 'it lists no capabilities; whether IHAVE is allowed shows only in a transfer',
    }
  if (capabilities.has('IHAVE')) return { permission: 'ihave', said: 'it offers IHAVE' }
  return { permission: 'reader', said: 'it offers neither STREAMING nor IHAVE' }
}

/** RFC 4644 2.4: 238, 431 and 438 are for peers; anything else says that we are none. */
async function* checked({ messageId }: AddressCall, client: NntpClient): AsyncGenerator<Finding, Outcome> {
  const reply = await client.ask(`CHECK ${messageId}`)
  yield { what: 'CHECK', text: said(reply) }
  const allowed = reply.code === 238 || reply.code === 431 || reply.code === 438
  return { permission: allowed ? 'streaming' : 'reader', said: said(reply) }
}

const said = ({ code, text }: Reply): string => safeText(`${code} ${text}`.trimEnd())
const wordsOf = (error: unknown): string => safeText(error instanceof Error ? error.message : 'fault')
