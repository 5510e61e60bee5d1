/** The forms that mark a group as read up to what a page shows, and take that back. */
import type { Group } from '../../storage/reading.ts'
import type { CatchUpForm, UndoForm } from '../shown/reading.ts'
import type { Site, Visit } from '../site.ts'

/** How long pages offer to take it back, milliseconds. */
const offered = 3_600_000

export interface CatchingUp {
  readonly group: Group
  /** The highest number that the page shows. */
  readonly upTo: number
  /** Address of the page. */
  readonly back: string
}

export function catchUpOf(site: Site, { cookie }: Visit, { group, upTo, back }: CatchingUp): CatchUpForm {
  return { token: site.tokens.of(cookie), group: group.name, upTo: String(upTo), back }
}

/** Undefined where nothing was marked lately, or nothing is remembered of it: visitors have no shelf. */
export function undoOf(site: Site, { cookie, reader, words }: Visit, back: string): UndoForm | undefined {
  const newest = reader.undo?.newest
  if (newest === undefined || site.clock.now() - newest.at > offered) return undefined
  return {
    token: site.tokens.of(cookie),
    text: words.reading.caughtUp(words.groupCount(newest.numbers.size)),
    back,
  }
}
