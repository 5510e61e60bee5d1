/** What all rules of a person together say of an article, and which of them said it. */
import { type CompiledRule, compileRule, type Judged, type Rule } from './rule.ts'

export interface Judgement {
  readonly score: number
  /** Rules that fit, in the order of the list. */
  readonly because: readonly Rule[]
}

const indifferent: Judgement = { score: 0, because: [] }

/** Below nought, so that one rule that puts forward can outweigh one that hides. */
export const isHidden = ({ score }: Judgement): boolean => score < 0

/** `now` in milliseconds since 1970. */
export type Judge = (row: Judged, group: string, now: number) => Judgement

export function compileRules(rules: readonly Rule[]): Judge {
  if (rules.length === 0) return () => indifferent
  const compiled = rules.map(compileRule)
  // Pages ask of many articles of one group.
  let last: { readonly group: string; readonly here: readonly CompiledRule[] } | undefined
  return (row, group, now) => {
    if (last?.group !== group) last = { group, here: compiled.filter(({ countsIn }) => countsIn(group)) }
    const because: Rule[] = []
    let score = 0
    for (const { rule, fits } of last.here) {
      if (rule.expires !== undefined && rule.expires * 1000 <= now) continue
      if (!fits(row)) continue
      score += rule.score
      because.push(rule)
    }
    return because.length === 0 ? indifferent : { score, because }
  }
}

/** One article, by rules that are not asked again. */
export function judge(row: Judged, group: string, { rules, now }: { rules: readonly Rule[]; now: number }) {
  return compileRules(rules)(row, group, now)
}
