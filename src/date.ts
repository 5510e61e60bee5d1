/** Dates: of headers (RFC 5322 3.3, 4.3; RFC 5536 3.1.1) and of NNTP commands (RFC 3977 7.1, 7.3.2). */
import { DateScanner, isDigit } from './date-scanner.ts'

/** 9999-12-31 23:59:59 UTC: the last second that the formats can write. */
const lastSecond = 253_402_300_799

const zero = 0x30
const minus = 0x2d
/** From March of the year 0. */
const daysBefore1970 = 719_468
const dayNames = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const monthNames = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** Minutes east of Greenwich. RFC 5322 4.3: obs-zone; all other names are -0000, single letters too. */
const zones: ReadonlyMap<string, number> = new Map([
  ['EDT', -240],
  ['EST', -300],
  ['CDT', -300],
  ['CST', -360],
  ['MDT', -360],
  ['MST', -420],
  ['PDT', -420],
  ['PST', -480],
])

const universal: ReadonlySet<string> = new Set(['GMT', 'UT', 'UTC'])

interface Fields {
  readonly year: number
  /** 0 to 11. */
  readonly month: number
  readonly day: number
  readonly time: Time
  /** Minutes east of Greenwich. */
  readonly zone: number
}

interface Time {
  readonly hour: number
  readonly minute: number
  readonly second: number
}

/**
 * Seconds since 1970 of a Date, Injection-Date or Expires header, 0 to the end of 9999; else undefined. Takes the
 * obsolete forms of RFC 5322 4.3 and what old articles have: no seconds, no zone (then UTC), dashes between day,
 * month and year, `Thu Apr 15 12:00:00 1993`, `GMT+12`. The name of the day is not compared with the date.
 */
export function parseDate(text: string): number | undefined {
  const seconds = usual.test(text) ? usualSeconds(text) : secondsOf(scannedFields(text))
  return seconds !== undefined && seconds >= 0 && seconds <= lastSecond ? seconds : undefined
}

/** RFC 5536 3.1.1: what almost all articles have, which can be read without a scanner. */
const usual =
  /^(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?\d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d [+-]\d\d[0-5]\d$/

/** Everything but the day stands at a fixed place before the end. Without objects: each article has such a date. */
function usualSeconds(text: string): number | undefined {
  const end = text.length
  const month = monthNames.indexOf(text.slice(end - 23, end - 20))
  const east = twoDigits(text, end - 4) * 60 + twoDigits(text, end - 2)
  const zone = text.charCodeAt(end - 5) === minus ? -east : east
  const year = twoDigits(text, end - 19) * 100 + twoDigits(text, end - 17)
  const midnight = midnightOf(year, month, twoDigits(text, end - 26))
  const seconds = secondsInDay(twoDigits(text, end - 14), twoDigits(text, end - 11), twoDigits(text, end - 8))
  return midnight === undefined || seconds === undefined ? undefined : midnight + seconds - zone * 60
}

/** The first of them may be missing: a blank, or nothing. */
function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at)
  return (isDigit(tens) ? (tens - zero) * 10 : 0) + text.charCodeAt(at + 1) - zero
}

function scannedFields(text: string): Fields | undefined {
  const scanner = new DateScanner(text)
  let word = scanner.word()
  if (indexOfName(dayNames, word) >= 0) {
    scanner.take(',')
    word = scanner.word()
  }
  const fields = word === '' ? dayFirst(scanner) : monthFirst(scanner, word)
  return scanner.done ? fields : undefined
}

/** `Sat, 21 Nov 2026 08:00:00 +0000`. Throws RangeError outside 1970 to 9999. RFC 5322 3.3 */
export function formatDate(seconds: number): string {
  const date = dateOf(seconds * 1000)
  const day = `${dayNames[date.getUTCDay()]}, ${date.getUTCDate()} ${monthNames[date.getUTCMonth()]}`
  return `${day} ${date.getUTCFullYear()} ${date.toISOString().slice(11, 19)} +0000`
}

/**
 * Seconds since 1970 (negative before) of the arguments of NEWGROUPS and NEWNEWS, both read as UTC; `now` in
 * milliseconds decides the century of a two-digit year. RFC 3977 7.3.2
 */
export function parseNntpDate(date: string, time: string, now: number): number | undefined {
  if (!isDigits(date) || !isDigits(time) || time.length !== 6) return undefined
  if (date.length !== 6 && date.length !== 8) return undefined
  const yearDigits = date.length - 4
  let year = Number(date.slice(0, yearDigits))
  if (yearDigits === 2) {
    const thisYear = new Date(now).getUTCFullYear()
    // RFC 3977 7.3.2: this century where yy is at most this year's, else the one before
    year += Math.floor(thisYear / 100) * 100 - (year <= thisYear % 100 ? 0 : 100)
  }
  return secondsOf({
    year,
    month: Number(date.slice(yearDigits, yearDigits + 2)) - 1,
    day: Number(date.slice(yearDigits + 2)),
    time: {
      hour: Number(time.slice(0, 2)),
      minute: Number(time.slice(2, 4)),
      second: Number(time.slice(4)),
    },
    zone: 0,
  })
}

