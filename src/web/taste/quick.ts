/** Rules that buttons make: a thread or an author, watched or ignored. */
import type { Rule } from './rule.ts'

export const wishes = ['watch-thread', 'ignore-thread', 'watch-author', 'ignore-author'] as const
export type Wish = (typeof wishes)[number]

/** Far above what anybody counts together by hand, so that a button decides. */
const strong = 1000
/** Days: a thread is over by then. */
const threadDays = 180

export interface About {
  /** Of the first article of the thread. */
  readonly root: string
  /** Address of the author, or all of the From field where there is none. */
  readonly author: string
}

export interface Making {
  /** Of the new rule. */
  readonly id: string
  /** Milliseconds since 1970. */
  readonly now: number
}

export interface Wished {
  readonly wish: Wish
  readonly about: About
}

export function ruleOf({ wish, about }: Wished, { id, now }: Making): Rule {
  const shared = {
    kind: 'text',
    id,
    groups: '',
    score: wish.startsWith('watch-') ? strong : -strong,
  } as const
  if (wish.endsWith('-author')) return { ...shared, field: 'from', test: 'contains', value: about.author }
  const expires = Math.floor(now / 1000) + threadDays * 86_400
  return { ...shared, field: 'thread', test: 'equals', value: about.root, expires }
}

/** The rules with the new one, without what a button said of the same thread or author before. */
export function withRule(rules: readonly Rule[], made: Rule): Rule[] {
  const { field, test, value, groups } = made
  const alike = (rule: Rule) =>
    rule.field === field && rule.test === test && rule.value === value && rule.groups === groups
  return [...rules.filter(rule => !alike(rule)), made]
}

/** What buttons have said of the thread and the author. */
export function wishesOf(rules: readonly Rule[], { root, author }: About): readonly Wish[] {
  const found: Wish[] = []
  for (const { field, test, value, score } of rules) {
    if (field === 'thread' && value === root) found.push(score < 0 ? 'ignore-thread' : 'watch-thread')
    if (field === 'from' && test === 'contains' && value === author)
      found.push(score < 0 ? 'ignore-author' : 'watch-author')
  }
  return found
}
