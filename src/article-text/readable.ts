/**
 * The door of this folder: the octets of an article's body as lines to read and files to fetch. Files are found here
 * and opened only when somebody asks for one.
 */

import type { Embedded, Opened, Piece } from './embedded.ts'
import { safeFileName } from './file-name.ts'
import { fixedLines, type Line, linesOf } from './flowed.ts'
import { htmlText } from './html-text.ts'
import { type HeaderLookup, type Leaf, mimeTree, textOf } from './mime-tree.ts'
import { findUuencoded } from './uuencode.ts'
import { findYenc } from './yenc.ts'

export interface AttachedFile {
  /** Fit for a link and for a folder. */
  readonly name: string
  /** As declared, or what the form of the file allows to say. */
  readonly type: string
  /** About how many octets it has. */
  readonly size: number
  /** It is a piece of a file. */
  readonly piece?: Piece
  readonly open: () => Opened
}

export interface ReadableBody {
  /** Everything, or its beginning where it is very long; made when it is asked for. */
  readonly lines: readonly Line[]
  /** These lines joined by LF. */
  readonly text: string
  /** The text is longer than these. */
  readonly cut: boolean
  /** How many parts it has for those who read it on pages. */
  readonly parts: number
  /** The lines of one part, from 1 on, none of which takes long to make. */
  readonly part: (number: number) => readonly Line[]
  readonly files: readonly AttachedFile[]
  /** What is shown are the words of an HTML part, for want of a plain one. */
  readonly html: boolean
}

/** Octets that `lines` has at most. A part of comp.sources has 60 to 300 thousand. */
const mostShown = 400_000
const mostFiles = 200
/** Octets and lines of a part. */
const partOctets = 60_000
const partLines = 1500

/** `octets` is the body without dot-stuffing. */
export function readableBody(header: HeaderLookup, octets: Buffer): ReadableBody {
  const tree = mimeTree(header, octets)
  const files: Omit<AttachedFile, 'name'>[] = []
  const names: string[] = []
  const attach = (name: string, file: Omit<AttachedFile, 'name'>) => {
    if (files.length >= mostFiles) return
    files.push(file)
    names.push(name)
  }
  const texts: Stretch[] = []
  for (const leaf of tree.texts) {
    const { rest, found } = withoutFiles(leaf)
    for (const { name, start: _start, end: _end, ...file } of found)
      attach(name, { type: 'application/octet-stream', ...file })
    texts.push({ leaf, octets: rest })
  }
  for (const leaf of tree.files) {
    const open = () => ({ octets: leaf.open(), intact: undefined })
    attach(leaf.name, { type: leaf.content.type, size: leaf.size, open })
  }
  return new Body(
    texts,
    files.map((file, at) => ({ ...file, name: safeFileName(names[at] ?? '', file.type, at + 1) })),
  )
}

/** Octets of one text. */
interface Stretch {
  readonly leaf: Leaf
  readonly octets: Buffer
}

class Body implements ReadableBody {
  readonly #texts: readonly Stretch[]
  readonly files: readonly AttachedFile[]
  #parts: (readonly Stretch[])[] | undefined
  #lines: readonly Line[] | undefined

  constructor(texts: readonly Stretch[], files: readonly AttachedFile[]) {
    this.#texts = texts
    this.files = files
  }

  get html(): boolean {
    return this.#texts.some(({ leaf }) => leaf.content.type === 'text/html')
  }

  get lines(): readonly Line[] {
    this.#lines ??= linesIn(this.#beginning())
    return this.#lines
  }

  get cut(): boolean {
    return this.#texts.reduce((sum, { octets }) => sum + octets.length, 0) > mostShown
  }

  get text(): string {
    return this.lines.map(({ text }) => text).join('\n')
  }

  get parts(): number {
    return this.#divided().length
  }

  part(number: number): readonly Line[] {
    return linesIn(this.#divided()[number - 1] ?? [])
  }

  #divided(): (readonly Stretch[])[] {
    this.#parts ??= dividedIn(this.#texts)
    return this.#parts
  }

  #beginning(): Stretch[] {
    let left = mostShown
    const shown: Stretch[] = []
    for (const { leaf, octets } of this.#texts) {
      if (left > 0) shown.push({ leaf, octets: octets.subarray(0, left) })
      left -= octets.length
    }
    return shown
  }
}

function linesIn(stretches: readonly Stretch[]): Line[] {
  return stretches.flatMap(({ leaf, octets }, at) => {
    const lines = leafLines(leaf, octets)
    return at === 0 ? lines : [{ depth: 0, text: '' }, ...lines]
  })
}

/** Stretches of whole lines for each part; at least one part. */
function dividedIn(texts: readonly Stretch[]): (readonly Stretch[])[] {
  const parts: Stretch[][] = []
  let part: Stretch[] = []
  let left = { octets: partOctets, lines: partLines }
  const close = () => {
    parts.push(part)
    part = []
    left = { octets: partOctets, lines: partLines }
  }
  for (const { leaf, octets } of texts) {
    let from = 0
    do {
      let { to, lines } = wholeLines(octets, from, left)
      if (to === from && from < octets.length) {
        if (part.length > 0) {
          close()
          continue
        }
        // A line that is longer than a part.
        to = wholeCharacter(octets, Math.min(octets.length, from + partOctets))
        lines = 1
      }
      part.push({ leaf, octets: octets.subarray(from, to) })
      left = { octets: left.octets - (to - from), lines: left.lines - lines }
      from = to
      if (from < octets.length) close()
    } while (from < octets.length)
  }
  if (part.length > 0 || parts.length === 0) close()
  return parts
}

/** Where the last line ends that finds room, and how many there are. */
function wholeLines(octets: Buffer, from: number, room: { octets: number; lines: number }) {
  const end = Math.min(octets.length, from + room.octets)
  let to = from
  let lines = 0
  for (let at = from; at < end && lines < room.lines; at++) {
    if (octets[at] !== LF) continue
    lines += 1
    to = at + 1
  }
  return end === octets.length && lines < room.lines ? { to: end, lines: lines + 1 } : { to, lines }
}

const LF = 10

/** RFC 3629 3: not in the middle of a character of UTF-8. */
function wholeCharacter(octets: Buffer, at: number): number {
  let end = at
  while (end > at - 3 && ((octets[end] ?? 0) & 0xc0) === 0x80) end--
  return end
}

function leafLines(leaf: Leaf, octets: Buffer): Line[] {
  const text = textOf(leaf, octets)
  return leaf.content.type === 'text/html' ? fixedLines(htmlText(text)) : linesOf(text, leaf.content)
}

/** The octets of a text but for the files that stand in it. */
function withoutFiles(leaf: Leaf): { readonly rest: Buffer; readonly found: readonly Embedded[] } {
  const octets = leaf.open()
  const found: Embedded[] = []
  const kept: Buffer[] = []
  let at = 0
  let uu = findUuencoded(octets, 0)
  let yenc = findYenc(octets, 0)
  while (found.length < mostFiles) {
    const next = uu === undefined || (yenc !== undefined && yenc.start < uu.start) ? yenc : uu
    if (next === undefined) break
    kept.push(octets.subarray(at, next.start))
    found.push(next)
    at = next.end
    if (uu !== undefined && uu.start < at) uu = findUuencoded(octets, at)
    if (yenc !== undefined && yenc.start < at) yenc = findYenc(octets, at)
  }
  kept.push(octets.subarray(at))
  return { rest: kept.length === 1 ? octets : Buffer.concat(kept), found }
}
