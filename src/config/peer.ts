/** `[[peer]]` sections that the program writes: a file of `conf.d` each. Files of people are never written. */
import { basename, join } from 'node:path'
import { partFolder, readSources } from './file.ts'
import { isTable, type Table } from './merge.ts'

export interface PeerSection {
  readonly file: string
  /** From 1; undefined where it cannot be told. */
  readonly line?: number
  /** As in the file. */
  readonly values: Table
  /** The program may write the file anew: it is its own, and nobody has put comments into it. */
  readonly ours: boolean
}

const mark = '# Written by "tidings peer": change it with "tidings peer set", or take this line out.'

/** The section of a peer; case does not count. Files that cannot be read have none. */
export function findPeerSection(path: string, name: string): PeerSection | undefined {
  for (const { file, text, tables, lines } of readSources(path).parsed) {
    const sections = Array.isArray(tables.peer) ? tables.peer : [tables.peer]
    for (const [index, values] of sections.entries()) {
      if (!isTable(values) || String(values.name).toLowerCase() !== name.toLowerCase()) continue
      const line = lines.find(['peer', index])
      const ours = file === peerFile(path, String(values.name)) && isOurs(text)
      return { file, values, ours, ...(line !== undefined && { line }) }
    }
  }
  return undefined
}

/** Where the program keeps the section of a peer; `name` is a path identity. */
export const peerFile = (path: string, name: string): string =>
  join(partFolder(path), basename(`${name.toLowerCase()}.toml`))

/** TOML with one section. Values are texts, numbers, booleans and lists of texts. */
export function peerFileText(values: Table): string {
  const keys = Object.entries(values).map(([key, value]) => `${key} = ${valueText(value)}\n`)
  return `${mark}\n[[peer]]\n${keys.join('')}`
}

/** What JSON writes of these is TOML too. */
function valueText(value: unknown): string {
  return Array.isArray(value)
    ? `[${value.map(each => JSON.stringify(each)).join(', ')}]`
    : JSON.stringify(value)
}

function isOurs(text: string): boolean {
  const [first, ...rest] = text.split(/\r?\n/)
  return first === mark && !rest.some(line => line.replace(/"(\\.|[^"\\])*"/g, '').includes('#'))
}
