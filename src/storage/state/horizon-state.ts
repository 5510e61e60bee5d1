/** The age limit for articles from peers, and what it was worked out from, as one sealed value of `state`. */
import { seal, unseal } from '../checksum.ts'
import type { Store } from '../database/store.ts'
import { horizonKey, readWide, writeWide } from '../keys.ts'

export interface HorizonState {
  /** Seconds since 1970: no article of an earlier date is taken from a peer. Never goes back. */
  readonly horizon: number
  /** Peers that feed us, each with the last time it was current, seconds since 1970; 0 = never. */
  readonly peers: ReadonlyMap<string, number>
}

export const noHorizon: HorizonState = { horizon: 0, peers: new Map() }

/** horizon 8 · then per peer: last current 8 · name length 1 · name */
export function encodeHorizon({ horizon, peers }: HorizonState): Buffer {
  const fixed = Buffer.allocUnsafe(8)
  writeWide(fixed, horizon, 0)
  const parts = [fixed]
  for (const [name, time] of peers) {
    const octets = Buffer.from(name).subarray(0, 0xff)
    const part = Buffer.allocUnsafe(9 + octets.length)
    writeWide(part, time, 0)
    part[8] = octets.length
    part.set(octets, 9)
    parts.push(part)
  }
  return seal(Buffer.concat(parts))
}

export function decodeHorizon(sealed: Buffer): HorizonState | undefined {
  const value = unseal(sealed)
  if (value === undefined || value.length < 8) return undefined
  const peers = new Map<string, number>()
  for (let at = 8; at + 9 <= value.length; ) {
    const end = at + 9 + (value[at + 8] ?? 0)
    peers.set(value.toString('utf8', at + 9, end), readWide(value, at))
    at = end
  }
  return { horizon: readWide(value, 0), peers }
}

/** None where none was stored. A damaged value counts as none: what it forbade is then known by its message-ID. */
export async function loadHorizon(state: Store): Promise<HorizonState> {
  const value = await state.get(horizonKey)
  return (value && decodeHorizon(value)) ?? noHorizon
}
