/** The links at the head of every page. */
import { visibleLine } from '../article-text/visible.ts'
import type { Role } from '../client.ts'
import {
  adminAddress,
  draftsAddress,
  homeAddress,
  moderateAddress,
  postAddress,
  searchAddress,
} from './addresses.ts'
import { loginAddress } from './people/own-address.ts'
import type { Link } from './render.ts'
import type { Site, Visitor } from './site.ts'

/** Characters of an account's name. */
const longestName = 24

export function navigationFor(visitor: Visitor, { office }: Pick<Site, 'office'>): Link[] {
  const { words, person, here } = visitor
  const { page, login, settings, drafts } = words
  return [
    { text: page.groups, to: homeAddress },
    { text: page.newArticle, to: postAddress('') },
    { text: page.search, to: searchAddress('') },
    ...(office === undefined ? [] : officeLinks(visitor)),
    ...(person === undefined
      ? [
          { text: settings.heading, to: '/settings' },
          { text: login.heading, to: loginAddress(here) },
        ]
      : [
          { text: drafts.heading, to: draftsAddress },
          { text: shortName(person.account.name), to: '/settings' },
        ]),
  ]
}

/** Only for those who may. */
function officeLinks({ words: { moderate, admin }, person }: Visitor): Link[] {
  const is = (role: Role) => person?.account.roles.has(role) === true
  return [
    ...(is('moderator') || is('admin') ? [{ text: moderate.heading, to: moderateAddress }] : []),
    ...(is('admin') ? [{ text: admin.heading, to: adminAddress }] : []),
  ]
}

/** ARIA 1.2: what `aria-current` says of a link on the page that is shown. */
export function currentOf({ to }: Link, { path }: Visitor): 'page' | '' {
  return to === path ? 'page' : ''
}

function shortName(name: string): string {
  const characters = Array.from(visibleLine(name))
  return characters.length > longestName
    ? `${characters.slice(0, longestName - 1).join('')}…`
    : characters.join('')
}
