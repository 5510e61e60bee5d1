/** What a TCP proxy says of its client before the client's first octet. PROXY protocol, versions 1 and 2, sections 2.1 and 2.2 */
import { isIPv4, isIPv6, SocketAddress } from 'node:net'

/** What the first octets of a connection are. */
export type ProxyHeader =
  | { readonly kind: 'incomplete' }
  | { readonly kind: 'malformed'; readonly why: string }
  | {
      readonly kind: 'complete'
      /** Octets of the header; what follows is the client's. */
      readonly length: number
      /** None: the proxy speaks for itself (LOCAL), or does not know (UNKNOWN, UNSPEC). */
      readonly address?: string
    }

const textStart = Buffer.from('PROXY ')
/** 2.1: the longest line, CRLF included. */
const longestText = 107
const signature = Buffer.from('0d0a0d0a000d0a515549540a', 'hex')
/** 2.2: signature, version and command, family, length. */
const fixedOctets = 16
/** Of the addresses and what follows them: certificates in TLVs are the largest that proxies send. */
const mostVariable = 4096

const incomplete: ProxyHeader = { kind: 'incomplete' }
const malformed = (why: string): ProxyHeader => ({ kind: 'malformed', why })

/** Of all octets that came so far; at most 4,112 of them decide. */
export function parseProxyHeader(octets: Buffer): ProxyHeader {
  if (startsAs(octets, textStart)) return parseText(octets)
  if (startsAs(octets, signature)) return parseBinary(octets)
  return malformed('no PROXY header')
}

/** As far as they go. */
function startsAs(octets: Buffer, start: Buffer): boolean {
  const length = Math.min(octets.length, start.length)
  return octets.subarray(0, length).equals(start.subarray(0, length))
}

function parseText(octets: Buffer): ProxyHeader {
  const end = octets.subarray(0, longestText).indexOf('\r\n')
  if (end < 0) return octets.length < longestText ? incomplete : malformed('the line is too long')
  const length = end + 2
  const [, family, ...ends] = octets.toString('latin1', 0, end).split(' ')
  // 2.1: whatever follows UNKNOWN is to be ignored.
  if (family === 'UNKNOWN') return { kind: 'complete', length }
  const isAddress = family === 'TCP4' ? isIPv4 : family === 'TCP6' ? isPlainIPv6 : undefined
  if (isAddress === undefined) return malformed('no TCP4, TCP6 or UNKNOWN')
  const [source = '', destination = '', ...ports] = ends
  if (!isAddress(source) || !isAddress(destination)) return malformed('a bad address')
  if (ports.length !== 2 || !ports.every(isPort)) return malformed('bad ports')
  return { kind: 'complete', length, address: family === 'TCP4' ? source : canonical(source) }
}

function parseBinary(octets: Buffer): ProxyHeader {
  if (octets.length < fixedOctets) return incomplete
  const [versionAndCommand = 0, family = 0] = octets.subarray(signature.length)
  const variable = octets.readUInt16BE(signature.length + 2)
  if (versionAndCommand >> 4 !== 2) return malformed('not version 2')
  const command = versionAndCommand & 0xf
  if (command > 1) return malformed('neither LOCAL nor PROXY')
  if (variable > mostVariable) return malformed('the header is too long')
  const length = fixedOctets + variable
  if (octets.length < length) return incomplete
  const none: ProxyHeader = { kind: 'complete', length }
  // 2.2: with LOCAL the family is to be ignored, with UNSPEC what follows.
  if (command === 0 || family === 0) return none
  const addresses = octets.subarray(fixedOctets, length)
  if (family === 0x11)
    return variable < 12
      ? malformed('no addresses')
      : { ...none, address: addresses.subarray(0, 4).join('.') }
  if (family === 0x21)
    return variable < 36 ? malformed('no addresses') : { ...none, address: ipv6Of(addresses.subarray(0, 16)) }
  return malformed('neither TCP over IPv4 nor over IPv6')
}

/** Zones are of the machine that wrote them. */
const isPlainIPv6 = (text: string) => isIPv6(text) && !text.includes('%')
const isPort = (text: string) => /^(?:0|[1-9]\d{0,4})$/.test(text) && Number(text) <= 0xffff

function ipv6Of(octets: Buffer): string {
  const words = Array.from({ length: 8 }, (_, at) => octets.readUInt16BE(at * 2).toString(16))
  return canonical(words.join(':'))
}

/** As sockets give it: what counts connections compares texts. RFC 5952 4 */
const canonical = (address: string) => new SocketAddress({ family: 'ipv6', address }).address
