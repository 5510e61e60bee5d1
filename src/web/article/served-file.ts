/** How a file from an article is sent: pictures that are what they say may be looked at, all else is saved. RFC 6266 */

export interface ServedFile {
  readonly type: string
  readonly disposition: string
}

const starts =
  (...octets: number[]) =>
  (file: Buffer) =>
    octets.every((octet, at) => file[at] === octet)

/** Types that a browser shows without running anything, told by their first octets and not by their label. */
const pictures: readonly (readonly [string, (file: Buffer) => boolean])[] = [
  ['image/png', starts(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)],
  ['image/jpeg', starts(0xff, 0xd8, 0xff)],
  ['image/gif', file => /^GIF8[79]a$/.test(file.toString('latin1', 0, 6))],
  ['image/webp', file => /^RIFF....WEBP$/s.test(file.toString('latin1', 0, 12))],
]

/** RFC 8187 3.2.1: what stands for itself. A lone surrogate has no octets. */
function extended(name: string): string {
  return encodeURIComponent(Buffer.from(name).toString()).replace(
    /['()*]/g,
    character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

export function servedFile(name: string, declared: string, octets: Buffer): ServedFile {
  const picture = pictures.find(([, fits]) => fits(octets))?.[0]
  const type = picture ?? (declared.startsWith('text/') ? 'text/plain' : 'application/octet-stream')
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/g, '_')
  const how = picture === undefined ? 'attachment' : 'inline'
  return { type, disposition: `${how}; filename="${plain}"; filename*=UTF-8''${extended(name)}` }
}
