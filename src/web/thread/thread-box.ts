/** The conversation around an article: its tree, or the part of it that the article stands in, and ways to read it. */
import { articleAddress, flatThreadAddress, inGroup, mailboxAddress, threadAddress } from '../addresses.ts'
import { nowhere, type ThreadBox } from '../render.ts'
import type { Visit } from '../site.ts'
import type { ThreadArticle } from '../threading/thread-forest.ts'
import { type Conversation, threadLines } from './conversation.ts'

export const noThread: ThreadBox = { summary: '', lines: [], missing: nowhere, links: [] }

export interface Boxed {
  readonly visit: Visit
  /** Place of the article or page that is shown; the lines around it are shown. */
  readonly around: number
  /** How many lines at most. */
  readonly most: number
  /** Number of the article that the page shows. */
  readonly current?: number
  readonly address?: (at: number, article: ThreadArticle) => string
  /** What links say to stay in the group of the conversation; empty where they need not. */
  readonly carried: string
}

export function threadBox(conversation: Conversation, boxed: Boxed): ThreadBox {
  const { visit, around, most, carried } = boxed
  const { words } = visit
  const { length, missing } = conversation
  const from = Math.max(0, Math.min(around - Math.floor(most / 2), length - most))
  const to = Math.min(length, from + most)
  const root = conversation.messageId(0)
  const shown = to - from < length ? `${words.number(from + 1)}–${words.number(to)} / ` : ''
  return {
    summary: `${shown}${words.articles(length)}`,
    lines: threadLines(conversation, { ...boxed, from, to }),
    missing: missing === '' ? nowhere : { text: words.threads.missing, to: articleAddress(missing) },
    links: [
      { text: words.threads.wholeThread, to: inGroup(threadAddress(root), carried) },
      { text: words.threads.onOnePage, to: inGroup(flatThreadAddress(root), carried) },
      { text: words.threads.mailbox, to: inGroup(mailboxAddress(root), carried) },
    ],
  }
}
