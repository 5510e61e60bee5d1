/** The rules of one person, as pages ask them. */
import type { Clock } from '../../clock.ts'
import { compileRules, type Judge, type Judgement } from './judge.ts'
import { type Judged, mostRules, type Rule, ruleSchema } from './rule.ts'

export interface Taste {
  /** In the order in which they were made. */
  readonly rules: readonly Rule[]
  /** Of an article in a group; cheap enough for every row of a page, not for every row of a group. */
  readonly judge: (row: Judged, group: string) => Judgement
}

/** Groups that this reader may not know of say nothing of an article. */
export function tasteOf(taste: Taste, mayRead: (group: string) => boolean): Taste {
  const { rules } = taste
  if (rules.length === 0) return taste
  const judge: Taste['judge'] = (row, group) => {
    const { newsgroups } = row
    if (newsgroups === undefined) return taste.judge(row, group)
    return taste.judge({ ...row, newsgroups: () => newsgroups().filter(mayRead) }, group)
  }
  return { rules, judge }
}

export class KeptTaste implements Taste {
  readonly #clock: Clock
  #rules: readonly Rule[]
  #judge: Judge

  constructor(rules: readonly Rule[], clock: Clock) {
    this.#clock = clock
    this.#rules = rules
    this.#judge = compileRules(rules)
  }

  get rules(): readonly Rule[] {
    return this.#rules
  }

  readonly judge = (row: Judged, group: string): Judgement => this.#judge(row, group, this.#clock.now())

  /** Those that have expired are left out, and the oldest of too many. */
  replace(rules: readonly Rule[]): void {
    const now = this.#clock.now() / 1000
    const alive = rules.filter(({ expires }) => expires === undefined || expires > now)
    this.#rules = alive.slice(-mostRules)
    this.#judge = compileRules(this.#rules)
  }
}

export const encodeRules = (rules: readonly Rule[]): Buffer | undefined =>
  rules.length === 0 ? undefined : Buffer.from(JSON.stringify(rules))

/** A rule that cannot be read is passed over: of another version, or damaged. */
export function decodeRules(value: Buffer | undefined): Rule[] {
  if (value === undefined) return []
  try {
    const list: unknown = JSON.parse(value.toString())
    if (!Array.isArray(list)) return []
    return list.flatMap(each => {
      const { data } = ruleSchema.safeParse(each)
      return data === undefined ? [] : [data]
    })
  } catch {
    return []
  }
}
