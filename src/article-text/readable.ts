/**
 * The door of this folder: the octets of an article's body as lines to read and files to fetch. Files are found here
 * and opened only when somebody asks for one.
 */

import type { Embedded, Opened } from './embedded.ts'
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
  readonly open: () => Opened
}

export interface ReadableBody {
  readonly lines: readonly Line[]
  /** The lines joined by LF. */
  readonly text: string
  readonly files: readonly AttachedFile[]
  /** What is shown are the words of an HTML part, for want of a plain one. */
  readonly html: boolean
  /** The text is longer than what is shown. */
  readonly cut: boolean
}

/** Octets of text that are shown; more is fetched raw. A part of comp.sources has 60 to 300 thousand. */
const mostShown = 400_000
const mostFiles = 200

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
  const shown: Line[][] = []
  let left = mostShown
  let html = false
  for (const leaf of tree.texts) {
    const { rest, found } = withoutFiles(leaf)
    for (const file of found)
      attach(file.name, { type: 'application/octet-stream', size: file.size, open: file.open })
    if (left > 0) shown.push(leafLines(leaf, rest.subarray(0, left)))
    html ||= leaf.content.type === 'text/html'
    left -= rest.length
  }
  for (const leaf of tree.files) {
    const open = () => ({ octets: leaf.open(), intact: undefined })
    attach(leaf.name, { type: leaf.content.type, size: leaf.size, open })
  }
  const lines = shown.flatMap((each, at) => (at === 0 ? each : [{ depth: 0, text: '' }, ...each]))
  return {
    lines,
    text: lines.map(({ text }) => text).join('\n'),
    files: files.map((file, at) => ({ ...file, name: safeFileName(names[at] ?? '', file.type, at + 1) })),
    html,
    cut: left < 0,
  }
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
