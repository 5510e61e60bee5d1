/** The newsgroups that one reader may see, in name order: parts of the name are found by halving, sums are at hand. */
import { Recent } from '../../recent.ts'
import type { Group, GroupId } from '../../storage/reading.ts'
import { Wildmat } from '../../wildmat.ts'

/** Subscriptions of different people whose groups are remembered. */
const mostPatterns = 50

/** Groups of a hierarchy: `comp.lang` itself stands apart from what is below it, because `comp.lang-x` lies between. */
export interface Stretch {
  readonly groups: number
  readonly articles: number
}

/** What stands under one name: a group of that name, groups below it, or both. */
export interface Child extends Stretch {
  readonly name: string
  /** Where it stands in the list, to go on from there. */
  readonly at: string
  readonly group: Group | undefined
}

export class Directory {
  readonly groups: readonly Group[]
  /** Articles in all groups before the one at an index. */
  readonly #before: Float64Array
  readonly #matched = new Recent<string, readonly Group[]>(mostPatterns)
  #ids: ReadonlyMap<GroupId, Group> | undefined

  /** `groups` in name order. `articles` says how many count of each; all where absent. */
  constructor(groups: readonly Group[], articles: (group: Group) => number = ({ count }) => count) {
    this.groups = groups
    this.#before = new Float64Array(groups.length + 1)
    for (const [at, group] of groups.entries())
      this.#before[at + 1] = (this.#before[at] ?? 0) + articles(group)
  }

  named(name: string): Group | undefined {
    const group = this.groups[this.#first(name)]
    return group?.name === name ? group : undefined
  }

  withId(id: GroupId): Group | undefined {
    this.#ids ??= new Map(this.groups.map(group => [group.id, group]))
    return this.#ids.get(id)
  }

  /** Of a hierarchy, the group of its name too; of all for an empty one. */
  sum(hierarchy: string): Stretch {
    const [from, to] = this.#below(hierarchy)
    const own = hierarchy === '' ? undefined : this.named(hierarchy)
    const articles = (this.#before[to] ?? 0) - (this.#before[from] ?? 0)
    return { groups: to - from + (own ? 1 : 0), articles: articles + (own?.count ?? 0) }
  }

  /** Every group of a hierarchy, in name order. */
  within(hierarchy: string): readonly Group[] {
    const own = hierarchy === '' ? undefined : this.named(hierarchy)
    const below = this.groups.slice(...this.#below(hierarchy))
    return own === undefined ? below : [own, ...below]
  }

  /** The names one part longer than the hierarchy's, from `from` on, in name order; costs a halving each. */
  *children(hierarchy: string, from = ''): Generator<Child> {
    const [start, end] = this.#below(hierarchy)
    let at = Math.max(start, from === '' ? 0 : this.#first(from))
    const depth = hierarchy === '' ? 0 : hierarchy.length + 1
    while (at < end) {
      const group = this.groups[at]
      if (group === undefined) return
      const dot = group.name.indexOf('.', depth)
      const name = dot < 0 ? group.name : group.name.slice(0, dot)
      const own = this.named(name)
      // The group of the name itself stood before its like: `a`, `a-b`, `a.c`.
      if (dot < 0 || own === undefined) yield { name, at: group.name, group: own, ...this.sum(name) }
      at = dot < 0 ? at + 1 : this.#below(name)[1]
    }
  }

  /** Groups that a wildmat matches; none where it cannot be read. */
  matching(patterns: string): readonly Group[] {
    const known = this.#matched.get(patterns)
    if (known !== undefined) return known
    const wildmat = Wildmat.parse(patterns)
    const found = wildmat?.all ? this.groups : this.groups.filter(({ name }) => wildmat?.matches(name))
    this.#matched.set(patterns, found)
    return found
  }

  #below(hierarchy: string): readonly [number, number] {
    if (hierarchy === '') return [0, this.groups.length]
    // `/` follows `.`
    return [this.#first(`${hierarchy}.`), this.#first(`${hierarchy}/`)]
  }

  /** Index of the first group whose name is not before this one. */
  #first(name: string): number {
    let below = 0
    let above = this.groups.length
    while (below < above) {
      const middle = (below + above) >>> 1
      if ((this.groups[middle]?.name ?? '') < name) below = middle + 1
      else above = middle
    }
    return below
  }
}
