/** Articles as lines of a list: subject, author, date. */
import { visibleLine } from '../../article-text/visible.ts'
import { articleAddress } from '../addresses.ts'
import type { ArticleLine } from '../shown/reading.ts'
import type { Judgement } from '../taste/judge.ts'
import { whyText } from '../taste/taste-wording.ts'
import { authorName, whenOf } from '../wording.ts'
import type { Words } from '../words/english.ts'

/** Of the overview, or of what was kept of it. */
export interface Row {
  readonly subject: string
  readonly from: string
  /** As written. */
  readonly date: string
  readonly messageId: string
}

interface Said {
  readonly words: Words
  readonly judgement?: Judgement
}

/** `now` in milliseconds. */
export function articleLine(row: Row, now: number, { words, judgement }: Said): ArticleLine {
  const { subject, from, date, messageId } = row
  return {
    subject: visibleLine(subject) || words.page.noSubject,
    to: articleAddress(messageId),
    author: visibleLine(authorName(from)),
    when: whenOf(date, now, words),
    why: judgement === undefined ? '' : whyText(judgement, words),
  }
}
