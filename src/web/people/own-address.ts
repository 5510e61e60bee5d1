/** Addresses that a form brings along: only our own pages are ever led to. RFC 3986 5.2, 6.2 */

const somewhere = 'http://here.invalid'
const longest = 2000

/** A path of ours with its query, as a Location field may hold it; `/` for anything else. */
export function ownAddress(text: string): string {
  if (text.length > longest || !/^\/(?![/\\])/.test(text) || /[\0-\x20\x7f\\]/.test(text)) return '/'
  if (!URL.canParse(text, somewhere)) return '/'
  const { origin, pathname, search } = new URL(text, somewhere)
  // Dots that were taken out may leave two slashes at the beginning, which name a host.
  if (origin !== somewhere || pathname.startsWith('//')) return '/'
  return /^\/log(?:in|out)\b/.test(pathname) ? '/' : pathname + search
}

/** Where to sign in, and back. */
export const loginAddress = (next: string): string => {
  const back = ownAddress(next)
  return back === '/' ? '/login' : `/login?${new URLSearchParams({ next: back })}`
}
