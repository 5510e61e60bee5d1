/** The Xref line: our own, made anew for the groups an article is filed in. RFC 5536 3.2.14, RFC 5537 3.7.7 */

/** Fold before a line grows past what old software takes. RFC 5536 2.2: 998 octets */
const foldAt = 900

/** `Xref: identity g:n g2:m` without its CRLF; folds are CRLF TAB. */
export function xrefLine(pathIdentity: string, filed: readonly { name: string; number: number }[]): string {
  const lines = [`Xref: ${pathIdentity}`]
  for (const { name, number } of filed) {
    const location = `${name}:${number}`
    const last = lines.length - 1
    const line = lines[last] ?? ''
    if (line.length + 1 + location.length > foldAt) lines.push(`\t${location}`)
    else lines[last] = `${line} ${location}`
  }
  return lines.join('\r\n')
}
