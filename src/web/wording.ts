/** Dates and names in words for people. */

import { visibleLine } from '../article-text/visible.ts'
import { parseDate } from '../date.ts'
import type { When } from './render.ts'
import type { Words } from './words/english.ts'

/** A Date header in the zone of the reader beside how long ago that is. What is no date is shown as it is written. `now` in milliseconds. */
export function whenOf(date: string, now: number, words: Words): When {
  const seconds = parseDate(date)
  if (seconds === undefined) return { text: visibleLine(date), machine: '', ago: '' }
  return { ...whenAt(seconds, words), ago: words.ago(now / 1000 - seconds) }
}

/** The same of seconds since 1970, for lists, where how long ago it is would be too much; empty for no date. */
export function whenAt(seconds: number | undefined, words: Words): When {
  if (seconds === undefined) return { text: '', machine: '', ago: '' }
  const machine = `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`
  return { text: words.dateTime(seconds), machine, ago: '' }
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
