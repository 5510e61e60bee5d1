/** The Xref line: our own, made anew for the groups an article is filed in. RFC 5536 3.2.14, RFC 5537 3.7.7 */

/** Fold before a line grows past what old software takes. RFC 5536 2.2: 998 octets */
const foldAt = 900

/** `Xref: identity g:n g2:m` without its CRLF; folds are CRLF TAB. */
export function xrefLine(pathIdentity: string, filed: readonly { name: string; number: number }[]): string {
  const [first] = filed
  // Most articles are in one group, whose name leaves room on the line.
  if (first !== undefined && filed.length === 1 && pathIdentity.length + first.name.length < foldAt / 2)
    return `Xref: ${pathIdentity} ${first.name}:${first.number}`
  return foldedXref(
    pathIdentity,
    filed.map(({ name, number }) => `${name}:${number}`),
  )
}

function foldedXref(pathIdentity: string, locations: readonly string[]): string {
  let text = `Xref: ${pathIdentity}`
  let column = text.length
  for (const location of locations) {
    const folds = column + 1 + location.length > foldAt
    text += folds ? `\r\n\t${location}` : ` ${location}`
    column = (folds ? 0 : column) + 1 + location.length
  }
  return text
}

export interface NarrowXref {
  /** Folded as in the article; empty where no group is left. */
  readonly line: string
  /** Octets by which the article grew shorter. */
  readonly dropped: number
}

/**
 * An Xref line of ours, folded or not, with only those groups that `mayRead` lets through; undefined where that is all
 * of them.
 */
export function narrowXref(xref: string, mayRead: (group: string) => boolean): NarrowXref | undefined {
  const [, identity = '', ...locations] = xref.split(/[ \t\r\n]+/)
  const kept = locations.filter(location => mayRead(location.slice(0, location.lastIndexOf(':'))))
  if (kept.length === locations.length) return undefined
  const whole = foldedXref(identity, locations)
  if (kept.length === 0) return { line: '', dropped: whole.length + 2 }
  const line = foldedXref(identity, kept)
  return { line, dropped: whole.length - line.length }
}
