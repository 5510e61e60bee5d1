/** What stands above the articles of a group: what is new, the way to it, and the buttons of a reader. */
import { unreadAddress } from '../addresses.ts'
import type { ReadingBar } from '../shown/reading.ts'
import type { Site, Visit } from '../site.ts'
import { type CatchingUp, catchUpOf, undoOf } from './catch-up.ts'
import { switchOf } from './group-lines.ts'

interface OfGroup extends CatchingUp {
  readonly unread: number
}

/** Forms only for a browser that has a cookie to tie them to: the page is the same for all others, and kept by them. */
export function readingBar(site: Site, visit: Visit, page: OfGroup): ReadingBar {
  const { words, hadCookie } = visit
  const { group, unread, back } = page
  return {
    token: site.tokens.of(visit.cookie),
    back,
    unread: unread === 0 ? '' : words.unread(unread),
    unreadTo: unreadAddress(group.name),
    next: `/next?${new URLSearchParams({ group: group.name })}`,
    switch: hadCookie ? switchOf(group, visit) : undefined,
    catchUp: unread === 0 || !hadCookie ? undefined : catchUpOf(site, visit, page),
    undo: undoOf(site, visit, back),
  }
}
