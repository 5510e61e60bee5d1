/** The table of remarks: what is said to who is about to post, and what can be mended by itself. */
import { mailWanted, manyGroups, openCrosspost } from './addressing.ts'
import { nothingOwn, notInParent, overQuoting, quotedSignature, topPosting } from './quoting.ts'
import { capitals, changedSubject, foreignReply, oldParent, strayTest } from './subjects.ts'
import { bareMark, longLines, longSignature, markup, noAttachment } from './wording.ts'
import type { Rule, Writing } from './writing.ts'

/** In the order in which they are shown: what changes most for readers first. */
const rules = {
  'top-posting': topPosting,
  'over-quoting': overQuoting,
  'nothing-own': nothingOwn,
  'not-in-parent': notInParent,
  'quoted-signature': quotedSignature,
  'old-parent': oldParent,
  'mail-wanted': mailWanted,
  'open-crosspost': openCrosspost,
  'many-groups': manyGroups,
  'changed-subject': changedSubject,
  'foreign-reply': foreignReply,
  capitals,
  'stray-test': strayTest,
  markup,
  'long-lines': longLines,
  'bare-mark': bareMark,
  'long-signature': longSignature,
  'no-attachment': noAttachment,
} satisfies Record<string, Rule>

export type RemarkName = keyof typeof rules

export const remarkNames = Object.keys(rules) as readonly RemarkName[]

export interface Remark {
  readonly name: RemarkName
  /** A word or line of the text that it is about; empty where that says nothing. */
  readonly found: string
  /** Whether `mend` knows how. */
  readonly mendable: boolean
}

const table: ReadonlyMap<string, Rule> = new Map(Object.entries(rules))

/** Characters of a text that are looked at. */
const mostLooked = 200_000

export function remarksOn(writing: Writing): readonly Remark[] {
  const looked = { ...writing, body: linesOf(writing.body.slice(0, mostLooked)) }
  return remarkNames.flatMap(name => {
    const rule = table.get(name)
    const found = rule?.finds(looked)
    return found === undefined
      ? []
      : [{ name, found: found.slice(0, 120), mendable: rule?.mends !== undefined }]
  })
}

/** The text without what the remark is about; as it is where nobody knows how, or there is no such remark. */
export function mend<Text extends Writing>(writing: Text, name: string): Text {
  const text = { ...writing, body: linesOf(writing.body) }
  return { ...text, ...table.get(name)?.mends?.(text) }
}

const linesOf = (body: string): string => body.replace(/\r\n?/g, '\n')
