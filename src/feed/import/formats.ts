/** Which format a file has, and the articles in it. */
import { basename, resolve } from 'node:path'
import { parseNewsgroup } from '../../newsgroup.ts'
import type { Found } from './found.ts'
import { readMbox } from './mbox.ts'
import { OctetSource } from './octet-source.ts'
import { chunksOf, type Opened } from './opened.ts'
import { gunzip, isGzip, readRnews } from './rnews.ts'
import type { WalkedFile } from './walk.ts'

export type FileFormat = 'mbox' | 'maildir' | 'rnews' | 'spool' | 'files'
export type ImportFormat = 'auto' | FileFormat

export interface Reading {
  readonly format: ImportFormat
  /** The path the file was found under: a spool's group names count from there. */
  readonly root: string
  /** Octets of an article at most. */
  readonly most: number
  /** Told of every octet read from the file. */
  readonly meter: (octets: number) => void
}

/** Octets that tell the formats apart. */
const headOctets = 12

/** The articles of one file, some at a time, as it is read; unpacks gzip. Rejects where the file cannot be read. */
export async function* articlesIn(opened: Opened, reading: Reading): AsyncGenerator<readonly Found[]> {
  const { file } = opened
  if (opened.whole && isSingle(opened, reading)) {
    reading.meter(opened.head.length)
    return yield [single(opened.head, file, reading)]
  }
  const raw = new OctetSource(metered(chunksOf(opened), reading.meter))
  let source = raw
  try {
    await source.need(headOctets)
    if (isGzip(source.ahead)) {
      source = new OctetSource(gunzip(source.rest(), file.path))
      await source.need(headOctets)
    }
    const format = formatOf(file, source.ahead, reading)
    if (format === 'mbox') yield* oneByOne(readMbox(source, file.path, reading.most))
    else if (format === 'rnews') yield* readRnews(source, file.path, reading.most)
    else {
      await source.need(reading.most + 1)
      yield [single(source.take(source.ahead.length), file, reading)]
    }
  } finally {
    await source.close()
    await raw.close()
  }
}

async function* oneByOne(found: AsyncIterable<Found>): AsyncGenerator<readonly Found[]> {
  for await (const one of found) yield [one]
}

/** One article and not packed, as almost all files of a spool are. */
function isSingle({ file, head }: Opened, reading: Reading): boolean {
  return !isGzip(head) && !['mbox', 'rnews'].includes(formatOf(file, head, reading))
}

async function* metered(
  chunks: AsyncIterable<Buffer>,
  meter: (octets: number) => void,
): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    meter(chunk.length)
    yield chunk
  }
}

/** Whether a file of that name can hold articles in that format. */
export function belongs(file: WalkedFile, format: ImportFormat): boolean {
  if (format === 'maildir') return ['cur', 'new'].includes(file.within.at(-1) ?? '')
  return format !== 'spool' || numberOf(file.name) !== undefined
}

function formatOf(file: WalkedFile, head: Buffer, { format, root }: Reading): FileFormat {
  if (format !== 'auto') return format
  const text = head.toString('latin1', 0, headOctets)
  if (/^#! (?:rnews |[cgz]unbatch)/.test(text)) return 'rnews'
  if (text.startsWith('From ')) return 'mbox'
  return filedAt(file, root) === undefined ? 'files' : 'spool'
}

/** A file that is one article. */
function single(text: Buffer, file: WalkedFile, { format, root, most }: Reading): Found {
  const where = file.path
  if (text.length > most) return { text: Buffer.alloc(0), where, fault: 'article-too-large' }
  const filed = format === 'spool' || format === 'auto' ? filedAt(file, root) : undefined
  return filed === undefined ? { text, where } : { text, where, filed }
}

/** `comp.graphics/123` and `comp/graphics/123` are article 123 of comp.graphics. */
function filedAt(file: WalkedFile, root: string): { group: string; number: number } | undefined {
  const number = numberOf(file.name)
  const group = file.within.length > 0 ? file.within.join('.') : directoryName(root)
  if (number === undefined || parseNewsgroup(group) === undefined) return undefined
  return { group, number }
}

/** A path that is itself the directory of one group. */
function directoryName(root: string): string {
  return basename(resolve(root))
}

/** RFC 3977 6: 1 to 2,147,483,647. */
function numberOf(name: string): number | undefined {
  if (!/^[1-9]\d{0,9}$/.test(name)) return undefined
  const number = Number(name)
  return number <= 2_147_483_647 ? number : undefined
}
