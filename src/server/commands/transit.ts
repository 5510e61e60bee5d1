/** The commands of transit: IHAVE, MODE STREAM, CHECK, TAKETHIS. RFC 3977 6.3.2; RFC 4644 2.3, 2.4, 2.5 */
import type { Offer, Source, Verdict } from '../../feed/feed.ts'
import { type MessageId, parseMessageId } from '../../message-id.ts'
import { Reason } from '../../reason.ts'
import type { Code } from '../../response.ts'
import { type Block, type Command, line, type Response } from '../command.ts'
import type { Session } from '../session.ts'

/** RFC 4644 2.5.2: trouble of our own must not make the peer drop the article. */
const goodbye = (text: string): Response => ({ kind: 'line', code: 400, text, close: true })

const ihaveOffers: Readonly<Record<Exclude<Offer, 'send'>, Code>> = { have: 435, later: 436 }
const ihaveVerdicts: Readonly<Record<Verdict['kind'], Code>> = {
  accepted: 235,
  mailed: 235,
  held: 235,
  rejected: 437,
  deferred: 436,
}
const checkOffers: Readonly<Record<Offer, Code>> = { send: 238, have: 438, later: 431 }
/** Deferred is 400 and the end of the connection. */
const takethisVerdicts: Readonly<Record<Exclude<Verdict['kind'], 'deferred'>, Code>> = {
  accepted: 239,
  mailed: 239,
  held: 239,
  rejected: 439,
}

/** RFC 3977 3.1: a response line holds 512 octets; the message-ID comes first and whole. */
const longestText = 500

async function ihave(session: Session, args: readonly string[]): Promise<Response> {
  const { source } = session.access
  if (source === undefined) return forbidden(session)
  const id = parseMessageId(args[0] ?? '')
  // Peers do this: old innfeed repeats for ever what is answered 501, so a bad message-ID is not wanted.
  if (id === undefined) return line(435, new Reason('bad-message-id').text)
  const offer = await session.services.feed.offer(id, source)
  if (offer !== 'send') return line(ihaveOffers[offer])
  const reply = (block: Block) => receiveInvited(session, { id, source, block })
  const begins = () => session.services.feed.moving?.(id, source)
  return { kind: 'continue', code: 335, expect: 'block', begins, reply }
}

interface Transfer {
  readonly id: MessageId
  readonly source: Source
  readonly block: Block
}

async function receiveInvited({ services }: Session, transfer: Transfer): Promise<Response> {
  const verdict = await receive(services.feed, transfer)
  return line(ihaveVerdicts[verdict.kind], 'reason' in verdict ? verdict.reason.text : undefined)
}

function receive(feed: Session['services']['feed'], { id, source, block }: Transfer): Promise<Verdict> {
  if (block.ok) return feed.transfer(id, block, source)
  feed.release(id, source, block.fault)
  return Promise.resolve({ kind: 'rejected', reason: new Reason(block.fault) })
}

function check(session: Session, args: readonly string[]): Response | Promise<Response> {
  const { source } = session.access
  if (source === undefined) return forbidden(session)
  const [argument = ''] = args
  const id = parseMessageId(argument)
  // RFC 4644 2.4.2: the argument as it was received, whatever it is: the sender pairs answers by it.
  if (id === undefined) return line(438, argument)
  const offer = session.services.feed.offer(id, source)
  return offer instanceof Promise
    ? offer.then(it => line(checkOffers[it], argument))
    : line(checkOffers[offer], argument)
}

/** `block` was read to its end before this is asked, so that a peer without permission stays in step. */
function takethis(session: Session, args: readonly string[], block?: Block): Response | Promise<Response> {
  const { source } = session.access
  if (source === undefined) return forbidden(session)
  const [argument = ''] = args
  const id = parseMessageId(argument)
  if (id === undefined) return named(439, argument, new Reason('bad-message-id'))
  if (block === undefined) throw new Error('TAKETHIS was run without its article')
  return receive(session.services.feed, { id, source, block }).then(it => taken(argument, it))
}

function taken(argument: string, verdict: Verdict): Response {
  if (verdict.kind === 'deferred') return goodbye(verdict.reason.text)
  const code = takethisVerdicts[verdict.kind]
  return verdict.kind === 'rejected' ? named(code, argument, verdict.reason) : line(code, argument)
}

/** RFC 3977 3.2.1: 480 where logging in could help. */
function forbidden({ access }: Session): Response {
  return line(access.poster.account === '' ? 480 : 502)
}

function named(code: Code, argument: string, reason: Reason): Response {
  return line(code, `${argument} ${reason.text}`.slice(0, Math.max(argument.length, longestText)))
}

function stream(session: Session): Response {
  // RFC 4644 2.3.2: CHECK and TAKETHIS work without it; it changes nothing.
  session.streaming = true
  return line(203)
}

const ifPeer = (label: string) => (session: Session) =>
  session.access.source === undefined ? undefined : label

export const transitCommands: readonly Command[] = [
  {
    name: 'IHAVE',
    args: [1, 1],
    needs: ['peer'],
    syntax: 'IHAVE message-id',
    rfc: 'RFC 3977 6.3.2',
    capability: ifPeer('IHAVE'),
    fault: line(436),
    run: ihave,
  },
  {
    name: 'MODE STREAM',
    args: [0, 0],
    needs: ['peer'],
    syntax: 'MODE STREAM',
    rfc: 'RFC 4644 2.3',
    capability: ifPeer('STREAMING'),
    run: stream,
  },
  {
    name: 'CHECK',
    args: [1, 1],
    needs: ['peer'],
    syntax: 'CHECK message-id',
    rfc: 'RFC 4644 2.4',
    concurrent: true,
    fault: goodbye('Internal fault, try again later'),
    run: check,
  },
  {
    name: 'TAKETHIS',
    args: [1, 1],
    needs: ['peer'],
    syntax: 'TAKETHIS message-id',
    rfc: 'RFC 4644 2.5',
    concurrent: true,
    block: true,
    begins: ({ access, services }, [argument = '']) => {
      const id = parseMessageId(argument)
      if (id !== undefined && access.source !== undefined) services.feed.moving?.(id, access.source)
    },
    fault: goodbye('Internal fault, try again later'),
    run: takethis,
  },
]
