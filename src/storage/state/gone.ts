/** What is remembered of a message-ID whose article is not here: since when, why, and how long. RFC 5537 3.6 */
import { seal, unseal } from '../checksum.ts'

export type WhyGone = 'removed' | 'expired'

export interface Gone {
  /** Seconds since 1970, when it went or was refused. */
  readonly time: number
  /** `removed`: cancelled, or refused for good. */
  readonly why: WhyGone
  /** Once the age limit for articles from peers is past this time, seconds since 1970, the id may be forgotten. */
  readonly date: number
}

const whys: readonly WhyGone[] = ['removed', 'expired']
/** RFC 5537 3.6: no article is dated further ahead of the clock than a day, in seconds. */
const mostAhead = 86_400

/** Cancelled or refused: its date is not known, but no copy of it is dated later than this. */
export const removedAt = (time: number): Gone => ({ time, why: 'removed', date: time + mostAhead })

/** time 4 · why 1 · date 4 */
export function encodeGone({ time, why, date }: Gone): Buffer {
  const value = Buffer.allocUnsafe(9)
  value.writeUInt32BE(time, 0)
  value[4] = whys.indexOf(why)
  value.writeUInt32BE(Math.min(date, 0xffff_ffff), 5)
  return seal(value)
}

/** Undefined where the checksum does not hold: such an id stays for good. */
export function decodeGone(sealed: Buffer): Gone | undefined {
  const value = unseal(sealed)
  if (value === undefined || value.length < 4) return undefined
  const time = value.readUInt32BE(0)
  if (value.length < 9) return removedAt(time)
  return { time, why: whys[value[4] ?? 0] ?? 'removed', date: value.readUInt32BE(5) }
}
