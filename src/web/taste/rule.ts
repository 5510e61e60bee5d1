/** Rules by which a person wants articles hidden or put forward. No pattern of theirs is ever a regular expression. */
import { z } from 'zod'
import { compileGlob } from '../../glob.ts'
import { Wildmat } from '../../wildmat.ts'

/** `thread`: an article and all that answer it, by message-ID. `newsgroups`: any group it was posted to. */
export const textFields = ['from', 'subject', 'thread', 'newsgroups'] as const
export const countFields = ['lines', 'octets', 'crossposts'] as const
/** `matches`: `*` is any run of characters, `?` one. Case does not count. */
export const textTests = ['contains', 'equals', 'matches'] as const
export const countTests = ['over', 'under'] as const

const highestScore = 10_000
export const mostRules = 500
const longestValue = 300

const shared = {
  /** Names it in forms. */
  id: z.string().regex(/^[\w-]{4,40}$/),
  /** Wildmat of groups in which it counts; empty for all. */
  groups: z.string().max(longestValue),
  /** Below nought hides, above puts forward; the sum of all rules that fit decides. */
  score: z.number().int().min(-highestScore).max(highestScore),
  /** Seconds since 1970, from when on it counts no more; absent for ever. */
  expires: z.number().int().nonnegative().optional(),
}

export const ruleSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('text'),
    field: z.enum(textFields),
    test: z.enum(textTests),
    value: z.string().min(1).max(longestValue),
    ...shared,
  }),
  z.strictObject({
    kind: z.literal('count'),
    field: z.enum(countFields),
    test: z.enum(countTests),
    value: z.number().int().min(0).max(1e9),
    ...shared,
  }),
])

export type Rule = Readonly<z.infer<typeof ruleSchema>>
export type TextRule = Rule & { readonly kind: 'text' }

/** What rules look at: a row of the overview. */
export interface Judged {
  /** Decoded. */
  readonly subject: string
  readonly from: string
  readonly messageId: string
  readonly references: readonly string[]
  /** Absent where it is not known; then no rule about it fits. */
  readonly lines?: number
  readonly octets?: number
  /** Every group it is filed in; absent where that is not known. */
  readonly newsgroups?: () => readonly string[]
}

export interface CompiledRule {
  readonly rule: Rule
  readonly countsIn: (group: string) => boolean
  readonly fits: (row: Judged) => boolean
}

export function compileRule(rule: Rule): CompiledRule {
  const groups = rule.groups === '' ? undefined : Wildmat.parse(rule.groups)
  // One that cannot be read counts nowhere rather than everywhere.
  const countsIn = rule.groups === '' ? () => true : (group: string) => groups?.matches(group) ?? false
  return { rule, countsIn, fits: rule.kind === 'text' ? textFit(rule) : countFit(rule) }
}

function countFit({ field, test, value }: Rule & { kind: 'count' }): (row: Judged) => boolean {
  return row => {
    const count = field === 'crossposts' ? row.newsgroups?.().length : row[field]
    if (count === undefined) return false
    return test === 'over' ? count > value : count < value
  }
}

function textFit(rule: TextRule): (row: Judged) => boolean {
  const test = textTest(rule)
  switch (rule.field) {
    case 'thread':
      return ({ messageId, references }) => test(messageId) || references.some(test)
    case 'newsgroups':
      return ({ newsgroups }) => newsgroups?.().some(test) ?? false
    case 'from':
      return ({ from }) => test(from)
    case 'subject':
      return ({ subject }) => test(subject)
  }
}

function textTest({ field, test, value }: TextRule): (text: string) => boolean {
  // Identity of message-IDs is octet for octet. RFC 5536 3.1.3
  if (field === 'thread') return text => text === value
  const wanted = value.toLowerCase()
  if (test === 'contains') return text => text.toLowerCase().includes(wanted)
  if (test === 'equals') return text => text.trim().toLowerCase() === wanted
  const matches = compileGlob(wanted)
  return text => matches(text.toLowerCase())
}
