/** Files in text as yEnc writes them, one part of many too. yEnc draft 1.3 */
import { crc32 } from 'node:zlib'
import { decodeRaw } from './charset.ts'
import { type Embedded, findLine, lineAt, type Opened, type Piece } from './embedded.ts'

function keyword(line: string, name: string): string | undefined {
  return new RegExp(`\\b${name}=([0-9a-fA-F]{1,16})\\b`).exec(line)?.[1]
}

/** yEnc draft 1.3, "Encoding": 42 is taken off; behind an escape 64 more. */
function decodeLines(octets: Buffer): Buffer {
  const out = Buffer.alloc(octets.length)
  let length = 0
  for (let at = 0; at < octets.length; at++) {
    const octet = octets[at] ?? 0
    if (octet === 10 || octet === 13) continue
    const escaped = octet === 0x3d
    if (escaped) at++
    out[length++] = ((escaped ? (octets[at] ?? 0) - 64 : octet) - 42) & 0xff
  }
  return out.subarray(0, length)
}

function opened(data: Buffer, trailer: string): Opened {
  const octets = decodeLines(data)
  const size = keyword(trailer, 'size')
  // A part of many gives its own sum as pcrc32; crc32 is then that of the whole.
  const sum = keyword(trailer, 'pcrc32') ?? (/\bpart=/.test(trailer) ? undefined : keyword(trailer, 'crc32'))
  if (trailer === '' || (size !== undefined && Number(size) !== octets.length))
    return { octets, intact: false }
  return { octets, intact: sum === undefined ? undefined : crc32(octets) === Number.parseInt(sum, 16) }
}

function line(octets: Buffer, at: number): { readonly text: string; readonly next: number } {
  const { stop, next } = lineAt(octets, at)
  return { text: octets.toString('latin1', at, Math.min(stop, at + 1000)), next }
}

/** yEnc draft 1.3, "Multipart encoding"; `total` came with 1.2. The name stands last and may hold anything. */
function pieceOf(header: string): Piece | undefined {
  const fields = header.replace(/ name=.*$/s, '')
  const value = (name: string) => Number(new RegExp(`\\b${name}=(\\d{1,6})\\b`).exec(fields)?.[1] ?? 0)
  const piece = { number: value('part'), of: value('total') }
  return piece.number > 0 && piece.of !== 1 ? piece : undefined
}

/** The first file at or behind `from`. */
export function findYenc(octets: Buffer, from: number): Embedded | undefined {
  const start = findLine(octets, '=ybegin ', from)
  if (start < 0) return undefined
  const header = line(octets, start)
  const part = line(octets, header.next)
  const data = part.text.startsWith('=ypart ') ? part.next : header.next
  const found = findLine(octets, '=yend', data)
  const piece = pieceOf(header.text)
  const to = found < 0 ? octets.length : found
  const trailer = found < 0 ? { text: '', next: octets.length } : line(octets, found)
  return {
    start,
    end: trailer.next,
    // The name is the last of the line, blanks and all.
    name: decodeRaw(Buffer.from((/ name=(.*)$/s.exec(header.text)?.[1] ?? '').trim(), 'latin1'), ''),
    size: to - data,
    ...(piece && { piece }),
    open: () => opened(octets.subarray(data, to), trailer.text),
  }
}
