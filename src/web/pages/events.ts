/** `/events?groups=WILDMAT`: articles as they come, as server-sent events. WHATWG HTML 9.2 */
import { isDeepStrictEqual } from 'node:util'
import { isLoopback } from '../../address.ts'
import { Wildmat } from '../../wildmat.ts'
import type { Person } from '../person.ts'
import { type Answer, type Site, trouble, type Visit } from '../site.ts'

const noPattern = trouble(400, words => words.trouble.pattern)
const tooMany = trouble(429, words => words.trouble.tooManyStreams)

/** Characters of a pattern. */
const longestPattern = 1000

export async function eventsPage(site: Site, visit: Visit): Promise<Answer> {
  const text = visit.query.get('groups') ?? '*'
  const pattern = text.length > longestPattern ? undefined : Wildmat.parse(text)
  if (pattern === undefined) return noPattern
  const { mayRead, poster } = visit.access
  const { account, address } = poster
  const limits = isLoopback(address) ? undefined : site.config().limits
  if (limits !== undefined && site.live.isCrowded(address, limits)) return tooMany
  // A browser that comes back says where it was; a page, from which place it was made.
  const place = visit.lastEvent === '' ? (visit.query.get('after') ?? '') : visit.lastEvent
  const matches = (group: string) => pattern.matches(group) && mayRead(group)
  const session = visit.person?.session ?? ''
  const stillGood = async () =>
    visit.person === undefined || isSame(visit.person, await site.people.who(visit.cookie))
  const chunks = site.live.subscribe({ account, session, address, place, matches, limits, stillGood })
  return { kind: 'stream', type: 'text/event-stream; charset=utf-8', chunks, live: true }
}

const isSame = (then: Person, now: Person | undefined): boolean =>
  now?.session === then.session && isDeepStrictEqual(now.account, then.account)
