/** INN's `active` file (name high low status) and `newsgroups` file (name, blanks, description). */
import type { ActiveRow } from '../server/node-control.ts'

export interface ParsedActive {
  readonly rows: ActiveRow[]
  /** Lines that are no group, counted from 1. */
  readonly faults: { readonly line: number; readonly reason: string }[]
}

export function parseActive(files: {
  readonly active: Buffer
  readonly descriptions?: Buffer
}): ParsedActive {
  const described =
    files.descriptions === undefined ? new Map<string, string>() : parseDescriptions(files.descriptions)
  const rows: ActiveRow[] = []
  const faults: { line: number; reason: string }[] = []
  for (const [index, line] of lines(files.active)) {
    const [name = '', high = '', low = '', status = '', ...rest] = line.split(/\s+/)
    if (status === '' || rest.length > 0 || !/^\d+$/.test(high) || !/^\d+$/.test(low)) {
      faults.push({ line: index + 1, reason: 'expected: name high low status' })
      continue
    }
    const description = described.get(name)
    rows.push({
      name,
      high: Number(high),
      low: Number(low),
      status,
      ...(description === undefined ? {} : { description }),
    })
  }
  return { rows, faults }
}

function parseDescriptions(file: Buffer): Map<string, string> {
  const found = new Map<string, string>()
  for (const [, line] of lines(file)) {
    const match = /^(\S+)\s+(.*)$/.exec(line)
    if (match?.[1] !== undefined && match[2] !== undefined) found.set(match[1], match[2])
  }
  return found
}

/** Without blank lines and comments; numbered from 0. UTF-8, or Latin-1 where a line is not. */
function* lines(file: Buffer): Generator<[number, string]> {
  let start = 0
  for (let index = 0; start < file.length; index++) {
    const end = file.indexOf(0x0a, start)
    const octets = file.subarray(start, end < 0 ? file.length : end)
    start = end < 0 ? file.length : end + 1
    const utf8 = octets.toString('utf8')
    const line = (utf8.includes('\ufffd') ? octets.toString('latin1') : utf8).trim()
    if (line !== '' && !line.startsWith('#')) yield [index, line]
  }
}
