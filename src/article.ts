/** An article as a view over its raw octets in wire form. RFC 5536 2, 3; RFC 3977 3.6 */
import type { Reason } from './reason.ts'

export interface ArticleLimits {
  readonly header_bytes: number
  readonly header_line_bytes: number
  readonly headers: number
}

export interface ArticleEdit {
  /** Names of fields to leave out. */
  readonly remove?: readonly string[]
  /** Whole lines `Name: value` without CRLF (folds as CRLF + blank inside), put before and behind the rest. */
  readonly prepend?: readonly string[]
  readonly append?: readonly string[]
}

export class Article {
  /** Wire form: CRLF, dot-stuffed, no terminator. */
  readonly wire: Buffer

  private constructor(wire: Buffer) {
    this.wire = wire
  }

  /** Indexes the header section; `Reason` where it is no article. O(n), never throws. */
  static parse(_wire: Buffer, _limits: ArticleLimits): Article | Reason {
    throw new Error('not yet')
  }

  /** Value of the first field of that name, unfolded, one character an octet; undefined where absent. */
  header(_name: string): string | undefined {
    throw new Error('not yet')
  }
  /** How many fields have that name (case-insensitive). */
  count(_name: string): number {
    throw new Error('not yet')
  }
  /** Field names as written, in order. */
  get names(): readonly string[] {
    throw new Error('not yet')
  }
  /** Offset in `wire` of the first octet after the blank line. */
  get bodyStart(): number {
    throw new Error('not yet')
  }
  /** Octets without stuffing, CRLF as two. RFC 3977 8.1 */
  get octets(): number {
    throw new Error('not yet')
  }
  /** Lines of the body. RFC 3977 8.1 */
  get lines(): number {
    throw new Error('not yet')
  }
  /** A new article with other header fields and the very same body. */
  edit(_edit: ArticleEdit): Article {
    throw new Error('not yet')
  }
}
