/** Content-Type and Content-Disposition taken apart, whatever they are. RFC 2045 5.1, RFC 2183, RFC 2231 3 and 4 */
import { decodeOctets } from './charset.ts'
import { decodeHeader } from './header-words.ts'

export interface MediaType {
  readonly type: string
  /** By name in lower case, one character an octet unless RFC 2231 said a charset. */
  readonly parameters: ReadonlyMap<string, string>
}

const longest = 2000

/** RFC 2045 5.1. What is not a content type is text/plain. */
export function parseContentType(value: string): MediaType {
  const bounded = value.slice(0, longest)
  const type = bounded.replace(/;.*$/s, '').trim().toLowerCase()
  return { type: /^[\w.+-]+\/[\w.+-]+$/.test(type) ? type : 'text/plain', parameters: parametersOf(bounded) }
}

/** RFC 2183 2. `attachment`, `inline` or what else stands first, in lower case. */
export function parseDisposition(value: string): MediaType {
  const bounded = value.slice(0, longest)
  return { type: bounded.replace(/;.*$/s, '').trim().toLowerCase(), parameters: parametersOf(bounded) }
}

/** `name`, `name*`, `name*0`, `name*0*`: what is continued, and whether it is percent-encoded. RFC 2231 3, 4 */
const sectioned = /^([^*]+)(?:\*(\d{1,3}))?(\*)?$/

interface Section {
  readonly order: number
  readonly encoded: boolean
  readonly text: string
}

function parametersOf(value: string): ReadonlyMap<string, string> {
  const plain = new Map<string, string>()
  const extended = new Map<string, Section[]>()
  for (const match of value.matchAll(/;\s*([^\s=;"]{1,60})\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s"]*))/gs)) {
    const name = (match[1] ?? '').toLowerCase()
    // RFC 822 3.4.5, but only where it can be meant: Peers do this: `C:\file.txt`.
    const text = match[2]?.replace(/\\(["\\])/g, '$1') ?? match[3] ?? ''
    const [, base = name, order, star] = sectioned.exec(name) ?? []
    if (order === undefined && star === undefined) {
      if (!plain.has(name)) plain.set(name, text)
      continue
    }
    const sections = extended.get(base) ?? []
    sections.push({ order: Number(order ?? 0), encoded: star !== undefined, text })
    extended.set(base, sections)
  }
  // RFC 2231 says nothing of both; RFC 6266 4.3 prefers the extended one.
  for (const [name, sections] of extended) plain.set(name, joinSections(sections))
  return plain
}

function joinSections(sections: Section[]): string {
  sections.sort((a, b) => a.order - b.order)
  const first = sections[0]
  if (first === undefined) return ''
  const said = first.encoded ? /^([^']*)'[^']*'(.*)$/s.exec(first.text) : null
  const texts = sections.map((section, at) => {
    const text = at === 0 && said !== null ? (said[2] ?? '') : section.text
    return section.encoded ? unescapePercent(text) : text
  })
  const whole = texts.join('')
  return said === null ? whole : decodeOctets(Buffer.from(whole, 'latin1'), said[1] ?? '')
}

function unescapePercent(text: string): string {
  return text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

/** The name of a file as its author wrote it; empty where there is none. Peers do this: encoded words. RFC 2047 5 */
export function givenName(disposition: MediaType, content: MediaType): string {
  const name = disposition.parameters.get('filename') ?? content.parameters.get('name') ?? ''
  // What RFC 2231 decoded may hold any character; the rest is octets.
  return /[^\0-\xff]/.test(name) ? name : decodeHeader(name)
}
