/** What is to become another article: fields that go, come, or change. RFC 5537 3.5, 3.6 */
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
  /** Fields that are left out. */
  readonly gone: readonly number[]
  /** The field in whose place `line` stands, or in front of whose value it is inserted; -1 for none. */
  readonly replaced: number
  readonly line: string
  readonly inserts: boolean
  /** Of all that stay, the new line counted. */
  readonly octets: number
}
