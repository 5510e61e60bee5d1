/** One conversation in the order in which it is read: each article before those that answer it. No recursion. */
import { none } from './links.ts'
import { StandIns } from './stand-ins.ts'
import type { ThreadForest } from './thread-forest.ts'

export interface ThreadTree {
  /** Nodes of the articles that are here. */
  readonly nodes: Int32Array
  /** How many of those above each are here. */
  readonly depths: Int32Array
  /** The article that all of them answer, which is missing; empty where one of them is above all others. */
  readonly missing: string
}

/** `top` is a topmost node, `articles` how many the conversation has. */
export function threadTree(forest: ThreadForest, top: number, articles: number): ThreadTree {
  const { links } = forest
  const standIns = new StandIns(forest)
  const nodes = new Int32Array(articles)
  const depths = new Int32Array(articles)
  const isHere = (node: number) => forest.numberAt(node) !== 0
  let at = 0
  let depth = 0
  let roots = 0
  for (let node = top; ; ) {
    const here = isHere(node)
    if (here) {
      nodes[at] = node
      depths[at++] = depth
      if (depth === 0) roots += 1
    }
    if (links.firstChild(node) !== none) {
      if (here) depth += 1
      node = standIns.first(node)
      continue
    }
    while (node !== top && standIns.next(node) === none) {
      node = links.parent(node)
      if (isHere(node) || standIns.of(node) !== none) depth -= 1
    }
    if (node === top) break
    // Those behind it answered what it takes the place of.
    if (standIns.of(links.parent(node)) === node) depth += 1
    node = standIns.next(node)
  }
  return {
    nodes: nodes.subarray(0, at),
    depths: depths.subarray(0, at),
    missing: roots > 1 ? forest.idAt(top) : '',
  }
}
