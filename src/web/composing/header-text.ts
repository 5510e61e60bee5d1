/** Typed text as header fields have it: as it is where that is clear, else in encoded words. RFC 2047; RFC 5322 3.2 */
import { encodeWord } from 'nodemailer/lib/mime-funcs'

/** Folds between encoded words, so that no line grows over 76. RFC 2047 2 */
function encode(text: string): string {
  return encodeWord(text, 'Q', 52).replaceAll('?= =?', '?=\r\n =?')
}

/** ASCII that nobody could take for an encoded word stays readable. RFC 2047 5 */
export function unstructured(text: string): string {
  const plain = /^[\x20-\x7e]*$/.test(text) && !text.includes('=?')
  return plain ? text : encode(text)
}

/** RFC 5322 3.2.5: atoms, a quoted string, or encoded words. */
export function phrase(name: string): string {
  if (/^[\w !#$%&'*+/^`{|}~-]+$/.test(name)) return name
  if (/^[\x20-\x7e]*$/.test(name) && !name.includes('=?')) return `"${name.replace(/["\\]/g, '\\$&')}"`
  return encode(name)
}
