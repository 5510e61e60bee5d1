/** Text from outside made fit for a terminal or a log: what would move the cursor or turn text around is shown. */

/** C0, DEL, C1, line and paragraph separators, zero-width and bidirectional controls, and half surrogates. */
const unprintable =
  /[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

const escaped = (character: string) => {
  const code = character.charCodeAt(0)
  return code < 0x100
    ? `\\x${code.toString(16).padStart(2, '0')}`
    : `\\u${code.toString(16).padStart(4, '0')}`
}

/** One line: every control character as `\x1b`, tabs and line ends included. */
export const printable = (text: string): string => text.replace(unprintable, escaped)

/** Several lines: as above, but line ends (LF, CRLF as LF) and tabs stay. */
export function printableLines(text: string): string {
  return text
    .replace(/\r\n/g, '\n')
    .replace(unprintable, character => ('\n\t'.includes(character) ? character : escaped(character)))
}

/** Inside JSON, where C0 is escaped already: the others as `\u....`, which any parser reads back. */
export function printableJson(json: string): string {
  return json.replace(unprintable, character =>
    character === '\n' ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
