/** What a test of a peer comes to, in one plain sentence. */
import type { PeerConfig } from '../../config/config.ts'
import { feedsUs } from '../../config/sections/exchange.ts'
import type { CallResult } from '../../feed/peers/peer-test.ts'
import { HierarchyPattern } from '../../wildmat.ts'
import { knownBy } from './peer-report.ts'

export interface Direction {
  /** Groups that are here. */
  readonly all: number
  /** Of them, those that the pattern lets through. */
  readonly groups: readonly string[]
}

export interface PeerVerdict {
  readonly ok: boolean
  readonly sentence: string
}

export interface TestedPeer {
  readonly peer: PeerConfig
  /** Absent where it has no address. */
  readonly call: CallResult | undefined
  readonly out: Direction
  readonly in: Direction
}

/** The groups of `names` that a pattern such as `comp.*,!comp.x` wants. */
export function through(pattern: string | undefined, names: readonly string[]): Direction {
  const parsed = pattern === undefined ? undefined : HierarchyPattern.parse(pattern)
  return { all: names.length, groups: names.filter(name => parsed?.verdict(name) === 'yes') }
}

export function peerVerdict({ peer, call, out, in: into }: TestedPeer): PeerVerdict {
  const feeding =
    knownBy(peer).length === 0
      ? 'it feeds us nothing, because it has no from, certificate or account'
      : `it may feed us ${count(into)} from ${knownBy(peer).join(', ')}`
  if (call === undefined)
    return {
      ok: feedsUs(peer),
      sentence: `${peer.name} is not called, because it has no to; ${feeding}.`,
    }
  const { ok, text } = outcome(call)
  if (!ok) return { ok, sentence: `${peer.name} ${text}` }
  if (peer.send === undefined)
    return {
      ok: false,
      sentence: `${peer.name} ${text}, but is sent nothing, because it has no send; ${feeding}.`,
    }
  if (out.groups.length === 0)
    return { ok: false, sentence: `${peer.name} ${text}, but send lets ${count(out)} through; ${feeding}.` }
  return { ok, sentence: `${peer.name} ${text}: we send it ${count(out)}; ${feeding}.` }
}

function outcome({ permission, said, address, local }: CallResult): { ok: boolean; text: string } {
  const us = local === '' ? 'our address' : local
  switch (permission) {
    case 'streaming':
      return { ok: true, text: 'takes our articles by streaming' }
    case 'ihave':
      return { ok: true, text: `takes our articles by IHAVE, one at a time (${said})` }
    case 'reader':
      return {
        ok: false,
        text:
          `lets us in, but not as a peer (${said}): its administrator must list ${us} as ours, ` +
          'or our certificate or account (Tidings: [[peer]], INN: incoming.conf).',
      }
    case 'refused':
      return { ok: false, text: `answers at ${address}, but ${said}.` }
    case 'insecure':
      return { ok: false, text: `answers at ${address}, but not with the TLS that is asked for: ${said}.` }
    case 'unreachable':
      return { ok: false, text: `cannot be reached at ${address}: ${said}; see whether to is right.` }
  }
}

const count = ({ all, groups }: Direction): string =>
  `${groups.length === 0 ? 'none' : groups.length} of our ${all} groups`
