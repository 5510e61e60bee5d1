/**
 * Which article takes the place of one that is not here: an edited article names its old form, as those do that answered
 * it, but is no reply by its subject. RFC 5537 3.4.4, 5.4; RFC 5256 2.1
 */
import { none } from './links.ts'
import type { ThreadForest } from './thread-forest.ts'

/** The children of a node in the order in which they are read. */
export class StandIns {
  readonly #forest: ThreadForest
  /** Of each empty place that was asked for. */
  readonly #found = new Map<number, number>()

  constructor(forest: ThreadForest) {
    this.#forest = forest
  }

  /** The child that takes the place of a node; `none` where none does. */
  of(node: number): number {
    if (this.#isHere(node)) return none
    let found = this.#found.get(node)
    if (found === undefined) {
      found = this.#find(node)
      this.#found.set(node, found)
    }
    return found
  }

  first(node: number): number {
    const standIn = this.of(node)
    return standIn === none ? this.#forest.links.firstChild(node) : standIn
  }

  next(node: number): number {
    const { links } = this.#forest
    const parent = links.parent(node)
    const standIn = parent === none ? none : this.of(parent)
    if (standIn === none) return links.next(node)
    const next = node === standIn ? links.firstChild(parent) : links.next(node)
    return next === standIn ? links.next(next) : next
  }

  /** The first that has the subject of the replies beside it and is none itself. */
  #find(node: number): number {
    const { links } = this.#forest
    const first = links.firstChild(node)
    if (first === none || links.next(first) === none) return none
    const replies = this.#repliesBelow(node)
    for (let child = first; child !== none; child = links.next(child)) {
      const { base, reply } = this.#forest.baseAt(child)
      if (this.#isHere(child) && !reply && replies.has(base)) return child
    }
    return none
  }

  /** Base subjects of the replies to it, and to later forms of it that have gone as well. */
  #repliesBelow(node: number): ReadonlySet<number> {
    const { links } = this.#forest
    const replies = new Set<number>()
    const note = (child: number) => {
      const { base, reply } = this.#forest.baseAt(child)
      if (this.#isHere(child) && reply && base !== none) replies.add(base)
    }
    for (let child = links.firstChild(node); child !== none; child = links.next(child)) {
      note(child)
      if (this.#isHere(child)) continue
      for (let below = links.firstChild(child); below !== none; below = links.next(below)) note(below)
    }
    return replies
  }

  #isHere(node: number): boolean {
    return this.#forest.numberAt(node) !== 0
  }
}
