/** What has to be changed here so that the list of newsgroups is as a control message says. Pure. RFC 5537 5.2 */
import { isCreatable, isReserved, type Newsgroup } from '../../newsgroup.ts'
import type { CheckgroupsRequest, GroupRequest } from './request.ts'

export interface KnownGroup {
  readonly name: Newsgroup
  readonly status: string
  readonly description: string
}

export type GroupChange =
  | {
      readonly action: 'add' | 'set'
      readonly name: Newsgroup
      readonly status?: string
      readonly description?: string
    }
  | { readonly action: 'remove'; readonly name: Newsgroup }

/** Which groups there are, and which the message may touch. */
export interface Ground {
  readonly known: ReadonlyMap<string, KnownGroup>
  readonly allows: (name: string) => boolean
}

/** Removed at once without more ado; beyond that at most half of those that are in the scope. */
const fewRemovals = 10

/** In the order of the message, removals last; a sentence where it is refused. None where all is so already. */
export function changesFor(request: GroupRequest, ground: Ground): readonly GroupChange[] | string {
  switch (request.type) {
    case 'newgroup':
      return ground.allows(request.group) ? wanted(request, request.group, ground) : 'outside of the rule'
    case 'rmgroup':
      if (!ground.allows(request.group)) return 'outside of the rule'
      return ground.known.has(request.group) && !isReserved(request.group)
        ? [{ action: 'remove', name: request.group }]
        : []
    case 'checkgroups':
      return checked(request, ground)
  }
}

interface Wanted {
  readonly moderated: boolean
  readonly description?: string
}

/** RFC 5537 5.2.1: of a group that exists description and moderation are changed. */
function wanted(
  { moderated, description }: Wanted,
  name: Newsgroup,
  { known }: Ground,
): GroupChange[] | string {
  const status = moderated ? 'm' : 'y'
  const here = known.get(name)
  const text = description === undefined ? {} : { description }
  if (here === undefined)
    return isCreatable(name)
      ? [{ action: 'add', name, status, ...text }]
      : 'no name that a message may create'
  if (isReserved(name)) return 'no name that a message may create'
  // Closed, junk and alias are for this node to say.
  const isOpen = here.status === 'y' || here.status === 'm'
  const newStatus = isOpen && here.status !== status ? { status } : {}
  const newText = description === undefined || here.description === description ? {} : { description }
  const change = { ...newStatus, ...newText }
  return Object.keys(change).length === 0 ? [] : [{ action: 'set', name, ...change }]
}

function checked(request: CheckgroupsRequest, ground: Ground): readonly GroupChange[] | string {
  const isInside = insideOf(request)
  const concerns = (name: string) => isInside(name) && ground.allows(name)
  const listed = new Set<string>(request.groups.map(({ name }) => name))
  const changes: GroupChange[] = []
  for (const group of request.groups) {
    if (!concerns(group.name)) continue
    const change = wanted(group.described(), group.name, ground)
    // One name that may not be created does not keep the others away.
    if (typeof change !== 'string') changes.push(...change)
  }
  if (!request.groups.some(({ name }) => concerns(name))) return 'nothing inside of scope and rule'
  // Without a scope the list alone says which hierarchies are meant: too little to remove anything by.
  if (request.scope.length === 0) return changes
  const within = [...ground.known.values()].filter(({ name }) => concerns(name) && !isReserved(name))
  const removed = within.filter(({ name, status }) => !listed.has(name) && !status.startsWith('='))
  if (removed.length > Math.max(fewRemovals, within.length / 2))
    return `would remove ${removed.length} of ${within.length} newsgroups`
  return [...changes, ...removed.map(({ name }) => ({ action: 'remove', name }) as const)]
}

/** RFC 5537 5.2.3: without a scope, the hierarchies of the groups that are listed. */
export const scopeOf = ({ scope, groups }: CheckgroupsRequest): readonly string[] =>
  scope.length > 0 ? scope : [...new Set(groups.map(({ name }) => topOf(name)))]

function insideOf(request: CheckgroupsRequest): (name: string) => boolean {
  const tops = scopeOf(request)
  const { except } = request
  const within = (name: string, hierarchies: readonly string[]) =>
    hierarchies.some(top => name === top || name.startsWith(`${top}.`))
  return name => within(name, tops) && !within(name, except)
}

const topOf = (name: string): string => name.split('.', 1)[0] ?? name
