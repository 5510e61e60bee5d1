/** The elements of a page, by a scanner that takes nothing but what our templates write. */

const tag = /^<(\/?[a-z][a-z0-9]*|!doctype html)((?:\s+[a-z-]+(?:="[^"<>]*")?)*)\s*>/
const attribute = /\s+([a-z-]+)(?:="([^"<>]*)")?/g

export interface Element {
  /** Name and names of attributes, in order: `a class href`. */
  readonly shape: string
  readonly attributes: ReadonlyMap<string, string>
}

/** Throws where a `<` begins no tag as we write them. */
export function elements(html: string): Element[] {
  const found: Element[] = []
  for (let at = html.indexOf('<'); at >= 0; at = html.indexOf('<', at + 1)) {
    const match = tag.exec(html.slice(at, at + 20_000))
    if (match === null) throw new Error(`no tag of ours: ${html.slice(at, at + 60)}`)
    const attributes = [...(match[2] ?? '').matchAll(attribute)].map(
      ([, name = '', value = '']) => [name, value] as const,
    )
    const shape = [match[1], ...attributes.map(([name]) => name)].join(' ')
    found.push({ shape, attributes: new Map(attributes) })
  }
  return found
}

/** What a browser makes of the few character references that Handlebars writes. */
export function unescapeHtml(text: string): string {
  const named: Readonly<Record<string, string>> = {
    lt: '<',
    gt: '>',
    quot: '"',
    amp: '&',
    '#x27': "'",
    '#x60': '`',
    '#x3D': '=',
  }
  return text.replace(/&(#?\w+);/g, (whole, name: string) => named[name] ?? whole)
}
