/** Which conversation each article of a forest is in, how many it has, and which is its newest. */
import { none } from './links.ts'
import type { ThreadForest } from './thread-forest.ts'

export interface ThreadWindow {
  /** Conversations by their topmost node, the one with the newest article first. */
  readonly threads: readonly number[]
  readonly older: boolean
  readonly newer: boolean
}

export interface ThreadSpan {
  /** Conversations whose newest article has a smaller number. */
  readonly before?: number | undefined
  /** Conversations whose newest article has a greater number, the oldest of them. */
  readonly after?: number | undefined
  readonly count: number
}

export class Threads {
  readonly #forest: ThreadForest
  /** Of each node its topmost one. */
  #top = new Int32Array(256)
  /** Of a topmost node: its articles, and the node of the newest. */
  #articles = new Int32Array(256)
  #newest = new Int32Array(256)
  #nodes = 0
  #rows = 0
  #changes = 0
  #count = 0

  constructor(forest: ThreadForest) {
    this.#forest = forest
  }

  /** Octets of memory. */
  get size(): number {
    return this.#top.byteLength * 3
  }

  /** How many conversations have an article. */
  get count(): number {
    this.#settle()
    return this.#count
  }

  topOf(node: number): number {
    this.#settle()
    return this.#top[node] ?? none
  }

  articles(top: number): number {
    this.#settle()
    return this.#articles[top] ?? 0
  }

  /** The node of the newest article. */
  newest(top: number): number {
    this.#settle()
    return this.#newest[top] ?? none
  }

  /** A conversation has the place of its newest article, so that none is on two pages while others move to the front. */
  window({ before, after, count }: ThreadSpan): ThreadWindow {
    this.#settle()
    const { rows } = this.#forest
    if (after !== undefined) {
      const start = rows.from(after + 1)
      const found = this.#walk(start, 1, count + 1)
      const older = this.#walk(start - 1, -1, 1).length > 0
      return { threads: found.slice(0, count).reverse(), older, newer: found.length > count }
    }
    const start = before === undefined ? rows.length : rows.from(before)
    const found = this.#walk(start - 1, -1, count + 1)
    const newer = this.#walk(start, 1, 1).length > 0
    return { threads: found.slice(0, count), older: found.length > count, newer }
  }

  #walk(start: number, step: 1 | -1, wanted: number): number[] {
    const { rows } = this.#forest
    const found: number[] = []
    for (let at = start; at >= 0 && at < rows.length && found.length < wanted; at += step) {
      const node = rows.node(at)
      if (node === none) continue
      const top = this.#top[node] ?? none
      if (this.#newest[top] === node) found.push(top)
    }
    return found
  }

  /** What has been added since the last time; everything anew where more than that has changed. */
  #settle(): void {
    const { links, rows, changes } = this.#forest
    if (changes !== this.#changes) {
      this.#changes = changes
      this.#nodes = 0
      this.#rows = 0
      this.#count = 0
    }
    if (links.count > this.#top.length) this.#grow(Math.ceil(links.count * 1.25))
    this.#top.fill(none, this.#nodes, links.count)
    this.#articles.fill(0, this.#nodes, links.count)
    this.#newest.fill(none, this.#nodes, links.count)
    for (; this.#nodes < links.count; this.#nodes++) this.#findTop(this.#nodes)
    for (; this.#rows < rows.length; this.#rows++) {
      const node = rows.node(this.#rows)
      if (node !== none) this.#countIn(node)
    }
  }

  #findTop(node: number): void {
    const { links } = this.#forest
    let top = node
    while (this.#top[top] === none && links.parent(top) !== none) top = links.parent(top)
    const found = this.#top[top] === none ? top : (this.#top[top] ?? none)
    for (let below = node; this.#top[below] === none; below = links.parent(below)) {
      this.#top[below] = found
      if (below === found) break
    }
  }

  #countIn(node: number): void {
    const top = this.#top[node] ?? none
    const articles = this.#articles[top] ?? 0
    if (articles === 0) this.#count += 1
    this.#articles[top] = articles + 1
    this.#newest[top] = node
  }

  #grow(room: number): void {
    const more = (cells: Int32Array) => {
      const grown = new Int32Array(room)
      grown.set(cells)
      return grown
    }
    this.#top = more(this.#top)
    this.#articles = more(this.#articles)
    this.#newest = more(this.#newest)
  }
}
