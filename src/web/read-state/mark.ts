/** What is noted of one newsgroup: the numbers that were read, and whether it is wanted. */
import type { Group, GroupId } from '../../storage/reading.ts'
import { formatRanges, type NumberRanges, parseRanges } from './number-ranges.ts'

export interface Mark {
  readonly read: NumberRanges
  /** Absent where nothing was said and the patterns decide. */
  readonly wanted?: boolean | undefined
}

/** As much of a newsgroup as marks are kept under. */
export type Named = Pick<Group, 'id' | 'name'>

export const noMark: Mark = { read: [] }

/** Groups that may be shown. */
export interface Finding {
  named(name: string): Group | undefined
  withId(id: GroupId): Group | undefined
}

/** Where marks of one reader stand. */
export interface Marks {
  get(group: Named): Mark | undefined
  set(group: Named, mark: Mark): void
  /** Those that are found, with their marks, in no order. */
  groups(among: Finding): Iterable<readonly [Group, Mark]>
  /** Wildmat of what is wanted besides; empty for nothing. */
  patterns: string
  /** Whether there is any at all. */
  readonly empty: boolean
}

/** As it lies on a shelf: the sign of a newsrc line (`=` where nothing was said) and the ranges. */
export function encodeMark({ read, wanted }: Mark): Buffer {
  const sign = wanted === undefined ? '=' : wanted ? ':' : '!'
  return Buffer.from(`${sign}${formatRanges(read)}`)
}

/** Undefined for what is no mark. */
export function decodeMark(value: Buffer): Mark | undefined {
  const text = value.toString('latin1')
  const read = parseRanges(text.slice(1))
  if (read === undefined) return undefined
  if (text.startsWith('=')) return { read }
  return /^[:!]/.test(text) ? { read, wanted: text.startsWith(':') } : undefined
}

export const isBlank = ({ read, wanted }: Mark): boolean => read.length === 0 && wanted === undefined
