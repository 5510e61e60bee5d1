/** Who may open a page: those that the row of its route names. */
import { loginAddress } from '../people/own-address.ts'
import { freshProof } from '../person.ts'
import { type Answer, type Site, trouble, type Visit } from '../site.ts'
import type { Route } from './route-table.ts'

const noRight = trouble(403, words => words.trouble.noRight)

/** Undefined for who may; others are led to where they can sign in, or told that their account may not. */
export function refusalOf(
  { needs }: Pick<Route, 'needs'>,
  { person, here }: Pick<Visit, 'person' | 'here'>,
  { clock }: Pick<Site, 'clock'>,
): Answer | undefined {
  if (needs === undefined) return undefined
  const toLogin: Answer = { kind: 'redirect', status: 303, to: loginAddress(here) }
  if (person === undefined) return toLogin
  const { roles } = person.account
  if (needs === 'admin' && !roles.has('admin')) return noRight
  // A browser that was left alone administers nothing.
  if (needs === 'admin' && clock.now() - person.provenAt > freshProof) return toLogin
  const moderates = roles.has('moderator') || roles.has('admin')
  return needs === 'moderator' && !moderates ? noRight : undefined
}
