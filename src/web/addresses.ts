/** The addresses of pages. Names from articles go into them only through here, percent-encoded. RFC 3986 2.1, 3.3 */

/** What needs no encoding at all, as nearly all names do. */
const plainSegment = /^[\w.!~*'()@$+=:-]*$/

/** `@`, `$`, `+` and the like may stand in a path as they are and keep message-IDs readable. RFC 3986 3.3 */
function segment(text: string): string {
  if (plainSegment.test(text)) return text
  return encodeURIComponent(Buffer.from(text).toString()).replace(/%(?:40|24|2B|3D|3A)/g, decodeURIComponent)
}

export const homeAddress = '/'

export const moderateAddress = '/moderate'
export const adminAddress = '/admin/'
export const adminGroupsAddress = '/admin/groups/'
export const adminPeersAddress = '/admin/peers/'
export const adminAccountsAddress = '/admin/accounts/'
export const adminRefusalsAddress = '/admin/refusals/'
export const adminSessionsAddress = '/admin/sessions/'
export const adminQueueAddress = '/admin/queue/'

export const statsAddress = '/stats/'

/** One figure of the statistics as a picture. */
export const chartAddress = (name: string): string => `/stats/chart/${segment(name)}.svg`

/** An article by message-ID, given with or without its angle brackets. */
export function articleAddress(messageId: string): string {
  return `/m/${segment(messageId.replace(/^<(.*)>$/s, '$1'))}/`
}

/** The same page, read in one of the groups of a crosspost; where `group` is empty, as it is. */
export function inGroup(address: string, group: string): string {
  if (group === '') return address
  const [page = '', anchor] = address.split('#')
  const query = `${page.includes('?') ? '&' : '?'}${new URLSearchParams({ group })}`
  return `${page}${query}${anchor === undefined ? '' : `#${anchor}`}`
}

export function rawAddress(messageId: string): string {
  return `${articleAddress(messageId)}raw`
}

/** The conversation that an article is in: its tree and its texts, a page at a time. */
export function threadAddress(messageId: string, page = 1): string {
  return `${articleAddress(messageId)}t/${page > 1 ? `?page=${page}` : ''}`
}

/** All its texts on one page, in the order in which they came. */
export function flatThreadAddress(messageId: string): string {
  return `${articleAddress(messageId)}T/`
}

/** All its articles as a mailbox. */
export function mailboxAddress(messageId: string): string {
  return `${articleAddress(messageId)}t.mbox.gz`
}

/** The `number`th file of an article; its name is for people, and for the program that saves it. */
export function fileAddress(messageId: string, number: number, name: string): string {
  return `${articleAddress(messageId)}a/${number}/${segment(name)}`
}

export function groupAddress(group: string): string {
  return `/g/${segment(group)}/`
}

export function unreadAddress(group: string): string {
  return `${groupAddress(group)}unread/`
}

/** What is unread behind this article, wherever it is; `group` as in `inGroup`. */
export function nextAddress(messageId: string, group = ''): string {
  return inGroup(`/next?${new URLSearchParams({ after: messageId.replace(/^<(.*)>$/s, '$1') })}`, group)
}

export const savedAddress = '/saved/'
export const scoresAddress = '/settings/scores/'
export const subscriptionsAddress = '/subscriptions/'

export function hierarchyAddress(hierarchy: string): string {
  return `/h/${segment(hierarchy)}/`
}

/** Atom feeds of what is new in a group, a hierarchy, a thread. */
export function groupFeedAddress(group: string): string {
  return `${groupAddress(group)}new.atom`
}

export function hierarchyFeedAddress(hierarchy: string): string {
  return `${hierarchyAddress(hierarchy)}new.atom`
}

/** `messageId`: of any article of the thread. */
export function threadFeedAddress(messageId: string): string {
  return `${articleAddress(messageId)}t.atom`
}

export function searchFeedAddress(text: string): string {
  return `/search/new.atom?${new URLSearchParams({ q: text })}`
}

/** The form for a new article, or for a follow-up to `inReplyTo`, whose text is quoted or not. */
export function postAddress(group: string, inReplyTo = '', quotes = true): string {
  const query = new URLSearchParams()
  if (group !== '') query.set('group', group)
  if (inReplyTo !== '') query.set('inreplyto', inReplyTo)
  if (!quotes) query.set('quote', 'no')
  return query.size === 0 ? '/post' : `/post?${query}`
}

/** The form with an article of one's own, to be posted in its place. */
export function editAddress(messageId: string): string {
  return `/post?${new URLSearchParams({ edit: messageId })}`
}

export function cancelAddress(messageId: string): string {
  return `${articleAddress(messageId)}cancel`
}

export const draftsAddress = '/drafts'
/** Where the script sends what is being written. */
export const keepAddress = '/post/draft'

/** The form with a text that was kept. */
export function draftAddress(key: string): string {
  return `/post?${new URLSearchParams({ draft: key })}`
}

/** What tells as it happens of articles in the groups that match, after a place in the arrival log. */
export function eventsAddress(groups: string, after: string): string {
  return `/events?${new URLSearchParams({ groups, after })}`
}

/** Articles that match a query, from a place in the log back; the form alone where the query is empty. */
export function searchAddress(query: string, place = ''): string {
  const fields = new URLSearchParams()
  if (query !== '') fields.set('q', query)
  if (place !== '') fields.set('p', place)
  return fields.size === 0 ? '/search' : `/search?${fields}`
}

/** The form, for one newsgroup. */
export function searchFormAddress(group: string): string {
  return `/search?${new URLSearchParams({ in: group })}`
}

/** The same page for programs. */
export function twinAddress(address: string): string {
  return address === '/' ? '/index.json' : address.replace(/\/?(\?.*)?$/, '.json$1')
}
