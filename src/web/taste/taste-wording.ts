/** Rules in words: the list of them, and why an article is hidden or put forward. */
import { visibleLine } from '../../article-text/visible.ts'
import type { Words } from '../words/english.ts'
import type { Judgement } from './judge.ts'
import type { Rule } from './rule.ts'

export function ruleText(rule: Rule, { scores, number }: Words): string {
  const value = rule.kind === 'text' ? visibleLine(rule.value) : number(rule.value)
  const what = scores.says(scores.fields[rule.field], scores.tests[rule.test], value)
  return rule.groups === '' ? what : scores.inGroups(what, visibleLine(rule.groups))
}

/** Empty where no rule fits. */
export function whyText({ score, because }: Judgement, words: Words): string {
  if (because.length === 0) return ''
  const rules = because.map(rule => `${ruleText(rule, words)} (${signed(rule.score)})`).join('; ')
  return score < 0 ? words.scores.hiddenBecause(rules) : words.scores.scoredBecause(signed(score), rules)
}

export const signed = (score: number): string => (score > 0 ? `+${score}` : String(score).replace('-', '−'))
