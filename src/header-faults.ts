/** What may be wrong with a header section that could be indexed: names that repeat, lines that are long. RFC 5536 2.2 */
import { isSameName } from './field-octets.ts'
import { colonOf, endOf, type Fields, fieldSize, lineEnd, nameOf } from './header-section.ts'

/** Each field is compared with each, octet by octet: whoever writes them must not decide how long that takes. */
const mostCompared = 64
const longestCompared = 64

/** See `Article.mayRepeat`. */
export function mayRepeat(wire: Buffer, fields: Fields): boolean {
  if (fields.length > mostCompared * fieldSize) return true
  for (let one = fieldSize; one < fields.length; one += fieldSize) {
    const length = colonOf(fields, one) - nameOf(fields, one)
    if (length > longestCompared) return true
    for (let other = 0; other < one; other += fieldSize) {
      if (colonOf(fields, other) - nameOf(fields, other) !== length) continue
      if (isSameName(wire, nameOf(fields, one), nameOf(fields, other))) return true
    }
  }
  return false
}

/** Octets of the longest line, CRLF not counted. */
export function longestLine(wire: Buffer, fields: Fields): number {
  let longest = 0
  for (let field = 0; field < fields.length; field += fieldSize) {
    for (let at = nameOf(fields, field); at < endOf(fields, field); ) {
      const next = lineEnd(wire, at)
      longest = Math.max(longest, next - 2 - at)
      at = next
    }
  }
  return longest
}
