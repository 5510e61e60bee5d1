/** Whether an article is a poster's to take away, by what this node knows of it. RFC 5537 5.3, 5.4 */
import type { Reading } from '../../storage/reading.ts'

export interface Owned {
  /** As a row of the log has it: `post:ACCOUNT` for what was posted here. */
  readonly source: string
  /** Seconds since 1970, when it was accepted. */
  readonly time: number
  readonly control: boolean
  /** Those it is filed in. */
  readonly groups: readonly string[]
}

export interface Claimant {
  /** Empty where nobody is logged in. */
  readonly account: string
  /** Seconds since 1970, when the account was made; absent where it is not ours. */
  readonly since?: number
  readonly mayApprove: (group: string) => boolean
}

/** A source is stored up to here, and might not be the whole of it. */
const longestSource = 255

/**
 * `account`: it was posted here by the very account, not by an earlier one of that name. `approval`: the claimant is a
 * moderator of every group it is in. A control message is nobody's to take away. RFC 5537 5.3
 */
export function ownerProof(
  { source, time, control, groups }: Owned,
  { account, since = 0, mayApprove }: Claimant,
): 'account' | 'approval' | undefined {
  if (control) return undefined
  const posted = `post:${account}`
  const own = account !== '' && source === posted && Buffer.byteLength(posted) < longestSource
  if (own && since <= time) return 'account'
  return groups.length > 0 && groups.every(mayApprove) ? 'approval' : undefined
}

/** The same for an article that is stored here; undefined also where it is not. */
export async function mayTakeAway(
  reading: Pick<Reading, 'locateId' | 'arrivals' | 'groupById'>,
  messageId: string,
  claimant: Claimant,
): Promise<'account' | 'approval' | undefined> {
  const located = await reading.locateId(messageId)
  if (located === undefined) return undefined
  const [row] = await reading.arrivals((located.arrival - 1) as typeof located.arrival, 1)
  if (row?.arrival !== located.arrival || row.kind !== 'article') return undefined
  const groups = await Promise.all(
    row.filings.map(async ({ group }) => (await reading.groupById(group))?.name ?? ''),
  )
  return ownerProof({ ...row, groups }, claimant)
}
