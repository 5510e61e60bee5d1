/** An article among others of its conversation: who answers whom, and its text as far as there is room for it. */

import type { Piece } from '../../article-text/embedded.ts'
import { visibleLine } from '../../article-text/visible.ts'
import { articleAddress, fileAddress } from '../addresses.ts'
import { bodyBlocks } from '../article/body-blocks.ts'
import { beginning, languageOf } from '../article/line-texts.ts'
import type { ShownArticle } from '../article/shown-article.ts'
import { type FileLine, type Link, nowhere, type ToldArticle } from '../render.ts'
import type { Visit } from '../site.ts'
import { baseSubject } from '../threading/base-subject.ts'
import { none } from '../threading/links.ts'
import { whenOf } from '../wording.ts'
import type { Words } from '../words/english.ts'
import { type Conversation, shownAuthor, shownSubject } from './conversation.ts'

/** Deeper answers stand as far aside as these. */
const deepestMark = 6

export function anchorOf(number: number): string {
  return `a${number}`
}

export function fileLines({ body, located }: ShownArticle, words: Words): FileLine[] {
  return body.files.map(({ name, type, size, piece }, at) => ({
    text: name,
    to: fileAddress(located.messageId, at + 1, name),
    about: [visibleLine(type), words.size(size), ...pieceText(piece, words)].join(', '),
  }))
}

/** What is fetched is not the whole file then. */
function pieceText(piece: Piece | undefined, words: Words): string[] {
  if (piece === undefined) return []
  const of = piece.of === 0 ? '?' : words.number(piece.of)
  return [words.article.piece(words.number(piece.number), of)]
}

export function notesOf({ body }: ShownArticle, { article }: Words): string[] {
  return body.html ? [article.html] : []
}

export interface Telling {
  readonly visit: Visit
  /** Milliseconds since 1970. */
  readonly now: number
  /** Characters that are shown of the text. */
  readonly room: number
  /** It stands as far aside as it is deep. */
  readonly indented: boolean
  /** Subject of the article that is told before it; undefined for the first. */
  readonly before: string | undefined
}

export function toldArticle(
  article: ShownArticle,
  { conversation, at }: { readonly conversation: Conversation; readonly at: number },
  telling: Telling,
): ToldArticle {
  const { visit, now, room, indented, before } = telling
  const { words } = visit
  const { messageId } = article.located
  const subject = article.header('Subject')
  const repeats = before !== undefined && baseSubject(before).base === baseSubject(subject).base
  const first = article.body.part(1)
  const lines = beginning(first, room)
  const depth = Math.min(conversation.depth(at), deepestMark)
  return {
    anchor: anchorOf(conversation.number(at)),
    mark: indented && depth > 0 ? `deep${depth}` : '',
    subject: repeats ? '' : shownSubject(subject, words),
    to: articleAddress(messageId),
    author: shownAuthor(article.header('From')),
    when: { ...whenOf(article.header('Date'), now, words), ago: '' },
    parent: parentLink(conversation, at),
    notes: notesOf(article, words),
    language: languageOf(lines),
    blocks: bodyBlocks(lines, false, words),
    rest:
      lines.length < first.length || article.body.parts > 1
        ? { text: words.threads.readOn, to: articleAddress(messageId) }
        : nowhere,
    files: fileLines(article, words),
  }
}

function parentLink(conversation: Conversation, at: number): Link {
  const above = conversation.parentOf(at)
  if (above === none) return nowhere
  const { from, messageId } = conversation.article(above)
  return { text: shownAuthor(from), to: articleAddress(messageId) }
}
