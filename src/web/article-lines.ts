/** Articles as lines of a list: subject, author, date. */
import { visibleLine } from '../article-text/visible.ts'
import { articleAddress } from './addresses.ts'
import type { ArticleLine } from './render.ts'
import { authorName, whenOf } from './wording.ts'
import type { Words } from './words/english.ts'

/** Of the overview, or of what was kept of it. */
export interface Row {
  readonly subject: string
  readonly from: string
  /** As written. */
  readonly date: string
  readonly messageId: string
}

/** `now` in milliseconds. */
export function articleLine({ subject, from, date, messageId }: Row, now: number, words: Words): ArticleLine {
  return {
    subject: visibleLine(subject) || words.page.noSubject,
    to: articleAddress(messageId),
    author: visibleLine(authorName(from)),
    when: whenOf(date, now, words),
  }
}
