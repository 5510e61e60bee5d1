/** Message identifiers: RFC 5536 3.1.3, RFC 3977 3.6. Their identity is their exact octets, case included. */

declare const brand: unique symbol
export type MessageId = string & { readonly [brand]: 'MessageId' }

/** Octets, brackets included. RFC 3977 3.6, RFC 5536 3.1.3 */
const longest = 250

const lt = 0x3c
const gt = 0x3e
const at = 0x40
const dot = 0x2e

/** RFC 5322 3.2.3 atext, indexed by octet. */
const atext = new Uint8Array(128)
for (const c of "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-/=?^_`{|}~") {
  atext[c.charCodeAt(0)] = 1
}

/** RFC 5536 3.1.3 mdtext: printable without `>` `[` `\` `]`. */
const mdtext = new Uint8Array(128)
for (let c = 0x21; c < 0x7f; c++) mdtext[c] = '>[\\]'.includes(String.fromCharCode(c)) ? 0 : 1

/** A message-ID as new articles must have it, `<left@right>`; nothing is trimmed. RFC 5536 3.1.3 */
export function parseMessageId(text: string): MessageId | undefined {
  if (!bracketed(text)) return undefined
  const end = text.length - 1
  const middle = dotAtom(text, 1, end)
  if (middle < 0 || text.charCodeAt(middle) !== at) return undefined
  const right = middle + 1
  const valid = text[right] === '[' ? literal(text, right, end) : dotAtom(text, right, end) === end
  return valid ? (text as MessageId) : undefined
}

/**
 * A message-ID as old articles have it: `<...>`, at most 250 printable octets, no blanks, no `<` `>` inside
 * but where RFC 5536 3.1.3 allows it. Unlike there no `@` is asked for: for imports only.
 */
export function parseLaxMessageId(text: string): MessageId | undefined {
  if (!bracketed(text)) return undefined
  if (parseMessageId(text) !== undefined) return text as MessageId
  for (let i = 1; i < text.length - 1; i++) {
    const c = text.charCodeAt(i)
    if (c < 0x21 || c > 0x7e || c === lt || c === gt) return undefined
  }
  return text as MessageId
}

/** Whether a command argument is a message-ID rather than a number. RFC 3977 9.8 */
export function looksLikeMessageId(text: string): boolean {
  if (!bracketed(text)) return false
  for (let i = 1; i < text.length - 1; i++) {
    const c = text.charCodeAt(i)
    if (c < 0x21 || c > 0x7e || c === gt) return false
  }
  return true
}

function bracketed(text: string): boolean {
  const { length } = text
  return length >= 3 && length <= longest && text.charCodeAt(0) === lt && text.charCodeAt(length - 1) === gt
}

/** Where the dot-atom that begins at `start` ends (at `end` at the latest); -1 where none is. RFC 5322 3.2.3 */
function dotAtom(text: string, start: number, end: number): number {
  let i = start
  let atoms = 0
  while (i < end) {
    const c = text.charCodeAt(i)
    if (c === dot) {
      if (atoms === 0) return -1
      atoms = 0
    } else if (atext[c] === 1) {
      atoms++
    } else {
      break
    }
    i++
  }
  return atoms === 0 ? -1 : i
}

/** Whether `[...]` reaches from `start` to just before `end`. RFC 5536 3.1.3: no-fold-literal */
function literal(text: string, start: number, end: number): boolean {
  const close = end - 1
  if (close <= start || text[close] !== ']') return false
  for (let i = start + 1; i < close; i++) if (mdtext[text.charCodeAt(i)] !== 1) return false
  return true
}

interface Seed {
  /** Milliseconds since 1970. */
  readonly now: number
  readonly random: Buffer
  readonly identity: string
}

/** A new identifier of this site. RFC 5536 3.1.3: unique for ever; it names time and 80 random bits. */
export function newMessageId({ now, random, identity }: Seed): MessageId {
  const id = parseMessageId(`<${now.toString(36)}.${random.toString('hex')}@${identity}>`)
  if (id === undefined) throw new Error(`node.path_identity: "${identity}" makes no message-ID`)
  return id
}
