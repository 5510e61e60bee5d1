/** What a visitor has kept in cookies becomes the account's when somebody signs in. */
import type { ProvenAccount } from '../../client.ts'
import type { Cookie } from '../http/cookie.ts'
import { type Settings, settingsCookie } from '../people/settings.ts'
import type { Site, Visit } from '../site.ts'

/** Gives the cookies that change by it. What the account has already stays. */
export async function moveIn(
  site: Site,
  { person, settings, kept }: Visit,
  { name }: ProvenAccount,
): Promise<readonly Cookie[]> {
  if (person !== undefined) return []
  if (kept(settingsCookie) !== undefined && !(await site.settings.has(name)))
    await site.settings.keep(name, chosen(settings))
  return site.readers.moveVisitorState(name, kept)
}

/** Without the name of whoever has posted here before: that may have been somebody else. */
const chosen = (settings: Settings): Settings =>
  settings.remembered ? { ...settings, name: '', address: '', remembered: false } : settings
