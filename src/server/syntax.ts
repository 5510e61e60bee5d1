/** Arguments of reader commands: ranges, article numbers, wildmats. RFC 3977 4.1, 6.1.2, 9.8 */
import { looksLikeMessageId } from '../message-id.ts'
import type { NumberRange } from '../storage/reading.ts'
import { Wildmat } from '../wildmat.ts'
import { NntpError } from './nntp-error.ts'

/** RFC 3977 6: the highest article number. */
const highest = 2_147_483_647

/** `n`, `n-` or `n-m`, at most 16 digits a number; m < n is an empty range. RFC 3977 6.1.2.2, 9.8 */
export function parseRange(text: string): NumberRange | undefined {
  const match = /^(\d{1,16})(?:(-)(\d{1,16})?)?$/.exec(text)
  if (match === null) return undefined
  const low = Number(match[1])
  if (match[2] === undefined) return { low, high: low }
  return { low, high: match[3] === undefined ? highest : Math.min(Number(match[3]), highest) }
}

/** RFC 3977 9.8: article-number */
function isNumber(text: string): boolean {
  return /^\d{1,16}$/.test(text)
}

export const isNumberOrId = (text: string): boolean => isNumber(text) || looksLikeMessageId(text)
export const isRangeOrId = (text: string): boolean =>
  parseRange(text) !== undefined || looksLikeMessageId(text)

export function isWildmat(text: string): boolean {
  return Wildmat.parse(text) !== undefined
}

/** Throws 501 where the syntax is wrong. RFC 3977 4.1 */
export function wildmat(text: string): Wildmat {
  const parsed = Wildmat.parse(text)
  if (parsed === undefined) throw new NntpError(501, 'Bad wildmat')
  return parsed
}

/** RFC 3977 9.8: header-name, or the name of a metadata item, which begins with a colon. */
export function isHeaderName(text: string): boolean {
  return /^:?[\x21-\x39\x3b-\x7e]+$/.test(text)
}
