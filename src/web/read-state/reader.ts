/** What one reader has read and wants to read, as pages ask for it. */
import type { Group } from '../../storage/reading.ts'
import { Wildmat } from '../../wildmat.ts'
import type { Holes } from './holes.ts'
import { type Finding, type Mark, type Marks, type Named, noMark } from './mark.ts'
import { atMost, countWithin, type NumberRanges, rangeOf, unite, without } from './number-ranges.ts'
import type { Undo } from './undo.ts'

/** Of a group; somebody who reads every other article of a busy group for years has no more. */
const mostRanges = 2000

export class Reader {
  readonly #marks: Marks
  readonly #holes: Holes
  /** Absent where there is no room to remember anything. */
  readonly undo: Undo | undefined
  #wildmat: { readonly text: string; readonly parsed: Wildmat | undefined } | undefined

  constructor(marks: Marks, holes: Holes, undo?: Undo) {
    this.undo = undo
    this.#marks = marks
    this.#holes = holes
  }

  isRead(group: Named, number: number): boolean {
    return rangeOf(this.readIn(group), number) !== undefined
  }

  readIn(group: Named): NumberRanges {
    return (this.#marks.get(group) ?? noMark).read
  }

  /** How many articles of the group are not read; exact, but in a very wide group of which much has been removed. */
  async unread(group: Group): Promise<number> {
    const read = this.readIn(group)
    const { low, high, count } = group
    if (countWithin(read, low, high) === 0) return count
    const holes = await this.#holes.of(group)
    if (holes === undefined) return Math.min(count, high - low + 1 - countWithin(read, low, high))
    return high - low + 1 - countWithin(unite(read, holes), low, high)
  }

  mark(group: Group, numbers: NumberRanges): void {
    const before = this.#marks.get(group) ?? noMark
    const read = unite(before.read, numbers)
    if (countsSame(before.read, read)) return
    // What is below the low mark will not come again.
    const gone: NumberRanges = group.low > 1 ? [{ low: 1, high: group.low - 1 }] : []
    this.#marks.set(group, { ...before, read: atMost(unite(read, gone), mostRanges) })
  }

  unmark(group: Named, numbers: NumberRanges): void {
    const before = this.#marks.get(group) ?? noMark
    const read = without(before.read, numbers)
    if (!countsSame(before.read, read)) this.#marks.set(group, { ...before, read })
  }

  /** Groups of which something is read, or said whether they are wanted. */
  marked(among: Finding): Iterable<readonly [Group, Mark]> {
    return this.#marks.groups(among)
  }

  /** The group's own word counts before the patterns. */
  subscribed(group: Named): boolean {
    return this.#marks.get(group)?.wanted ?? this.#matches(group.name)
  }

  subscribe(group: Named, wanted: boolean): void {
    const before = this.#marks.get(group) ?? noMark
    // What the patterns say anyway needs no word of its own.
    const word = this.#matches(group.name) === wanted ? undefined : wanted
    if (before.wanted !== word) this.#marks.set(group, { read: before.read, wanted: word })
  }

  /** Wildmat of groups that are subscribed to, those of the future too; empty for none. */
  get patterns(): string {
    return this.#marks.patterns
  }

  set patterns(text: string) {
    if (text !== this.#marks.patterns) this.#marks.patterns = text
  }

  /** Nothing is read and nothing subscribed to. */
  get empty(): boolean {
    return this.#marks.empty
  }

  #matches(name: string): boolean {
    const text = this.#marks.patterns
    if (text === '') return false
    if (this.#wildmat?.text !== text) this.#wildmat = { text, parsed: Wildmat.parse(text) }
    return this.#wildmat.parsed?.matches(name) ?? false
  }
}

function countsSame(some: NumberRanges, others: NumberRanges): boolean {
  return (
    some.length === others.length &&
    some.every(({ low, high }, at) => low === others[at]?.low && high === others[at]?.high)
  )
}
