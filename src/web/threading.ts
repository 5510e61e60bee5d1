/** Rows of one page as threads, by References. RFC 5537 3.4.4; a parent on another page makes its child a root here. */
import type { OverviewRow } from './overview.ts'

export interface Thread {
  readonly row: OverviewRow
  /** Oldest first, as in a conversation. */
  readonly replies: readonly Thread[]
}

interface Node {
  readonly row: OverviewRow
  readonly replies: Node[]
  /** Greatest number in the thread. */
  newest: number
}

/** Threads with the newest article first; every row appears once, whatever its References say. */
export function threadRows(rows: readonly OverviewRow[]): Thread[] {
  const ascending = [...rows].sort((a, b) => a.number - b.number)
  const nodes = new Map<string, Node>()
  const roots: Node[] = []
  // In number order a parent is placed before its child, so that no loop can arise.
  for (const row of ascending) {
    const node: Node = { row, replies: [], newest: row.number }
    const parent = row.references.findLast(id => nodes.has(id))
    const above = parent === undefined ? undefined : nodes.get(parent)
    if (above === undefined) roots.push(node)
    else above.replies.push(node)
    nodes.set(row.messageId, node)
  }
  for (const root of roots) root.newest = newestOf(root)
  return roots.sort((a, b) => b.newest - a.newest)
}

function newestOf(node: Node): number {
  return node.replies.reduce((newest, reply) => Math.max(newest, newestOf(reply)), node.row.number)
}
