/** ROT13, behind which jokes and endings are kept from those who do not ask. */

export function rot13(text: string): string {
  return text.replace(/[a-z]/gi, letter => {
    const code = letter.charCodeAt(0)
    const first = code < 97 ? 65 : 97
    return String.fromCharCode(((code - first + 13) % 26) + first)
  })
}
