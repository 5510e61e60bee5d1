/** What Snappy packed (its raw format, as blocks of LevelDB have it). Packing is LevelDB's. */
import { readVarint } from './varint.ts'

/** Undefined where `packed` is not what Snappy makes, or says that it holds more than `most` octets. */
export function unpack(packed: Buffer, most: number): Buffer | undefined {
  const said = readVarint(packed, 0)
  if (said === undefined || said.value > most) return undefined
  const out = Buffer.alloc(said.value)
  let filled = 0
  let at = said.next
  while (at < packed.length) {
    const element = readElement(packed, at)
    if (element === undefined) return undefined
    const { length, back, next } = element
    if (filled + length > out.length || back > filled) return undefined
    // Without `back` the octets stand behind the tag themselves.
    if (back === 0) {
      if (next + length > packed.length) return undefined
      packed.copy(out, filled, next, next + length)
      at = next + length
    } else {
      // A copy may run into what it has just written: then it repeats.
      for (let end = filled + length, to = filled; to < end; to++) out[to] = out[to - back] ?? 0
      at = next
    }
    filled += length
  }
  return filled === out.length ? out : undefined
}

interface Element {
  readonly length: number
  /** How far back the octets to copy lie; 0 where they follow. */
  readonly back: number
  readonly next: number
}

function readElement(packed: Buffer, at: number): Element | undefined {
  const tag = packed[at] ?? 0
  const kind = tag & 3
  if (kind === 0) return readLiteral(packed, at, tag >>> 2)
  const width = kind === 3 ? 4 : kind
  if (at + 1 + width > packed.length) return undefined
  const offset = packed.readUIntLE(at + 1, width)
  const length = kind === 1 ? 4 + ((tag >>> 2) & 7) : 1 + (tag >>> 2)
  const back = kind === 1 ? ((tag >>> 5) << 8) | offset : offset
  return back === 0 ? undefined : { length, back, next: at + 1 + width }
}

function readLiteral(packed: Buffer, at: number, size: number): Element | undefined {
  if (size < 60) return { length: size + 1, back: 0, next: at + 1 }
  const width = size - 59
  if (at + 1 + width > packed.length) return undefined
  return { length: packed.readUIntLE(at + 1, width) + 1, back: 0, next: at + 1 + width }
}
