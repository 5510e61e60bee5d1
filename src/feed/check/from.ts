/** The poster's address in From. RFC 5536 3.1.2, RFC 5322 3.4; raw 8-bit names are let through, as INN does. */
import { Reason } from '../../reason.ts'
import type { Case } from './check.ts'

export function hasGoodFrom({ article }: Case): Reason | undefined {
  const text = article.header('From') ?? ''
  return hasAddresses(text) ? undefined : new Reason('bad-from', text)
}

const addressOctets = /^[\x21-\x7e]+$/

/**
 * Whether a mailbox list holds an `local@domain` in each of its members: `a@b`, `a@b (Name)`, `Name <a@b>`. Linear.
 * The address need not exist: `invalid` addresses are common on Usenet.
 */
export function hasAddresses(list: string): boolean {
  const bare = withoutQuotesAndComments(list)
  if (bare === undefined) return false
  return bare.split(',').every(member => isAddress(addressOf(member)))
}

/** The address of a list that holds one mailbox, in lower case; undefined where it holds none, or several. */
export function loneAddress(list: string): string | undefined {
  const bare = withoutQuotesAndComments(list) ?? ''
  const address = bare.includes(',') ? '' : addressOf(bare)
  return isAddress(address) ? address.toLowerCase() : undefined
}

function addressOf(member: string): string {
  const open = member.indexOf('<')
  if (open < 0) return member.trim()
  const close = member.indexOf('>', open)
  return close < 0 || member.slice(close + 1).trim() !== '' ? '' : member.slice(open + 1, close).trim()
}

function isAddress(text: string): boolean {
  const at = text.lastIndexOf('@')
  const domain = text.slice(at + 1)
  return at > 0 && domain !== '' && !domain.startsWith('.') && addressOctets.test(text)
}

/** Quoted strings become one letter and comments nothing; undefined where one is not closed. */
function withoutQuotesAndComments(text: string): string | undefined {
  let kept = ''
  let depth = 0
  let quoted = false
  for (let at = 0; at < text.length; at++) {
    const octet = text[at]
    if (octet === '\\' && (quoted || depth > 0)) at++
    else if (octet === '"' && depth === 0) {
      quoted = !quoted
      if (quoted) kept += 'q'
    } else if (quoted) continue
    else if (octet === '(') depth++
    else if (octet === ')' && depth > 0) depth--
    else if (depth === 0) kept += octet
  }
  return quoted || depth > 0 ? undefined : kept
}
