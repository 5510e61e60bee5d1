/** `/next`: the next unread article in the groups that are subscribed to, wherever it is. */
import type { Group } from '../../storage/reading.ts'
import { articleAddress, inGroup } from '../addresses.ts'
import { subscriptionsIn } from '../read-state/unread-counts.ts'
import { allRead, unreadRows } from '../read-state/unread-rows.ts'
import { readIn } from '../reading-group.ts'
import type { Answer, Site, Visit } from '../site.ts'

interface Place {
  readonly group: Group
  readonly number: number
}

/** Groups that are looked into for one answer. */
const mostGroups = 1000

/**
 * `?after=` is the message-ID of the article that was read last, whose group goes first; `?group=` says in
 * which group it was read, or, alone, begins with a group.
 * Nothing is marked here.
 */
export async function nextPage(site: Site, visit: Visit): Promise<Answer> {
  const subscribed = subscriptionsIn(await site.directory(visit.access.mayRead), visit.reader)
  const start = await startOf(site, visit, subscribed)
  for (const { group, number } of placesFrom(subscribed, start, visit)) {
    const span = { after: number, count: 1, hidden: false }
    const { rows } = await unreadRows({ ...visit, reading: site.reading }, group, span)
    const [row] = rows
    if (row === undefined) continue
    const to = await addressIn(site, visit, { group, id: row.messageId })
    return { kind: 'redirect', status: 303, to }
  }
  return nothingUnread(site, visit, subscribed.length === 0 && start === undefined)
}

/** A crosspost is read in the group where it was found. */
async function addressIn(site: Site, visit: Visit, { group, id }: Found): Promise<string> {
  const places = await placesOf(site, visit, id)
  return inGroup(articleAddress(id), readIn(places, { ...visit, comingFrom: group.name }).carried)
}

interface Found {
  readonly group: Group
  /** Message-ID. */
  readonly id: string
}

/** Where an article is, as far as this reader may see it. */
async function placesOf(site: Site, visit: Visit, id: string): Promise<Place[]> {
  const directory = await site.directory(visit.access.mayRead)
  const located = await site.reading.locateId(id)
  return (located?.filings ?? []).flatMap(filing => {
    const group = directory.withId(filing.group)
    return group === undefined ? [] : [{ group, number: filing.number }]
  })
}

/** Of a crosspost the group that it was read in, else one that is subscribed to. */
async function startOf(site: Site, visit: Visit, subscribed: readonly Group[]): Promise<Place | undefined> {
  const directory = await site.directory(visit.access.mayRead)
  const named = directory.named(visit.query.get('group') ?? '')
  const after = (visit.query.get('after') ?? '').replace(/^<(.*)>$/s, '$1')
  const places = after === '' ? [] : await placesOf(site, visit, `<${after}>`)
  if (named !== undefined) return places.find(({ group }) => group === named) ?? { group: named, number: 0 }
  return places.find(({ group }) => subscribed.includes(group)) ?? places[0]
}

/** The rest of the group, the groups behind it, those before it, and the beginning of the group. */
function placesFrom(subscribed: readonly Group[], start: Place | undefined, { reader }: Visit): Place[] {
  const at = start === undefined ? 0 : subscribed.findIndex(({ name }) => name > start.group.name)
  const turn = at < 0 ? subscribed.length : at
  const others = [...subscribed.slice(turn), ...subscribed.slice(0, turn)]
    .filter(group => group !== start?.group && !allRead(reader, group))
    .slice(0, mostGroups)
    .map(group => ({ group, number: 0 }))
  if (start === undefined) return others
  return [start, ...others, ...(subscribed.includes(start.group) ? [{ ...start, number: 0 }] : [])]
}

function nothingUnread(site: Site, visit: Visit, noSubscriptions: boolean): Answer {
  const { words } = visit
  const { heading, text, subscribeFirst } = words.reading.nothingUnread
  return {
    kind: 'page',
    html: () => {
      const frame = site.frame(visit, heading, '')
      const said = noSubscriptions ? subscribeFirst : text
      return site.render('trouble', { frame, heading, text: said, find: false, links: [] }, words)
    },
  }
}
