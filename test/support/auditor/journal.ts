/** The journal of a stopped store: its frames in order, as docs/storage-format.md says. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { Octets } from './octets.ts'

export interface Change {
  readonly database: number
  readonly key: Buffer
  /** Undefined: the key is deleted. */
  readonly value: Buffer | undefined
}

interface Frame {
  readonly kind: number
  readonly first: number
  readonly last: number
  /** Of the whole frame. */
  readonly octets: number
  readonly body: Octets
}

const magic = Buffer.from('00544a0d000af701', 'hex')
const headOctets = magic.length + 4 + 4 + 4 + 8 + 8

/** The changes of all records that count, in order. Throws where anything but the end of the last file is damaged. */
export async function journalChanges(folder: string): Promise<Change[]> {
  const names = (await readdir(folder)).filter(name => name.endsWith('.journal')).sort()
  const changes: Change[] = []
  let next: number | undefined
  for (const [at, name] of names.entries()) {
    const file = await readFile(join(folder, name))
    let offset = 0
    while (offset < file.length) {
      const frame = frameAt(file, offset)
      if (frame === undefined) {
        if (at === names.length - 1 && !intactBehind(file, offset + 1, next ?? 0)) return changes
        throw new Error(`${name}: the frame at ${offset} is damaged`)
      }
      if (next !== undefined && frame.first !== next)
        throw new Error(`${name}: record ${frame.first} at ${offset}, where ${next} is due`)
      next = frame.last + 1
      if (frame.kind === 0) changes.push(...recordsOf(frame))
      offset += frame.octets
    }
  }
  return changes
}

function frameAt(file: Buffer, offset: number): Frame | undefined {
  if (file.length - offset < headOctets || !file.subarray(offset, offset + magic.length).equals(magic))
    return undefined
  const head = new Octets(file.subarray(offset + magic.length))
  const checksum = head.number(4)
  const length = head.number(4)
  const end = offset + headOctets + length
  if (end > file.length || crc32(file.subarray(offset + magic.length + 4, end)) !== checksum) return undefined
  const [kind, first, last] = [head.number(4), head.number(8), head.number(8)]
  const body = new Octets(file.subarray(offset + headOctets, end))
  return { kind, first, last, octets: headOctets + length, body }
}

function intactBehind(file: Buffer, from: number, due: number): boolean {
  for (let at = file.indexOf(magic, from); at >= 0; at = file.indexOf(magic, at + 1)) {
    const frame = frameAt(file, at)
    if (frame !== undefined && frame.first >= due) return true
  }
  return false
}

function recordsOf(frame: Frame): Change[] {
  const { body, first, last } = frame
  const changes: Change[] = []
  for (let record = first; record <= last; record++) {
    for (let count = body.number(4); count > 0; count--) {
      const database = body.number(1)
      const key = body.take(body.number(2))
      const value = (database & 0x80) === 0 ? body.take(body.number(4)) : undefined
      changes.push({ database: database & 0x7f, key, value })
    }
  }
  if (body.left > 0) throw new Error(`record ${last}: ${body.left} octets too many`)
  return changes
}
