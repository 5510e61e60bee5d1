/** Why a form cannot become an article: a field and a name, for which every language has a sentence. */
import type { Words } from '../words/english.ts'

export type Field =
  | 'name'
  | 'address'
  | 'newsgroups'
  | 'followupto'
  | 'subject'
  | 'body'
  | 'messageId'
  | 'references'
  | 'userAgent'
  | 'withdraws'

export type ProblemName = keyof Words['problems']

export interface Problem {
  readonly field: Field
  readonly name: ProblemName
  /** Which groups, how many characters: as the sentence wants it. */
  readonly detail?: string
}

/** In the words of the person who posts. */
export function problemText({ name, detail = '' }: Problem, { problems }: Words): string {
  const text = problems[name]
  return typeof text === 'string' ? text : text(detail)
}
