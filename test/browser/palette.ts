/** Pixels as a PNG of at most 256 colours, which is a third of what browsers make of a page. PNG (Third Edition) 5, 11.2 */
import { crc32, deflateSync } from 'node:zlib'

const mostColours = 256
const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

/** `pixels`: red, green, blue and alpha of each, row by row; alpha is left out. */
export function palettePng(pixels: Buffer, width: number, height: number): Buffer {
  const colours = paletteOf(pixels)
  const places = new Map<number, number>()
  // PNG 9.2: a filter octet, none, before each row.
  const rows = Buffer.alloc((width + 1) * height)
  for (let at = 0; at < width * height; at++) {
    const colour = pixels.readUIntBE(at * 4, 3)
    const place = places.get(colour) ?? nearest(colours, colour)
    places.set(colour, place)
    rows[Math.floor(at / width) * (width + 1) + 1 + (at % width)] = place
  }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  // PNG 11.2.1: eight bits, by palette.
  head.set([8, 3, 0, 0, 0], 8)
  const palette = Buffer.alloc(colours.length * 3)
  for (const [at, colour] of colours.entries()) palette.writeUIntBE(colour, at * 3, 3)
  return Buffer.concat([
    signature,
    chunk('IHDR', head),
    chunk('PLTE', palette),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/** The most frequent. */
function paletteOf(pixels: Buffer): number[] {
  const counts = new Map<number, number>()
  for (let at = 0; at < pixels.length; at += 4) {
    const colour = pixels.readUIntBE(at, 3)
    counts.set(colour, (counts.get(colour) ?? 0) + 1)
  }
  const sorted = [...counts].sort(([, one], [, other]) => other - one)
  return sorted.slice(0, mostColours).map(([colour]) => colour)
}

function nearest(colours: readonly number[], wanted: number): number {
  const distance = (colour: number) =>
    ((colour >> 16) - (wanted >> 16)) ** 2 +
    (((colour >> 8) & 255) - ((wanted >> 8) & 255)) ** 2 +
    ((colour & 255) - (wanted & 255)) ** 2
  let best = 0
  for (const [at, colour] of colours.entries()) if (distance(colour) < distance(colours[best] ?? 0)) best = at
  return best
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const around = Buffer.alloc(8)
  around.writeUInt32BE(data.length, 0)
  around.writeUInt32BE(crc32(body), 4)
  return Buffer.concat([around.subarray(0, 4), body, around.subarray(4)])
}
