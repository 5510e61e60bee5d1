/** Names and passwords in the one form in which they can be compared. RFC 4013 */

/** RFC 3454 C.1.2: spaces that are not ASCII become one that is. */
const spaces = /[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000]/gu
/** RFC 3454 B.1: commonly mapped to nothing. */
const nothing = /[\u00ad\u1806\u200c\u2060\ufeff]|\u200d|\u034f|[\u180b-\u180d]|[\ufe00-\ufe0f]/gu
/** RFC 3454 C.2 to C.9: controls, private use, half surrogates, not plain text, changes of display, tags. */
const forbidden =
  /[\p{Cc}\p{Co}\p{Cs}\u06dd\u070f\u180e\u2028\u2029\u2061-\u2063\u206a-\u206f\ufff9-\ufffd\u2ff0-\u2ffb\u200e\u200f\u202a-\u202e\u{1d173}-\u{1d17a}\u{e0001}\u{e0020}-\u{e007f}\p{Noncharacter_Code_Point}]/u

/** Undefined where a character may not be in it. RFC 8265 3.3 and 4.2 do without RFC 4013 2.3 (bidi), and so do we. */
export function saslprep(text: string): string | undefined {
  const mapped = text.replace(spaces, ' ').replace(nothing, '').normalize('NFKC')
  return forbidden.test(mapped) ? undefined : mapped
}
