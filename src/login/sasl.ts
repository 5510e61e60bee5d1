/** What one side of a SASL exchange says, as a line. RFC 4643 2.4.2; RFC 4648 4 */

/** The octets of a line; `=` alone is none at all. Undefined where it is not base64. */
export function saslLine(text: string): Buffer | undefined {
  if (text === '=') return Buffer.alloc(0)
  const fits = text.length % 4 === 0 && text !== '' && /^[A-Za-z0-9+/]+={0,2}$/.test(text)
  return fits ? Buffer.from(text, 'base64') : undefined
}
