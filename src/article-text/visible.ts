/**
 * Characters that do not show, or that reorder what stands around them, made visible: a subject must look like what
 * it is. Unicode TR36 2.5, TR39; the text still has to be escaped for HTML.
 */

// C0 but for TAB and LF, DEL, C1; soft hyphen; Arabic letter mark; zero-width and bidi controls; line and paragraph
// separators; BOM; interlinear marks; tags. A lone surrogate is half a character.
const hidden =
  /[\0-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\p{Cs}\u{e0000}-\u{e007f}]/gu

function shown(character: string): string {
  const code = character.codePointAt(0) ?? 0
  if (code < 0x20) return String.fromCharCode(0x2400 + code)
  if (code === 0x7f) return '\u2421'
  return `[U+${code.toString(16).toUpperCase().padStart(4, '0')}]`
}

/** For text of several lines: TAB and LF stay. */
export function visibleText(text: string): string {
  return text.replace(hidden, shown)
}

/** For a header value, a name, anything of one line: TAB and LF are blanks. */
export function visibleLine(text: string): string {
  return visibleText(text.replace(/[\t\n\r]+/g, ' ')).trim()
}
