/** Forms that change what is read and subscribed to: `/subscribe`, `/mark`, `/catchup`, `/undo`. */
import type { Group } from '../../storage/reading.ts'
import { groupAddress, homeAddress } from '../addresses.ts'
import { findArticle } from '../article/shown-article.ts'
import { backTo } from '../back.ts'
import { noSuchArticle, noSuchGroup } from '../missing.ts'
import { justOne, type NumberRanges, without } from '../read-state/number-ranges.ts'
import { subscriptionsIn } from '../read-state/unread-counts.ts'
import type { Answer, Site, Visit } from '../site.ts'

async function namedGroup(site: Site, visit: Visit, name: string): Promise<Group | undefined> {
  const group = await site.reading.group(name)
  return group !== undefined && visit.access.mayRead(group.name) ? group : undefined
}

/** `join` or `leave` names the group. */
export async function changeSubscription(site: Site, visit: Visit): Promise<Answer> {
  const join = visit.form.get('join')
  const group = await namedGroup(site, visit, join ?? visit.form.get('leave') ?? '')
  if (group === undefined) return noSuchGroup
  visit.reader.subscribe(group, join !== null)
  return backTo(visit, groupAddress(group.name))
}

/** `id` names the article; `as` is `read` or `unread`. In all its groups, as an article is one and the same in them. */
export async function markArticle(site: Site, visit: Visit): Promise<Answer> {
  const id = (visit.form.get('id') ?? '').replace(/^<(.*)>$/s, '$1')
  const article = await findArticle(site, visit, `<${id}>`)
  if (article === undefined) return noSuchArticle
  const unread = visit.form.get('as') === 'unread'
  for (const { group, number } of article.groups)
    if (unread) visit.reader.unmark(group, justOne(number))
    else visit.reader.mark(group, justOne(number))
  const [filed] = article.groups
  const list = filed === undefined ? homeAddress : groupAddress(filed.group.name)
  // The page of the article itself would count as reading it again.
  const onItsPage = visit.form.get('back')?.startsWith('/m/') === true
  return unread && onItsPage ? { kind: 'redirect', status: 303, to: list } : backTo(visit, list)
}

/**
 * `group` and `upto`: the group up to that number, which is the highest that the page has shown; what has come since
 * stays unread. Without a group, all that are subscribed to.
 */
export async function catchUp(site: Site, visit: Visit): Promise<Answer> {
  const name = visit.form.get('group')
  if (name === null) {
    const subscribed = subscriptionsIn(await site.directory(visit.access.mayRead), visit.reader)
    stroke(site, visit, new Map(subscribed.map(group => [group, group.high])))
    return backTo(visit)
  }
  const group = await namedGroup(site, visit, name)
  if (group === undefined) return noSuchGroup
  const upto = visit.form.get('upto') ?? ''
  stroke(site, visit, new Map([[group, /^\d{1,10}$/.test(upto) ? Number(upto) : group.high]]))
  return backTo(visit, groupAddress(group.name))
}

/** Marks each group up to a number, and remembers what was unread before. */
function stroke(site: Site, { reader }: Visit, upTo: ReadonlyMap<Group, number>): void {
  const numbers = new Map<string, NumberRanges>()
  for (const [group, number] of upTo) {
    const high = Math.min(number, group.high)
    if (high < group.low) continue
    const all: NumberRanges = [{ low: group.low, high }]
    const before = without(all, reader.readIn(group))
    if (before.length === 0) continue
    reader.mark(group, all)
    numbers.set(group.name, before)
  }
  if (numbers.size > 0) reader.undo?.push({ at: site.clock.now(), numbers })
}

/** The last stroke is taken back: what was unread before it is unread again. */
export async function undoCatchUp(site: Site, visit: Visit): Promise<Answer> {
  const directory = await site.directory(visit.access.mayRead)
  for (const [name, numbers] of visit.reader.undo?.pop()?.numbers ?? []) {
    const group = directory.named(name)
    if (group !== undefined) visit.reader.unmark(group, numbers)
  }
  return backTo(visit)
}
