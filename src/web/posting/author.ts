/** Who writes: what the form begins with, of a person's settings or of an earlier article. RFC 5322 3.4 */
import type { Visit } from '../site.ts'
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

/** Name and address in a From field. */
export function authorIn(from: string): Author {
  const address = /<([^<>]*)>\s*$/.exec(from)?.[1] ?? from.replace(/\([^()]*\)/g, '')
  const name = authorName(from)
  return { name: name === address.trim() ? '' : name, address: address.trim() }
}
