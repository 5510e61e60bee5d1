/** Fields of an article that go, come, or change, and how the others are copied. RFC 5537 3.5, 3.6 */
import { copyOctets } from './field-octets.ts'
import {
  colonOf,
  endOf,
  type FieldList,
  type Fields,
  fieldSize,
  nameOf,
  startOf,
  writeLine,
} from './header-section.ts'
import type { Into } from './own-memory.ts'

export interface ArticleEdit {
  /** Names of fields to leave out. */
  readonly remove?: readonly string[]
  /** Whole lines `Name: value` without CRLF (folds as CRLF + blank inside), put before and behind the rest. */
  readonly prepend?: readonly string[]
  readonly append?: readonly string[]
  /** A whole line that takes the place of the first field of its name, if there is one. */
  readonly replace?: string
  /** Instead of `replace`: octets put in front of the value of a field with one blank there (`pathBeginsAt`). */
  readonly insert?: Insertion | undefined
  /**
   * Gives memory for the new article, and octets to leave free before and behind it. It is not asked where the article
   * stands in memory of its own that is large enough: that is taken, and the article used up.
   */
  readonly into?: Into | undefined
}

interface Insertion {
  readonly name: string
  readonly text: string
}

/** What an edit means for the fields of one article. */
export interface Kept {
  /** The article as it was, and its fields. */
  readonly wire: Buffer
  readonly fields: Fields
  /** Fields that are left out. */
  readonly gone: readonly number[]
  /** The field in whose place `line` stands, or in front of whose value it is inserted; -1 for none. */
  readonly replaced: number
  readonly line: string
  readonly inserts: boolean
  /** Of all that stay, the new line counted. */
  readonly octets: number
}

/**
 * Writes what there is up to the last change: neighbours are copied together, and the new index is the old one moved.
 * Gives where the rest begins in the old one; that is in the index already.
 */
export function copyFields(kept: Kept, target: Buffer, fields: FieldList): number {
  const { wire: source, fields: old, gone, replaced, line, inserts } = kept
  let at = fields.end
  let from = 0
  let move = at
  for (let field = 0; field < old.length; field += fieldSize) {
    const isGone = gone.length > 0 && gone.includes(field)
    if (!isGone && field !== replaced) {
      fields.add(nameOf(old, field) + move, colonOf(old, field) + move, endOf(old, field) + move)
      continue
    }
    const inside = inserts && !isGone
    const stop = inside ? colonOf(old, field) + 2 : startOf(old, field)
    at = copyOctets(target, at, { source, from, stop })
    if (inside) {
      at += target.write(line, at, 'latin1')
      fields.add(nameOf(old, field) + move, colonOf(old, field) + move, endOf(old, field) + at - stop)
    } else if (!isGone) {
      writeLine(target, line, fields)
      at = fields.end
    }
    from = inside ? stop : endOf(old, field)
    move = at - from
  }
  return from
}
