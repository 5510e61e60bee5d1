/** How long articles are kept: the `[[expire]]` rules, and what an Expires header may change. RFC 5536 3.2.5 */
import type { ExpireConfig } from './config/config.ts'
import { Wildmat } from './wildmat.ts'

const day = 86_400

export interface Aging {
  /** Seconds since 1970, when it arrived here: a poster cannot make it older or younger. */
  readonly time: number
  /** Of its Expires header, seconds since 1970; absent where it has none that can be read. */
  readonly expires?: number
}

/** One rule; nothing in it is read off a clock. */
export class ExpireRule {
  readonly #config: ExpireConfig

  constructor(config: ExpireConfig) {
    this.#config = config
  }

  /** Most articles of a group; 0 = any number. */
  get articles(): number {
    return this.#config.keep_articles
  }

  /** Most octets of a group; 0 = any number. */
  get octets(): number {
    return this.#config.keep_bytes
  }

  /** When an article without Expires goes, seconds since 1970; Infinity where never. */
  usualEnd({ time }: Aging): number {
    return endAfter(this.#config.keep_days, time)
  }

  /** RFC 5536 3.2.5: Expires is a wish, bounded by what the operator allows. */
  end(article: Aging): number {
    const { min_days, max_days } = this.#config
    const usual = this.usualEnd(article)
    const { expires, time } = article
    if (expires === undefined) return usual
    const most = max_days === undefined ? usual : endAfter(max_days, time)
    const least = min_days === undefined ? usual : time + min_days * day
    return Math.min(Math.max(expires, least), most)
  }
}

/** 0 days = for ever. */
const endAfter = (days: number, time: number): number =>
  days === 0 ? Number.POSITIVE_INFINITY : time + days * day

/** All rules of a configuration; the last one that matches a group is the group's. */
export class ExpireRules {
  /** The last one first. */
  readonly #rules: readonly { readonly pattern: Wildmat; readonly rule: ExpireRule }[]
  readonly #known = new Map<string, ExpireRule | undefined>()

  constructor(rules: readonly ExpireConfig[]) {
    const compiled = rules.flatMap(config => {
      const pattern = Wildmat.parse(config.groups)
      return pattern === undefined ? [] : [{ pattern, rule: new ExpireRule(config) }]
    })
    this.#rules = compiled.reverse()
  }

  /** Without any, everything is kept for ever. */
  get none(): boolean {
    return this.#rules.length === 0
  }

  /** Undefined where nothing is said of the group: then it keeps its articles for ever. */
  of(group: string): ExpireRule | undefined {
    if (this.#known.has(group)) return this.#known.get(group)
    const found = this.#rules.find(({ pattern }) => pattern.matches(group))?.rule
    this.#known.set(group, found)
    return found
  }
}
