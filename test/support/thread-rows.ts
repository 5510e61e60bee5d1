/** Overview lines for tests of threading, and conversations as a line of text. */
import { overviewFields } from '../../src/web/threading/overview-fields.ts'
import { ThreadForest } from '../../src/web/threading/thread-forest.ts'
import { threadTree } from '../../src/web/threading/thread-tree.ts'
import { Threads } from '../../src/web/threading/threads.ts'

export interface Row {
  /** Without angle brackets. */
  readonly id: string
  /** Oldest first, without angle brackets. */
  readonly references?: readonly string[]
  readonly subject?: string
  readonly date?: string
}

export const bracketed = (id: string): string => `<${id}>`

/** As OVER gives it, without CRLF. */
function overviewText(number: number, { id, references = [], subject = '', date = '' }: Row): string {
  return [
    number,
    subject,
    'Ann <a@x>',
    date,
    bracketed(id),
    references.map(bracketed).join(' '),
    100,
    5,
    'Xref: x',
  ].join('\t')
}

/** The rows under the numbers from `first` on. */
export function addRows(forest: ThreadForest, rows: readonly Row[], first = 1): void {
  for (const [at, row] of rows.entries()) {
    const octets = Buffer.from(overviewText(first + at, row), 'latin1')
    const fields = overviewFields(octets, 0, octets.length)
    if (fields === undefined) throw new Error(`no overview line: ${octets}`)
    forest.add(octets, fields)
  }
}

export function forestOf(rows: readonly Row[]): ThreadForest {
  const forest = new ThreadForest()
  addRows(forest, rows)
  return forest
}

/** Conversations, the newest first: `a(b(c) d)`; `?(...)` answers something that is missing. */
export function shapeOf(forest: ThreadForest, threads = new Threads(forest)): string {
  return threads
    .window({ count: Number.MAX_SAFE_INTEGER })
    .threads.map(top => treeShape(forest, top, threads.articles(top)))
    .join(' ')
}

function treeShape(forest: ThreadForest, top: number, articles: number): string {
  const { nodes, depths, missing } = threadTree(forest, top, articles)
  let text = missing === '' ? '' : '?('
  for (const [at, node] of nodes.entries()) {
    const [depth = 0, before = -1] = [depths[at], depths[at - 1]]
    if (depth > before) text += at === 0 ? '' : '('
    else text += `${')'.repeat(before - depth)} `
    text += forest.idAt(node).slice(1, -1)
  }
  return text + ')'.repeat((depths.at(-1) ?? 0) + (missing === '' ? 0 : 1))
}
