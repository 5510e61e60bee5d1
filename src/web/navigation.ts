/** The links at the head of every page, and those to what is above it. */
import { visibleLine } from '../article-text/visible.ts'
import type { Role } from '../client.ts'
import {
  adminAddress,
  draftsAddress,
  hierarchyAddress,
  homeAddress,
  moderateAddress,
  postAddress,
  searchAddress,
} from './addresses.ts'
import { loginAddress } from './people/own-address.ts'
import type { Link } from './render.ts'
import type { Site, Visitor } from './site.ts'
import type { Words } from './words/english.ts'

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

/** Links to the hierarchies above a group or hierarchy, the list of all groups first; the name itself is not one. */
export function trailTo(name: string, words: Words): Link[] {
  const parts = name.split('.')
  const above = parts.slice(0, -1).map((part, at) => ({
    text: visibleLine(part),
    to: hierarchyAddress(parts.slice(0, at + 1).join('.')),
  }))
  return [{ text: words.page.groups, to: homeAddress }, ...above]
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
