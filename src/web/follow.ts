/** How what a page shows is followed: its Atom feed, and the address that tells of it live. */
import {
  eventsAddress,
  groupFeedAddress,
  hierarchyFeedAddress,
  searchFeedAddress,
  threadFeedAddress,
} from './addresses.ts'
import type { Frame } from './render.ts'
import type { Visitor } from './site.ts'

type Follow = Pick<Frame, 'feeds' | 'live' | 'thread'>

/** `name` is shown; `place` is where the log was before the page was read. */
export function followGroup(group: string, name: string, { words, place }: Following): Follow {
  const feeds = [{ text: words.page.feedOf(name), to: groupFeedAddress(group) }]
  return { feeds, live: eventsAddress(group, place), thread: '' }
}

/** `hierarchy` is empty for all groups, which have no feed in common. */
export function followHierarchy(hierarchy: string, name: string, { words, place }: Following): Follow {
  if (hierarchy === '') return { feeds: [], live: eventsAddress('*', place), thread: '' }
  const feeds = [{ text: words.page.feedOf(`${name}.*`), to: hierarchyFeedAddress(hierarchy) }]
  return { feeds, live: eventsAddress(`${hierarchy},${hierarchy}.*`, place), thread: '' }
}

/** The thread of an article in a group; `first` is the message-ID that it began with. */
export function followThread(group: string, first: string, { words, place }: Following): Follow {
  const feeds = [{ text: words.page.feedOfThread, to: threadFeedAddress(first) }]
  return { feeds, live: group === '' ? '' : eventsAddress(group, place), thread: first }
}

/** What was typed; nothing for the form alone. */
export function followSearch(text: string, { words }: Pick<Visitor, 'words'>): Pick<Frame, 'feeds'> {
  return { feeds: text === '' ? [] : [{ text: words.page.feedOfSearch, to: searchFeedAddress(text) }] }
}

interface Following extends Pick<Visitor, 'words'> {
  readonly place: string
}
