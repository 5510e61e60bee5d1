/** What of the store this session may see: a group it may not read does not exist for it. */
import type { Group, GroupId, Located } from '../storage/reading.ts'
import { NntpError } from './nntp-error.ts'
import type { Session } from './session.ts'

/** Throws 411. RFC 3977 6.1.1.1 */
export async function visibleGroup(session: Session, name: string): Promise<Group> {
  const group = session.access.mayRead(name) ? await session.services.reading.group(name) : undefined
  if (group === undefined) throw new NntpError(411)
  return group
}

/** The selected group. Throws 412, also where a login or a reload has hidden it since. */
export function selectedGroup({ group, access }: Session): GroupId {
  if (group === undefined || !(access.readsAll || access.mayRead(group.name))) throw new NntpError(412)
  return group.id
}

/** The number of the current article. Throws 412 or 420. RFC 3977 6.2.1.2 */
export function currentNumber(session: Session): number {
  if (session.group === undefined) throw new NntpError(412)
  if (session.number === undefined) throw new NntpError(420)
  return session.number
}

/** Throws 430 where there is no such article, or it is in no group the session may read. */
export async function locateVisible(session: Session, id: string): Promise<Located> {
  const located = await session.services.reading.locateId(id)
  if (located === undefined || !(await isVisible(session, located))) throw new NntpError(430)
  return located
}

export async function isVisible(session: Session, located: Pick<Located, 'filings'>): Promise<boolean> {
  if (session.access.readsAll) return true
  for (const { group } of located.filings) if (await mayReadGroup(session, group)) return true
  return false
}

export async function mayReadGroup(session: Session, id: GroupId): Promise<boolean> {
  const group = await session.services.reading.groupById(id)
  return group !== undefined && session.access.mayRead(group.name)
}
