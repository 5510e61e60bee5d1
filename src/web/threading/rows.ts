/** Which node has which article number: numbers ascending, each with its node. */
import { none } from './links.ts'

export class Rows {
  #numbers = new Uint32Array(256)
  /** `none` for an article that has gone. */
  #nodes = new Int32Array(256)
  #length = 0
  #present = 0

  /** With those that have gone. */
  get length(): number {
    return this.#length
  }

  get present(): number {
    return this.#present
  }

  /** Octets of memory. */
  get size(): number {
    return this.#numbers.byteLength + this.#nodes.byteLength
  }

  /** The greatest number there has been; 0 before the first. */
  get last(): number {
    return this.#length === 0 ? 0 : this.number(this.#length - 1)
  }

  number(at: number): number {
    return this.#numbers[at] ?? 0
  }

  node(at: number): number {
    return this.#nodes[at] ?? none
  }

  /** `number` is greater than `last`. */
  add(number: number, node: number): void {
    if (this.#length === this.#numbers.length) {
      const room = Math.ceil(this.#length * 1.5)
      const [numbers, nodes] = [new Uint32Array(room), new Int32Array(room)]
      numbers.set(this.#numbers)
      nodes.set(this.#nodes)
      this.#numbers = numbers
      this.#nodes = nodes
    }
    this.#numbers[this.#length] = number
    this.#nodes[this.#length] = node
    this.#length += 1
    this.#present += 1
  }

  /** The node it had, or `none`. */
  remove(number: number): number {
    const at = this.from(number)
    const node = this.number(at) === number && at < this.#length ? this.node(at) : none
    if (node === none) return none
    this.#nodes[at] = none
    this.#present -= 1
    return node
  }

  nodeOf(number: number): number {
    const at = this.from(number)
    return at < this.#length && this.number(at) === number ? this.node(at) : none
  }

  /** Place of the first row whose number is not smaller. */
  from(number: number): number {
    let low = 0
    let high = this.#length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.number(middle) < number) low = middle + 1
      else high = middle
    }
    return low
  }
}