/** Milliseconds since 1970 as `yyyymmddhhmmss` in UTC. Throws RangeError outside 1970 to 9999. RFC 3977 7.1 */
export function formatNntpDate(milliseconds: number): string {
  const iso = dateOf(milliseconds).toISOString()
  return `${iso.slice(0, 4)}${iso.slice(5, 7)}${iso.slice(8, 10)}${iso.slice(11, 13)}${iso.slice(14, 16)}${iso.slice(17, 19)}`
}

/** `21 Nov 2026 08:00:00 +0000`, `21-Nov-26 08:00 GMT` */
function dayFirst(scanner: DateScanner): Fields | undefined {
  const day = scanner.number(1, 2)
  scanner.take('-')
  const month = indexOfName(monthNames, scanner.word())
  scanner.take('-')
  const year = readYear(scanner)
  const time = readTime(scanner)
  const zone = readZone(scanner)
  if (day === undefined || month < 0 || year === undefined || !time || zone === undefined) return undefined
  return { year, month, day, time, zone }
}

/** `Apr 15 12:00:00 PDT 1993`, `Apr 15, 1993 12:00` */
function monthFirst(scanner: DateScanner, name: string): Fields | undefined {
  const month = indexOfName(monthNames, name)
  const day = scanner.number(1, 2)
  scanner.take(',')
  const early = scanner.ahead === 4 ? readYear(scanner) : undefined
  const time = readTime(scanner)
  const zone = readZone(scanner)
  const year = early ?? readYear(scanner)
  if (day === undefined || month < 0 || year === undefined || !time || zone === undefined) return undefined
  return { year, month, day, time, zone }
}

function readYear(scanner: DateScanner): number | undefined {
  const digits = scanner.ahead
  const year = scanner.number(2, 4)
  if (year === undefined || digits === 4) return year
  // RFC 5322 4.3: obs-year
  return digits === 2 && year < 50 ? 2000 + year : 1900 + year
}

function readTime(scanner: DateScanner): Time | undefined {
  const hour = scanner.number(1, 2)
  if (hour === undefined || !scanner.take(':')) return undefined
  const minute = scanner.number(2, 2)
  const second = scanner.take(':') ? scanner.number(2, 2) : 0
  return minute === undefined || second === undefined ? undefined : { hour, minute, second }
}

/** Minutes east of Greenwich; 0 where there is none; undefined where it is wrong. */
function readZone(scanner: DateScanner): number | undefined {
  const name = scanner.word().toUpperCase()
  // RFC is silent: half a day wrong is worse than no date.
  if (name === 'AM' || name === 'PM') return scanner.fail()
  const offset = name === '' || universal.has(name) ? readOffset(scanner) : zones.get(name)
  // A name may follow an offset, or a second word a name: `+0100 MET`, `MET DST`.
  scanner.word()
  return offset ?? (scanner.failed ? undefined : 0)
}

/** `+hhmm`, and `+hh` of `GMT+12`; undefined where there is none or, with `scanner.failed`, where it is wrong. */
function readOffset(scanner: DateScanner): number | undefined {
  const sign = scanner.take('+') ? 1 : scanner.take('-') ? -1 : 0
  if (sign === 0) return undefined
  const digits = scanner.ahead
  const value = digits === 4 ? scanner.number(4, 4) : scanner.number(1, 2)
  if (value === undefined) return undefined
  const minutes = digits === 4 ? value % 100 : 0
  if (minutes > 59) return scanner.fail()
  return sign * ((digits === 4 ? Math.floor(value / 100) : value) * 60 + minutes)
}

function secondsOf(fields: Fields | undefined): number | undefined {
  if (fields === undefined) return undefined
  const { year, month, day, time, zone } = fields
  const midnight = midnightOf(year, month, day)
  const seconds = secondsInDay(time.hour, time.minute, time.second)
  return midnight === undefined || seconds === undefined ? undefined : midnight + seconds - zone * 60
}

function secondsInDay(hour: number, minute: number, second: number): number | undefined {
  return hour > 23 || minute > 59 || second > 60 ? undefined : (hour * 60 + minute) * 60 + second
}

/** The first second of a day; undefined where there is none such. Years are those of the Gregorian calendar, from 0. */
function midnightOf(year: number, month: number, day: number): number | undefined {
  if (month < 0 || month > 11 || day < 1 || day > daysIn(year, month)) return undefined
  // Years that begin in March have the day that leaps at their end.
  const shifted = month < 2 ? year - 1 : year
  const leaps = Math.floor(shifted / 4) - Math.floor(shifted / 100) + Math.floor(shifted / 400)
  const inYear = Math.floor((153 * ((month + 10) % 12) + 2) / 5) + day - 1
  return (shifted * 365 + leaps + inYear - daysBefore1970) * 86_400
}

function daysIn(year: number, month: number): number {
  if (month === 1) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return month === 3 || month === 5 || month === 8 || month === 10 ? 30 : 31
}

/** By the first three letters, so that `Wednesday` and `april` are found; -1 where it is none. */
function indexOfName(names: readonly string[], word: string): number {
  if (word.length < 3) return -1
  const start = word.charAt(0).toUpperCase() + word.slice(1, 3).toLowerCase()
  return names.indexOf(start)
}

function isDigits(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (!isDigit(text.charCodeAt(i))) return false
  return text !== ''
}

function dateOf(milliseconds: number): Date {
  if (!(milliseconds >= 0 && milliseconds < (lastSecond + 1) * 1000)) {
    throw new RangeError(`date out of range: ${milliseconds} ms since 1970`)
  }
  return new Date(milliseconds)
}
