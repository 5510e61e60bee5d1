/** One line of the audit log: JSON that nothing from outside can break, chained to the line before by its hash. */
import { createHash } from 'node:crypto'
import { printableJson } from '../printable.ts'

export type AuditFields = Readonly<Record<string, string | number | boolean>>

/** Where a chain stands: what the next line must continue. */
export interface ChainEnd {
  readonly seq: number
  /** Of the last line, without its LF, in hexadecimal; empty before the first. */
  readonly hash: string
}

export const chainStart: ChainEnd = { seq: 0, hash: '' }

/** Characters of a value; what is longer is cut. */
const longest = 500

/** With its LF. `time` in milliseconds since 1970. */
export function auditLine(
  { seq, hash }: ChainEnd,
  { time, event, fields }: { readonly time: number; readonly event: string; readonly fields: AuditFields },
): string {
  const cut = Object.entries(fields).map(([name, value]) => [
    name,
    typeof value === 'string' ? value.slice(0, longest) : value,
  ])
  // A pair each: a field called `__proto__` is one like any other.
  const pairs = [
    ['seq', seq + 1],
    ['prev', hash],
    ['time', new Date(time).toISOString()],
    ['event', event],
    ...cut,
  ]
  const text = pairs.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')
  return `${printableJson(`{${text}}`)}\n`
}

export const hashOf = (line: string | Buffer): string => createHash('sha256').update(line).digest('hex')

/** Where the chain stands after `line` (without LF), or what is wrong with it; `before` undefined = it may begin anywhere. */
export function followLine(before: ChainEnd | undefined, line: Buffer): ChainEnd | string {
  const parsed = parseLine(line)
  if (parsed === undefined) return 'is no line of an audit log'
  if (before !== undefined && parsed.seq !== before.seq + 1)
    return `has the number ${parsed.seq} where ${before.seq + 1} was expected: lines are missing or were added`
  if (before !== undefined && parsed.prev !== before.hash)
    return 'does not fit the line before: one of them was changed'
  return { seq: parsed.seq, hash: hashOf(line) }
}

function parseLine(line: Buffer): { readonly seq: number; readonly prev: string } | undefined {
  try {
    const { seq, prev } = JSON.parse(line.toString()) ?? {}
    return Number.isSafeInteger(seq) && typeof prev === 'string' ? { seq, prev } : undefined
  } catch {
    return undefined
  }
}
