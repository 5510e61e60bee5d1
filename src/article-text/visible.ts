/**
 * Characters that do not show, or that reorder what stands around them, made visible: a subject must look like what
 * it is. Joiners stay where they shape what they stand between. Unicode TR36 2.5, TR39, RFC 5892 A.1 and A.2; the text
 * still has to be escaped for HTML.
 */

// C0 but for TAB and LF, DEL, C1; soft hyphen; Arabic letter mark; zero-width and bidi controls; line and paragraph
// separators; BOM; interlinear marks; tags. A lone surrogate is half a character.
const hidden =
  /[\0-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\p{Cs}\u{e0000}-\u{e007f}]/gu

/** Scripts in which a joiner changes how letters look, as orthography wants. RFC 5892 A.1 */
const shaped =
  /[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Mongolian}\p{Script=Nko}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Khmer}]/u
const pictureBefore = /(?:\p{Extended_Pictographic}|\ufe0f|[\u{1f3fb}-\u{1f3ff}])$/u
const pictureBehind = /^\p{Extended_Pictographic}/u
const zeroWidthJoiner = '\u200d'

/** Between two letters of such a script, or between two pictures that are one (UTS #51 2.3). */
function joins(character: string, at: number, text: string): boolean {
  if (character !== zeroWidthJoiner && character !== '\u200c') return false
  const before = text.slice(Math.max(0, at - 2), at)
  const behind = text.slice(at + 1, at + 3)
  if (character === zeroWidthJoiner && pictureBefore.test(before) && pictureBehind.test(behind)) return true
  return shaped.test(before.slice(-1)) && shaped.test(behind.slice(0, 1))
}

function shown(character: string, at: number, text: string): string {
  if (joins(character, at, text)) return character
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
