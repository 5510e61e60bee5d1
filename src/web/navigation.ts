/** The links at the head of every page. */
import { homeAddress, postAddress } from './addresses.ts'
import type { Link } from './render.ts'
import type { Visitor } from './site.ts'

export function navigationFor({ words: { page } }: Visitor): Link[] {
  return [
    { text: page.groups, to: homeAddress },
    { text: page.newArticle, to: postAddress('') },
  ]
}

/** ARIA 1.2: what `aria-current` says of a link on the page that is shown. */
export function currentOf({ to }: Link, { path }: Visitor): 'page' | '' {
  return to === path ? 'page' : ''
}
