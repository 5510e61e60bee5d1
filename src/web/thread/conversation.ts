/** A conversation as pages show it: the articles before and behind one, and its tree as nested lists. */

import { visibleLine } from '../../article-text/visible.ts'
import type { Group } from '../../storage/reading.ts'
import { articleAddress, inGroup } from '../addresses.ts'
import type { ThreadLine } from '../render.ts'
import type { Site, Visit } from '../site.ts'
import { baseSubject } from '../threading/base-subject.ts'
import { none } from '../threading/links.ts'
import type { ThreadArticle, ThreadForest } from '../threading/thread-forest.ts'
import { type ThreadTree, threadTree } from '../threading/thread-tree.ts'
import { authorName, whenAt } from '../wording.ts'
import type { Words } from '../words/english.ts'

/** Lists nested deeper than this show the rest side by side. */
const deepest = 24

/** One conversation of a group at the moment when it was asked for. */
export class Conversation {
  readonly group: Group
  readonly #forest: ThreadForest
  readonly #tree: ThreadTree

  constructor(group: Group, forest: ThreadForest, tree: ThreadTree) {
    this.group = group
    this.#forest = forest
    this.#tree = tree
  }

  get length(): number {
    return this.#tree.nodes.length
  }

  /** Message-ID of the article that all of them answer and that is not here; empty where there is none such. */
  get missing(): string {
    return this.#tree.missing
  }

  /** Number of the article at a place; 0 where there is none or it has gone since. */
  number(at: number): number {
    return this.#forest.numberAt(this.#node(at))
  }

  article(at: number): ThreadArticle {
    return this.#forest.articleAt(this.#node(at))
  }

  /** Decoded. */
  from(at: number): string {
    return this.#forest.fromAt(this.#node(at))
  }

  messageId(at: number): string {
    return this.#forest.idAt(this.#node(at))
  }

  depth(at: number): number {
    return this.#tree.depths[at] ?? 0
  }

  /** Place of an article; `none` where it is not in this conversation. */
  placeOf(number: number): number {
    for (let at = 0; at < this.length; at++) if (this.number(at) === number) return at
    return none
  }

  /** Place of the article that the one at a place answers; `none` where it is the first, or that is not here. */
  parentOf(at: number): number {
    const depth = this.depth(at)
    for (let above = at - 1; above >= 0; above--) if (this.depth(above) < depth) return above
    return none
  }

  /** Places in the order in which the articles came. */
  inOrder(): Int32Array {
    const places = Int32Array.from({ length: this.length }, (_, at) => at)
    return places.sort((one, other) => this.number(one) - this.number(other))
  }

  #node(at: number): number {
    return this.#tree.nodes[at] ?? none
  }
}

/** The conversation that an article is in; undefined where it is older than those that are threaded, or has gone. */
export async function conversationOf(
  site: Site,
  group: Group,
  number: number,
): Promise<Conversation | undefined> {
  const { forest, threads } = await site.threads.of(group)
  const node = forest.rows.nodeOf(number)
  if (node === none) return undefined
  const top = threads.topOf(node)
  return new Conversation(group, forest, threadTree(forest, top, threads.articles(top)))
}

export interface Listed {
  readonly from: number
  readonly to: number
  readonly visit: Visit
  /** Number of the article that the page shows. */
  readonly current?: number
  /** Where the link of an article leads; to the article where absent. */
  readonly address?: (at: number, article: ThreadArticle) => string
  /** As in `inGroup`. */
  readonly carried?: string
  /** Every line has its subject, also where it is that of the first. */
  readonly subjects?: boolean
}

interface OpenLine extends ThreadLine {
  readonly replies: OpenLine[]
}

/** The articles from place `from` to before `to` as lines hung below each other. */
export function threadLines(conversation: Conversation, listed: Listed): ThreadLine[] {
  const { visit, current = 0 } = listed
  const { words } = visit
  const lines: OpenLine[] = []
  const above: OpenLine[] = []
  let least = conversation.depth(listed.from)
  let subject = ''
  const fresh = readAny(visit, conversation.group)
  for (let at = listed.from; at < listed.to; at++) {
    const article = conversation.article(at)
    if (article.number === 0) continue
    const base = baseSubject(article.subject).base
    const repeats = at > listed.from && base === subject && listed.subjects !== true
    subject = base
    const line = lineOf(article, {
      words,
      subject: repeats ? '' : shownSubject(article.subject, words),
      to: listed.address?.(at, article) ?? inGroup(articleAddress(article.messageId), listed.carried ?? ''),
      unread: fresh && !visit.reader.isRead(conversation.group, article.number),
      current: article.number === current,
    })
    least = Math.min(least, conversation.depth(at))
    above.length = Math.min(above.length, conversation.depth(at) - least, deepest)
    const list = above.at(-1)?.replies ?? lines
    list.push(line)
    above.push(line)
  }
  return lines
}

/** Whether anything of a group is read: where nothing is, all would be marked as new. */
export function readAny({ reader }: Visit, group: Group): boolean {
  return reader.readIn(group).some(({ high }) => high >= group.low)
}

export function shownSubject(subject: string, words: Words): string {
  return visibleLine(subject) || words.page.noSubject
}

export function shownAuthor(from: string): string {
  return visibleLine(authorName(from))
}

interface Said {
  readonly words: Words
  readonly subject: string
  readonly to: string
  readonly unread: boolean
  readonly current: boolean
}

function lineOf({ from, date }: ThreadArticle, { words, subject, to, unread, current }: Said): OpenLine {
  return {
    subject,
    to,
    author: shownAuthor(from),
    when: whenAt(date, words),
    unread,
    current: current ? 'true' : '',
    mark: unread ? 'new' : '',
    replies: [],
  }
}
