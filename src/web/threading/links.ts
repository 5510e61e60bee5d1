/** A forest of numbered nodes as links in one array: who hangs below whom, in which order. No recursion anywhere. */

export const none = -1

const stride = 5
const PARENT = 0
const FIRST = 1
const LAST = 2
const NEXT = 3
const PREVIOUS = 4

/** Steps upwards to look for a loop. Deeper than this nothing is hung below what has children of its own. */
const mostSteps = 20_000

export class Links {
  #cells = new Int32Array(stride * 256).fill(none)
  #count = 0

  get count(): number {
    return this.#count
  }

  /** Octets of memory. */
  get size(): number {
    return this.#cells.byteLength
  }

  /** A node on its own; nodes are numbered from 0. */
  add(): number {
    if ((this.#count + 1) * stride > this.#cells.length) {
      const cells = new Int32Array(Math.ceil(this.#cells.length * 1.5)).fill(none)
      cells.set(this.#cells)
      this.#cells = cells
    }
    return this.#count++
  }

  parent(node: number): number {
    return this.#of(node, PARENT)
  }

  firstChild(node: number): number {
    return this.#of(node, FIRST)
  }

  next(node: number): number {
    return this.#of(node, NEXT)
  }

  /** As the last of its children. `child` has no parent yet and is not above it. */
  link(parent: number, child: number): void {
    const last = this.#of(parent, LAST)
    this.#set(child, PARENT, parent)
    this.#set(child, PREVIOUS, last)
    if (last === none) this.#set(parent, FIRST, child)
    else this.#set(last, NEXT, child)
    this.#set(parent, LAST, child)
  }

  unlink(child: number): void {
    const parent = this.#of(child, PARENT)
    if (parent === none) return
    const before = this.#of(child, PREVIOUS)
    const behind = this.#of(child, NEXT)
    if (before === none) this.#set(parent, FIRST, behind)
    else this.#set(before, NEXT, behind)
    if (behind === none) this.#set(parent, LAST, before)
    else this.#set(behind, PREVIOUS, before)
    for (const cell of [PARENT, NEXT, PREVIOUS]) this.#set(child, cell, none)
  }

  /** Whether `child` can hang below `parent` without being above itself. */
  mayHang(child: number, parent: number): boolean {
    if (child === parent) return false
    if (this.#of(child, FIRST) === none) return true
    let above = parent
    for (let step = 0; step < mostSteps; step++) {
      if (above === none) return true
      if (above === child) return false
      above = this.#of(above, PARENT)
    }
    return false
  }

  #of(node: number, cell: number): number {
    return this.#cells[node * stride + cell] ?? none
  }

  #set(node: number, cell: number, value: number): void {
    this.#cells[node * stride + cell] = value
  }
}
