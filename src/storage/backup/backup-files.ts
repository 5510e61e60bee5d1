/** The files of a backup: names, manifest and list, as docs/storage-format.md has them. */
import { crc32 } from 'node:zlib'
import { z } from 'zod'
import type { Disk } from '../disk/disk.ts'
import { readWide, writeWide } from '../keys.ts'

/** Why a folder cannot be backed up to or restored from, with the next step. */
export class UnusableBackup extends Error {
  override readonly name = 'UnusableBackup'
}

export const markFile = 'tidings-backup'
export const mark = 'tidings backup 1\n'

const padded = (number: number): string => String(number).padStart(8, '0')
export const manifestName = (serial: number): string => `${padded(serial)}.manifest`
export const stateName = (serial: number): string => `${padded(serial)}.state`
export const listName = (serial: number): string => `${padded(serial)}.list`
export const articlesName = (serial: number, part: number): string =>
  `${padded(serial)}-${padded(part)}.articles`

const ours = /^(\d{8}\.(manifest|state|list)|\d{8}-\d{8}\.articles)$/
export const isBackupFile = (name: string): boolean => name === markFile || ours.test(name)

const amount = z.int().min(0)
const wholeFile = z.object({ octets: amount, checksum: amount })

const manifestSchema = z.object({
  /** Of the store: what "tidings-format" says. */
  format: amount,
  serial: amount,
  /** Seconds since 1970. */
  time: amount,
  /** Path identity of the node. */
  node: z.string(),
  epoch: amount,
  /** The last one that was given. */
  arrival: amount,
  articles: amount,
  /** Octets of the records. */
  octets: amount,
  state: wholeFile.extend({ values: amount }),
  list: wholeFile,
  files: z
    .array(z.object({ serial: amount, part: amount, octets: amount, live: amount }).readonly())
    .readonly(),
})
export type Manifest = z.infer<typeof manifestSchema>

/** Whole or not at all: a manifest that was torn does not count. */
export function encodeManifest(manifest: Manifest): Buffer {
  const text = `${JSON.stringify(manifest)}\n`
  return Buffer.from(`${text}${crc32(text).toString(16).padStart(8, '0')}\n`)
}

function decodeManifest(octets: Buffer): Manifest | undefined {
  const found = /^(.*\n)([0-9a-f]{8})\n$/s.exec(octets.toString())
  const [, text = '', checksum = ''] = found ?? []
  if (found === null || crc32(text) !== Number.parseInt(checksum, 16)) return undefined
  const parsed = manifestSchema.safeParse(JSON.parse(text))
  return parsed.success ? parsed.data : undefined
}

/** The manifest of the newest backup that was finished; undefined where there is none. */
export async function newestManifest(disk: Disk): Promise<Manifest | undefined> {
  const names = (await disk.list()).filter(name => name.endsWith('.manifest') && ours.test(name))
  for (const name of names.reverse()) {
    const manifest = decodeManifest(await readWhole(disk, name))
    if (manifest !== undefined && manifestName(manifest.serial) === name) return manifest
  }
  return undefined
}

async function readWhole(disk: Disk, name: string): Promise<Buffer> {
  const file = await disk.open(name)
  try {
    return await file.read(0, await file.size())
  } finally {
    await file.close()
  }
}

/** Where the record of one article lies. */
export interface Listed {
  readonly arrival: number
  /** As the record itself has it. */
  readonly checksum: number
  readonly serial: number
  readonly part: number
  /** Of what stands in front of the record. */
  readonly offset: number
  /** Octets of the record. */
  readonly length: number
}

const listedOctets = 32

export function encodeListed({ arrival, checksum, serial, part, offset, length }: Listed): Buffer {
  const octets = Buffer.allocUnsafe(listedOctets)
  writeWide(octets, arrival, 0)
  octets.writeUInt32BE(checksum, 8)
  octets.writeUInt32BE(serial, 12)
  octets.writeUInt32BE(part, 16)
  writeWide(octets, offset, 20)
  octets.writeUInt32BE(length, 28)
  return octets
}

function decodeListed(octets: Buffer): Listed {
  return {
    arrival: readWide(octets),
    checksum: octets.readUInt32BE(8),
    serial: octets.readUInt32BE(12),
    part: octets.readUInt32BE(16),
    offset: readWide(octets, 20),
    length: octets.readUInt32BE(28),
  }
}

/** In front of each record. */
export const headOctets = 12

export function encodeHead(arrival: number, length: number): Buffer {
  const octets = Buffer.allocUnsafe(headOctets)
  writeWide(octets, arrival, 0)
  octets.writeUInt32BE(length, 8)
  return octets
}

const slice = 2048 * listedOctets

/** In the order of the arrivals. Throws `UnusableBackup` at the end where the list is not what the manifest says. */
export async function* readList(disk: Disk, { serial, list }: Manifest): AsyncGenerator<Listed> {
  for await (const octets of readSlices(disk, { name: listName(serial), ...list, slice }))
    for (let at = 0; at + listedOctets <= octets.length; at += listedOctets)
      yield decodeListed(octets.subarray(at, at + listedOctets))
}

export interface WholeFile {
  readonly name: string
  readonly octets: number
  readonly checksum: number
  /** Octets that are read at once. */
  readonly slice: number
}

/** Throws `UnusableBackup` where length or, at the end, checksum are not those given. */
export async function* readSlices(disk: Disk, { name, octets, checksum, slice }: WholeFile) {
  if (!(await disk.list()).includes(name)) throw damaged(name, 'is missing')
  const file = await disk.open(name)
  try {
    if ((await file.size()) !== octets) throw damaged(name, 'has another length')
    let sum = 0
    for (let at = 0; at < octets; at += slice) {
      const part = await file.read(at, Math.min(slice, octets - at))
      sum = crc32(part, sum)
      yield part
    }
    if (sum !== checksum) throw damaged(name, 'has another checksum')
  } finally {
    await file.close()
  }
}

export const damaged = (name: string, how: string): UnusableBackup =>
  new UnusableBackup(`the backup is damaged: ${name} ${how}; use another backup`)
