/** In which of its newsgroups a crosspost is read: its trail, its thread and its neighbours are those of that group. */
import type { Group } from '../storage/reading.ts'
import type { Reader } from './read-state/reader.ts'

/** The group that a request says it comes from; empty where it says nothing. `referrer` is a page of ours or ''. */
export function groupAsked(query: URLSearchParams, referrer: string): string {
  const named = query.get('group')
  if (named !== null) return named
  if (!URL.canParse(referrer)) return ''
  const { pathname, searchParams } = new URL(referrer)
  return groupOf(pathname) || (searchParams.get('group') ?? '')
}

/** Of `/g/comp.lang.c/` and what lies below it. */
function groupOf(path: string): string {
  const segment = /^\/g\/([^/]+)\//.exec(path)?.[1] ?? ''
  try {
    return decodeURIComponent(segment)
  } catch {
    return ''
  }
}

interface Filed {
  readonly group: Pick<Group, 'id' | 'name'>
}

export interface ReadIn<F extends Filed> {
  /** The one it is read in first. */
  readonly groups: readonly F[]
  /** What links must say to stay in that group; empty where it would be chosen anyway. */
  readonly carried: string
}

/** The group that was asked for, else one that is subscribed to, else the first. */
export function readIn<F extends Filed>(
  groups: readonly F[],
  { reader, comingFrom }: { readonly reader: Pick<Reader, 'subscribed'>; readonly comingFrom: string },
): ReadIn<F> {
  if (groups.length < 2) return { groups, carried: '' }
  const usual = groups.find(({ group }) => reader.subscribed(group)) ?? groups[0]
  const asked = groups.find(({ group }) => group.name === comingFrom)
  const chosen = asked ?? usual
  return {
    groups: [...groups].sort((one, other) => Number(other === chosen) - Number(one === chosen)),
    carried: asked === undefined || asked === usual ? '' : asked.group.name,
  }
}
