/** Single header fields out of articles and overview lines, as HDR shows them. RFC 3977 8.3.2, 8.5.2 */

const colon = 58

/** Fields of an overview line after the number, in order; lower case. RFC 3977 8.3.2, 8.4 */
const overviewFields = ['subject', 'from', 'date', 'message-id', 'references', ':bytes', ':lines', 'xref']

/** Where `name` (lower case) stands in an overview line split at its TABs; undefined where it does not. */
export function overviewColumn(name: string): number | undefined {
  const index = overviewFields.indexOf(name)
  return index < 0 ? undefined : index + 1
}

/** The field in that column, without its name where the line holds the whole header line. */
export function overviewField(line: string, column: number): string {
  const field = line.split('\t', column + 1)[column] ?? ''
  // RFC 3977 8.3.2: from the ninth field on the whole header line stands there.
  return column <= 7 ? field : field.replace(/^[^:]*:[ ]?/, '')
}

/**
 * The first field `name` (lower case) of a header section in wire form, unfolded, one character an octet; undefined
 * where there is none.
 */
export function headerField(head: Buffer, name: string): string | undefined {
  for (let at = 0; at < head.length; ) {
    const end = fieldEnd(head, at)
    const start = head[at] === 46 ? at + 1 : at // RFC 3977 3.1.1: a stuffed dot
    if (
      head[start + name.length] === colon &&
      head.toString('latin1', start, start + name.length).toLowerCase() === name
    ) {
      return unfold(head.toString('latin1', start + name.length + 1, end))
    }
    at = end
  }
  return undefined
}

/** Behind the CRLF of the last line of the field that begins at `at`. */
function fieldEnd(head: Buffer, at: number): number {
  for (let from = at; ; ) {
    const end = head.indexOf('\r\n', from)
    if (end < 0) return head.length
    const next = head[end + 2]
    if (next !== 32 && next !== 9) return end + 2
    from = end + 2
  }
}

/** RFC 3977 8.3.2: CRLF pairs go, every other TAB, NUL, CR and LF becomes a blank; 8.5.2: as does the one after the colon. */
function unfold(value: string): string {
  return value
    .replaceAll('\r\n', '')
    .replace(/[\0\t\r\n]/g, ' ')
    .replace(/^ /, '')
}
