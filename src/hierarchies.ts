/** What `[[hierarchy]]` says of a newsgroup by its name. The last rule that matches counts. RFC 3977 4.2 */
import type { HierarchyRule } from './config/config.ts'
import { Wildmat } from './wildmat.ts'

export interface HierarchyFacts {
  readonly private: boolean
  readonly labels: readonly string[]
}

const nothing: HierarchyFacts = { private: false, labels: [] }

/** The rules of one configuration snapshot, compiled once. */
export class Hierarchies {
  readonly #rules: readonly { readonly pattern: Wildmat | undefined; readonly facts: HierarchyFacts }[]
  /** Every label that some rule gives. */
  readonly labels: ReadonlySet<string>
  /** Some rule says `private`. */
  readonly somePrivate: boolean

  constructor(rules: readonly HierarchyRule[]) {
    this.#rules = rules.map(rule => ({ pattern: Wildmat.parse(rule.pattern), facts: rule }))
    this.labels = new Set(rules.flatMap(({ labels }) => labels))
    this.somePrivate = rules.some(rule => rule.private)
  }

  of(name: string): HierarchyFacts {
    return this.#rules[this.ruleOf(name)]?.facts ?? nothing
  }

  /** Which rule decides, from 0; -1 where none matches. */
  ruleOf(name: string): number {
    return this.#rules.findLastIndex(({ pattern }) => pattern?.matches(name) === true)
  }

  isPrivate(name: string): boolean {
    return this.somePrivate && this.of(name).private
  }
}
