/**
 * The words of an HTML part, for articles that have nothing else. The result is text and nothing but text: what looks
 * like a tag in it is shown, not obeyed. One pass over the characters.
 */

/** Elements whose content is not for reading. */
const silent = new Set([
  'script',
  'style',
  'head',
  'title',
  'template',
  'noscript',
  'svg',
  'math',
  'iframe',
  'object',
])
const breaking =
  /^(?:p|div|br|hr|li|tr|table|ul|ol|dl|dt|dd|h[1-6]|pre|blockquote|section|article|header|footer)$/

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  copy: '©',
  reg: '®',
  ndash: '–',
  mdash: '—',
  lsquo: '‘',
  rsquo: '’',
  ldquo: '“',
  rdquo: '”',
  hellip: '…',
  bull: '•',
  middot: '·',
  euro: '€',
  auml: 'ä',
  ouml: 'ö',
  uuml: 'ü',
  Auml: 'Ä',
  Ouml: 'Ö',
  Uuml: 'Ü',
  szlig: 'ß',
  eacute: 'é',
  egrave: 'è',
  agrave: 'à',
  aacute: 'á',
  ccedil: 'ç',
  ntilde: 'ñ',
  oacute: 'ó',
  iacute: 'í',
  uacute: 'ú',
}

function entity(whole: string, name: string): string {
  if (!name.startsWith('#')) return Object.hasOwn(entities, name) ? (entities[name] ?? whole) : whole
  const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number.parseInt(name.slice(1), 10)
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole
}

interface Tag {
  readonly name: string
  readonly closing: boolean
  /** Behind it. */
  readonly end: number
}

/** The tag or comment at a `<`; undefined where the character is only that. */
function tagAt(html: string, at: number): Tag | undefined {
  if (html.startsWith('<!--', at)) {
    const end = html.indexOf('-->', at)
    return { name: '', closing: false, end: end < 0 ? html.length : end + 3 }
  }
  const match = /^<(\/?)([a-z][a-z0-9]{0,20}|[!?])/i.exec(html.slice(at, at + 30))
  if (match === null) return undefined
  const end = html.indexOf('>', at)
  const name = (match[2] ?? '').toLowerCase()
  return { name, closing: match[1] === '/', end: end < 0 ? html.length : end + 1 }
}

export function htmlText(html: string): string {
  const out: string[] = []
  let hiddenIn = ''
  for (let at = 0; at < html.length; ) {
    const next = html.indexOf('<', at)
    const stop = next < 0 ? html.length : next
    if (hiddenIn === '') out.push(html.slice(at, stop).replace(/\s+/g, ' '))
    if (next < 0) break
    const tag = tagAt(html, next)
    if (tag === undefined) {
      if (hiddenIn === '') out.push('<')
      at = next + 1
      continue
    }
    if (hiddenIn !== '') hiddenIn = tag.closing && tag.name === hiddenIn ? '' : hiddenIn
    else if (silent.has(tag.name) && !tag.closing) hiddenIn = tag.name
    else if (breaking.test(tag.name)) out.push('\n')
    at = tag.end
  }
  const lines = out
    .join('')
    .replace(/&(#?[a-z0-9]{1,10});/gi, entity)
    .split('\n')
  return lines
    .map(line => line.trim())
    .filter((line, at, all) => line !== '' || (at > 0 && all[at - 1] !== ''))
    .join('\n')
}
