/** Who writes: what the form begins with, of a person's settings or of an earlier article. RFC 5322 3.4 */
import type { Cookie } from '../http/cookie.ts'
import { settingsFrom } from '../people/settings.ts'
import type { Site, Visit } from '../site.ts'
import { authorName } from '../wording.ts'
import type { Typed } from './typed.ts'

type Author = Pick<Typed, 'name' | 'address'>

/** The form with what its writer has settled; visitors say it each time. */
export function signed(typed: Typed, { settings }: Visit): Typed {
  const { name, address, signature } = settings
  // RFC 3676 4.3
  const mark = signature === '' ? '' : `\n\n-- \n${signature}`
  return { ...typed, name, address, body: `${typed.body}${mark}` }
}

/**
 * What somebody has posted with, kept for the next time where the settings say nothing yet: with the account, or in the
 * browser of a visitor, for which the cookie is. What was chosen there is never changed.
 */
export async function keepAuthor(site: Site, visit: Visit, typed: Typed): Promise<readonly Cookie[]> {
  const { settings, person } = visit
  // An article that is edited says who its author was.
  if (typed.edits !== '' || settings.name !== '' || settings.address !== '') return []
  const { name, address } = typed
  const kept = settingsFrom({ ...settings, name, address, remembered: true })
  if (kept.name === '' && kept.address === '') return []
  if (person === undefined) return [site.settings.cookieOf(kept)]
  await site.settings.keep(person.account.name, kept)
  return []
}

/** Name and address in a From field. */
export function authorIn(from: string): Author {
  const address = /<([^<>]*)>\s*$/.exec(from)?.[1] ?? from.replace(/\([^()]*\)/g, '')
  const name = authorName(from)
  return { name: name === address.trim() ? '' : name, address: address.trim() }
}
