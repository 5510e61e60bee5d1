/** Why the articles of an import were refused, counted. */
import type { Reason } from '../../reason.ts'

export interface RefusedFor {
  /** As in `reasons`. */
  readonly reason: string
  /** Printable ASCII. */
  readonly text: string
  readonly articles: number
  /** Where the first of them lies. */
  readonly where: string
}

interface Counted {
  readonly reason: Reason
  readonly where: string
  articles: number
}

const mostShown = 10
/** Texts with a detail, such as the name of a newsgroup, may differ in each article: a bound for the memory. */
const mostKept = 1000

export class RefusedCount {
  readonly #kept = new Map<string, Counted>()

  add(reason: Reason, where: string): void {
    const counted = this.#kept.get(reason.text)
    if (counted !== undefined) counted.articles++
    else if (this.#kept.size < mostKept) this.#kept.set(reason.text, { reason, where, articles: 1 })
  }

  /** The most frequent first, ten at most. */
  most(): RefusedFor[] {
    return [...this.#kept.values()]
      .sort((a, b) => b.articles - a.articles)
      .slice(0, mostShown)
      .map(({ reason, where, articles }) => ({ reason: reason.name, text: reason.text, articles, where }))
  }
}
