/** Numbers, dates and names in words for people. */

import { visibleLine } from '../article-text/visible.ts'
import { parseDate } from '../date.ts'
import type { When } from './render.ts'

export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en-GB')} ${count === 1 ? one : many}`
}

const spans: readonly (readonly [string, number])[] = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
]

/** `3 days ago`; times in milliseconds. A date in the future is not made to look past. */
export function ago(time: number, now: number): string {
  const seconds = Math.round((now - time) / 1000)
  for (const [unit, length] of spans) {
    const count = Math.floor(Math.abs(seconds) / length)
    if (count > 0) return seconds < 0 ? `in ${countOf(count, unit)}` : `${countOf(count, unit)} ago`
  }
  return 'just now'
}

/** A Date header in UTC beside how long ago that is. What is no date is shown as it is written. `now` in milliseconds. */
export function whenOf(date: string, now: number): When {
  const seconds = parseDate(date)
  if (seconds === undefined) return { text: visibleLine(date), machine: '', ago: '' }
  const machine = `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`
  const text = `${machine.slice(0, 10)} ${machine.slice(11, 16)}`
  return { text, machine, ago: ago(seconds * 1000, now) }
}

/** The name in a From header, or the address where there is none. RFC 5322 3.4, RFC 5536 3.1.2 */
export function authorName(from: string): string {
  const angle = /^([^<]*)<[^<>]*>\s*$/.exec(from)
  const comment = /\(([^()]*)\)\s*$/.exec(from)
  const name = angle?.[1] ?? comment?.[1] ?? ''
  const bare = name
    .trim()
    .replace(/^"(.*)"$/s, '$1')
    .replace(/\\(.)/gs, '$1')
    .trim()
  return bare === '' ? from.replace(/^\s*<(.*)>\s*$/s, '$1').trim() : bare
}

/** Octets in words, roughly. */
export function sizeOf(octets: number): string {
  if (octets < 1000) return countOf(octets, 'byte')
  return octets < 1_000_000 ? `${Math.round(octets / 1000)} kB` : `${(octets / 1_000_000).toFixed(1)} MB`
}
