/** One overview line as places in the octets it came in: nothing is copied or decoded. RFC 3977 8.3.2 */

export interface Place {
  readonly start: number
  readonly end: number
}

export interface OverviewFields {
  readonly number: number
  readonly subject: Place
  readonly from: Place
  readonly date: Place
  readonly messageId: Place
  readonly references: Place
}

const TAB = 9
/** Columns before which nothing of ours ends: number to References. */
const columns = 6

/** The line from `start` to `end`, without its CRLF; undefined for what is no overview line. */
export function overviewFields(octets: Buffer, start: number, end: number): OverviewFields | undefined {
  const places: Place[] = []
  let from = start
  while (places.length < columns) {
    const tab = octets.indexOf(TAB, from)
    if (tab < 0 || tab >= end) return undefined
    places.push({ start: from, end: tab })
    from = tab + 1
  }
  const [first, subject, author, date, messageId, references] = places
  if (!first || !subject || !author || !date || !messageId || !references) return undefined
  const number = decimal(octets, first)
  return number === 0 ? undefined : { number, subject, from: author, date, messageId, references }
}

/** RFC 3977 6: 1 to 2,147,483,647; 0 for anything else. */
function decimal(octets: Buffer, { start, end }: Place): number {
  if (end - start > 10) return 0
  let value = 0
  for (let at = start; at < end; at++) {
    const digit = (octets[at] ?? 0) - 0x30
    if (digit < 0 || digit > 9) return 0
    value = value * 10 + digit
  }
  return value > 0x7fff_ffff ? 0 : value
}

/** What stands between angle brackets, with them, oldest first. RFC 5536 3.2.10 */
export function identifiersIn(octets: Buffer, { start, end }: Place): Place[] {
  const found: Place[] = []
  let open = -1
  for (let at = start; at < end; at++) {
    const octet = octets[at] ?? 0
    if (octet === 0x3c) open = at
    else if (octet <= 0x20) open = -1
    else if (octet === 0x3e && open >= 0) {
      if (at > open + 1) found.push({ start: open, end: at + 1 })
      open = -1
    }
  }
  return found
}
