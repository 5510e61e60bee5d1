/** Articles taken apart by means of the tests' own, so that the server's code is not tested against itself. */

export interface Taken {
  /** Header fields with their folds and CRLF. */
  readonly fields: readonly string[]
  /** What stands behind the blank line. */
  readonly body: string
}

/** `text`: one character an octet, lines end CRLF. */
export function takeApart(text: string): Taken {
  const blank = text.startsWith('\r\n') ? -2 : text.indexOf('\r\n\r\n')
  const end = blank === -1 ? text.length : blank + 2
  const fields: string[] = []
  for (const line of text.slice(0, end).split(/(?<=\r\n)/)) {
    if (/^[ \t]/.test(line) && fields.length > 0) fields.push(`${fields.pop()}${line}`)
    else fields.push(line)
  }
  return { fields, body: text.slice(end + 2) }
}

/** The content of the first field of that name without its folds, undefined where there is none. */
export function fieldOf({ fields }: Taken, name: string): string | undefined {
  const field = fields.find(text => text.toLowerCase().startsWith(`${name.toLowerCase()}:`))
  return field
    ?.slice(name.length + 1)
    .replaceAll('\r\n', '')
    .replace(/^[ \t]+|[ \t]+$/g, '')
}

/** The article without the fields of these names. */
export function without(taken: Taken, names: readonly string[]): string {
  const kept = taken.fields.filter(field => !names.includes(field.slice(0, field.indexOf(':')).toLowerCase()))
  return `${kept.join('')}\r\n${taken.body}`
}

/** What OVER must say of an article that is served like this. RFC 3977 8.1, 8.3.2 */
export function overviewOf(number: number, text: string): string {
  const taken = takeApart(text)
  const column = (name: string) => (fieldOf(taken, name) ?? '').replace(/[\t\0\r\n]/g, ' ')
  const lines = taken.body.split('\r\n').length - 1
  const columns = ['Subject', 'From', 'Date', 'Message-ID', 'References'].map(column)
  return [number, ...columns, text.length, lines, `Xref: ${column('Xref')}`].join('\t')
}

/** A file as it is to be served: each LF that has no CR gets one, and the last line an end. */
export function served(file: Buffer): string {
  const text = file.toString('latin1').replace(/(?<!\r)\n/g, '\r\n')
  return text.endsWith('\r\n') ? text : `${text}\r\n`
}
