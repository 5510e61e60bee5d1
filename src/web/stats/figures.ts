/** What has been counted, as figures: rows of a name and a count, which a picture and a table show alike. */

import { decodeHeader } from '../../article-text/header-words.ts'
import { visibleLine } from '../../article-text/visible.ts'
import { type Counts, type DayCount, delaySpans } from '../../feed/statistics/counts.ts'
import { lengthSpans } from '../../feed/statistics/thread-lengths.ts'
import { authorName } from '../wording.ts'
import type { Words } from '../words/english.ts'

export interface Row {
  readonly name: string
  readonly count: number
  /** Newsgroup that the row is of. */
  readonly group?: string
}

export interface Figure {
  readonly name: FigureName
  readonly title: string
  /** `columns` where the order of the rows is theirs, `bars` where the greatest is first. */
  readonly shape: 'columns' | 'bars'
  /** What is counted; articles where absent. */
  readonly of?: 'octets' | 'threads'
  readonly rows: readonly Row[]
}

export const figureNames = [
  'days',
  'growth',
  'size',
  'hours',
  'weekdays',
  'threads',
  'delays',
  'groups',
  'posters',
] as const
export type FigureName = (typeof figureNames)[number]

export interface Shown {
  readonly counts: Counts
  readonly words: Words
  readonly mayRead: (group: string) => boolean
  /** Who may read everything sees who posts. */
  readonly readsAll: boolean
}

/** Days of the first figure, and rows of a list. */
const mostDays = 60
const mostRows = 20
const millisecondsPerDay = 86_400_000

export function figuresOf(shown: Shown): Figure[] {
  const found = figureNames.map(name => figureOf(name, shown))
  return found.filter(({ rows }) => rows.some(({ count }) => count > 0))
}

export function figureOf(name: FigureName, shown: Shown): Figure {
  const { counts, words } = shown
  const title = words.stats.titles[name]
  switch (name) {
    case 'days':
      return { name, title, shape: 'columns', rows: latestDays(counts) }
    case 'growth':
      return { name, title, shape: 'columns', rows: growth(counts, day => day.articles) }
    case 'size':
      return { name, title, shape: 'columns', of: 'octets', rows: growth(counts, day => day.octets) }
    case 'threads':
      return { name, title, shape: 'columns', of: 'threads', rows: threads(counts, words) }
    case 'hours':
      return {
        name,
        title,
        shape: 'columns',
        rows: counts.hours.map((count, at) => ({ name: twoDigits(at), count })),
      }
    case 'weekdays':
      return {
        name,
        title,
        shape: 'columns',
        rows: counts.weekdays.map((count, at) => ({ name: words.weekday(at), count })),
      }
    case 'delays':
      return { name, title, shape: 'columns', rows: delays(counts, words) }
    case 'groups':
      return { name, title, shape: 'bars', rows: groups(shown) }
    case 'posters':
      return { name, title, shape: 'bars', rows: shown.readsAll ? posters(counts) : [] }
  }
}

const twoDigits = (number: number): string => String(number).padStart(2, '0')
const dateOf = (day: number): string => new Date(day * millisecondsPerDay).toISOString().slice(0, 10)

/** Days on which articles were written, and those between them; the newest. */
function latestDays(counts: Counts): Row[] {
  const days = counts.days()
  const last = days.at(-1)?.day
  if (last === undefined) return []
  const first = Math.max(days[0]?.day ?? last, last - mostDays + 1)
  const byDay = new Map(days.map(({ day, articles }) => [day, articles]))
  return Array.from({ length: last - first + 1 }, (_, at) => ({
    name: dateOf(first + at),
    count: byDay.get(first + at) ?? 0,
  }))
}

/** What there was up to the end of each month, the newest months, those between them included in which nothing came. */
function growth(counts: Counts, of: (day: DayCount) => number): Row[] {
  const months = new Map<number, number>()
  let sum = 0
  for (const day of counts.days()) {
    sum += of(day)
    months.set(monthOf(day), sum)
  }
  const all = [...months.keys()]
  const last = all.at(-1)
  if (last === undefined) return []
  const first = Math.max(all[0] ?? last, last - mostDays + 1)
  let count = months.get(all.findLast(month => month < first) ?? first) ?? 0
  return Array.from({ length: last - first + 1 }, (_, at) => {
    count = months.get(first + at) ?? count
    return { name: new Date(Date.UTC(0, first + at)).toISOString().slice(0, 7), count }
  })
}

/** Months since the year 1900. */
function monthOf({ day }: DayCount): number {
  const date = new Date(day * millisecondsPerDay)
  return (date.getUTCFullYear() - 1900) * 12 + date.getUTCMonth()
}

function threads({ threads: { spans } }: Counts, words: Words): Row[] {
  return spans.map((count, at) => {
    const low = words.number((lengthSpans[at - 1] ?? 0) + 1)
    const end = lengthSpans[at]
    const high = end === undefined ? '' : words.number(end)
    return { name: high === '' ? words.stats.fromOn(low) : low === high ? low : `${low}–${high}`, count }
  })
}

/** A count of the figure, as people read it. */
export const countText = ({ of }: Figure, words: Words): ((count: number) => string) =>
  of === 'octets' ? words.size : words.number

function delays(counts: Counts, words: Words): Row[] {
  return counts.delays.map((count, at) => {
    const end = delaySpans[at]
    return { name: end === undefined ? words.stats.longer : words.stats.upTo(words.span(end)), count }
  })
}

function groups({ counts, mayRead }: Shown): Row[] {
  const found: Row[] = []
  for (const [group, count] of counts.groups.top(Number.POSITIVE_INFINITY)) {
    if (mayRead(group)) found.push({ name: visibleLine(group), count, group })
    if (found.length === mostRows) break
  }
  return found
}

function posters(counts: Counts): Row[] {
  return counts.posters
    .top(mostRows)
    .map(([from, count]) => ({ name: visibleLine(authorName(decodeHeader(from))), count }))
}
