/** The value of one article in the `articles` database: a fixed header, the Xref line, the article in wire form. */
import type { MessageId } from '../message-id.ts'
import type { Filing } from './reading.ts'

/** A view over one stored record. Nothing here decodes or copies the article. */
export interface StoredArticle {
  readonly messageId: MessageId
  readonly filings: readonly Filing[]
  readonly localOnly: boolean
  /** Octets of the served article, CRLF counted as two, stuffing and terminator not. RFC 3977 8.1 */
  readonly octets: number
  /** Lines of the body. RFC 3977 8.1 */
  readonly lines: number
  /** Xref line and article in wire form, ending with the terminating `.` CRLF: the body of ARTICLE. */
  readonly served: Buffer
  /** The same without Xref: the body of IHAVE and TAKETHIS. */
  readonly transfer: Buffer
  /** Header lines with Xref, without the blank line, ending with `.` CRLF is up to the caller. */
  readonly head: Buffer
  /** What follows the blank line, ending with the terminating `.` CRLF. */
  readonly body: Buffer
}
