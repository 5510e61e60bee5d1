/**
 * Subscriptions as a list of feeds, as feed readers take and give it: OPML 2.0. Read by a scanner that knows tags,
 * quoted attributes and the five names of XML 1.0 4.6, and nothing that could make more of less.
 */
import { type Newsgroup, parseNewsgroup } from '../newsgroup.ts'
import { groupAddress } from './addresses.ts'

const mostOutlines = 20_000
const longestTag = 2_000

const named: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
])

/** XML 1.0 2.2, 2.4: characters that no document may have are left out. */
const escaped = (text: string): string =>
  text
    .replace(/[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`)

export interface OpmlOptions {
  readonly title: string
  /** Scheme and host, without a slash at the end. */
  readonly origin: string
}

export function formatOpml(groups: Iterable<string>, { title, origin }: OpmlOptions): string {
  const outlines: string[] = []
  for (const group of groups) {
    const [text, feed, page] = [
      group,
      `${origin}${groupAddress(group)}new.atom`,
      `${origin}${groupAddress(group)}`,
    ].map(escaped)
    outlines.push(
      `    <outline type="rss" text="${text}" title="${text}" xmlUrl="${feed}" htmlUrl="${page}"/>\n`,
    )
  }
  return `<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0">
  <head><title>${escaped(title)}</title></head>
  <body>
${outlines.join('')}  </body>
</opml>
`
}

/**
 * Newsgroups that outlines name: by the address of a feed or page of a group, on whatever host, or by their text. A step
 * a tag.
 */
export function* opmlSteps(text: string): Generator<void, Newsgroup[]> {
  const groups = new Set<Newsgroup>()
  for (const attributes of outlinesOf(text)) {
    yield
    const group = attributes && groupOf(attributes)
    if (group !== undefined) groups.add(group)
  }
  return [...groups]
}

function groupOf(attributes: ReadonlyMap<string, string>): Newsgroup | undefined {
  for (const name of ['xmlurl', 'htmlurl']) {
    const [, segment = ''] = /^https?:\/\/[^/?#]+\/g\/([^/?#]+)\//i.exec(attributes.get(name) ?? '') ?? []
    const group = parseNewsgroup(decodedSegment(segment))
    if (group !== undefined) return group
  }
  // A feed of something else is no newsgroup, whatever it is called.
  return attributes.has('xmlurl') ? undefined : parseNewsgroup(attributes.get('text') ?? '')
}

function decodedSegment(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return ''
  }
}

/**
 * Attributes of each outline, names in lower case; undefined for other tags. Everything between tags is passed over,
 * declarations too.
 */
function* outlinesOf(text: string): Generator<ReadonlyMap<string, string> | undefined> {
  let found = 0
  for (let at = text.indexOf('<'); at >= 0 && found < mostOutlines; at = text.indexOf('<', at)) {
    const end = endOfTag(text, at)
    if (end === undefined) return
    const tag = text.slice(at, Math.min(end, at + longestTag))
    at = end
    const isOutline = /^<outline[\s/>]/i.test(tag)
    if (isOutline) found++
    yield isOutline ? attributesOf(tag) : undefined
  }
}

/** Behind the tag, comment or section that begins there; undefined where it does not end. */
function endOfTag(text: string, start: number): number | undefined {
  for (const [open, close] of [
    ['<!--', '-->'],
    ['<![CDATA[', ']]>'],
    ['<?', '?>'],
  ] as const) {
    if (!text.startsWith(open, start)) continue
    const end = text.indexOf(close, start + open.length)
    return end < 0 ? undefined : end + close.length
  }
  let quote = ''
  for (let at = start + 1; at < text.length; at++) {
    const character = text.charAt(at)
    if (quote !== '') quote = character === quote ? '' : quote
    else if (character === '"' || character === "'") quote = character
    else if (character === '>') return at + 1
  }
  return undefined
}

function attributesOf(tag: string): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>()
  for (const [, name = '', double, single] of tag.matchAll(
    /\s([a-z][\w:.-]*)\s{0,9}=\s{0,9}(?:"([^"<]*)"|'([^'<]*)')/gi,
  ))
    if (!attributes.has(name.toLowerCase()))
      attributes.set(name.toLowerCase(), unescaped(double ?? single ?? ''))
  return attributes
}

/** An entity of any other name is nothing: none can be declared. */
function unescaped(value: string): string {
  return value.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(\w{1,20}));/gi, (_, decimal, hex, name) => {
    if (name !== undefined) return named.get(name) ?? ''
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal)
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : ''
  })
}
