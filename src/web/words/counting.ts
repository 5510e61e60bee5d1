/** Numbers, spans and sizes as a language says them. ECMA-402 */
import { Recent } from '../../recent.ts'

/** The forms of a noun that a language has, as CLDR names them; `other` is used where one is missing. */
export type Forms = Partial<Record<Intl.LDMLPluralRule, string>> & { readonly other: string }

export interface Counting {
  /** `1,234` */
  readonly number: (count: number) => string
  /** `1,234 articles` */
  readonly counted: (forms: Forms) => (count: number) => string
  /** `3 days ago`, `in 2 hours`; a span of seconds, greater than nought for what is past. */
  readonly ago: (seconds: number) => string
  /** `12 kB`, roughly. */
  readonly size: (octets: number) => string
  /** `10 minutes`; whole seconds. */
  readonly span: (seconds: number) => string
  /** Short; 0 is Monday. ISO 8601 */
  readonly weekday: (day: number) => string
  /** `21 Nov 2026, 08:00`, of seconds since 1970. */
  readonly dateTime: (seconds: number) => string
  /** The time zone of `dateTime`, by its IANA name. */
  readonly zone: string
  /** The two above for another zone, which must be one that there is. */
  readonly inZone: (zone: string) => Pick<Counting, 'dateTime' | 'zone'>
}

const spans: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
]

/** 5 January 1970. */
const firstMonday = 345_600_000
const millisecondsPerDay = 86_400_000
const secondsPerDay = 86_400
const dateParts = {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
} as const

/** Days whose words are kept. */
const mostDays = 8000

/** A day in words costs twenty times what its minutes do: in UTC all days have the same. `say` in hours from 00 to 23. */
function byDay(say: (seconds: number) => string): (seconds: number) => string {
  const days = new Recent<number, readonly [string, string]>(mostDays)
  return seconds => {
    const day = Math.floor(seconds / secondsPerDay)
    const known = days.get(day)
    const [before = '', behind] = known ?? say(day * secondsPerDay).split('00:00')
    // Another way to write the time than that of `dateParts`.
    if (behind === undefined) return say(seconds)
    if (known === undefined) days.set(day, [before, behind])
    const minutes = Math.floor((seconds - day * secondsPerDay) / 60)
    return `${before}${twoDigits(Math.floor(minutes / 60))}:${twoDigits(minutes % 60)}${behind}`
  }
}

const twoDigits = (number: number): string => (number < 10 ? `0${number}` : `${number}`)

/** `locale`: BCP 47. `justNow` is said of less than a minute. */
export function countingIn(locale: string, { justNow }: { readonly justNow: string }): Counting {
  const format = new Intl.NumberFormat(locale)
  const rules = new Intl.PluralRules(locale)
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'always' })
  const unit = (name: string, digits: number) =>
    new Intl.NumberFormat(locale, { style: 'unit', unit: name, maximumFractionDigits: digits })
  const octet = new Intl.NumberFormat(locale, { style: 'unit', unit: 'byte', unitDisplay: 'long' })
  const kilo = unit('kilobyte', 0)
  const mega = unit('megabyte', 1)
  const giga = unit('gigabyte', 1)
  const long = (name: string) =>
    new Intl.NumberFormat(locale, { style: 'unit', unit: name, unitDisplay: 'long' })
  const days = new Intl.DateTimeFormat(locale, { weekday: 'short', timeZone: 'UTC' })
  const inZone = (zone: string) => {
    const format = new Intl.DateTimeFormat(locale, { ...dateParts, timeZone: zone })
    return { zone, dateTime: (seconds: number) => format.format(seconds * 1000) }
  }
  return {
    zone: 'UTC',
    dateTime: byDay(inZone('UTC').dateTime),
    inZone,
    number: count => format.format(count),
    counted: forms => count => `${format.format(count)} ${forms[rules.select(count)] ?? forms.other}`,
    ago: seconds => {
      for (const [name, length] of spans) {
        const count = Math.abs(seconds) / length
        // What ends in a moment less than seven days does so in 7 days.
        if (count >= 1) return relative.format(seconds < 0 ? Math.round(count) : -Math.floor(count), name)
      }
      return justNow
    },
    size: octets => {
      if (octets < 1000) return octet.format(octets)
      if (octets >= 1_000_000_000) return giga.format(octets / 1_000_000_000)
      return octets < 1_000_000 ? kilo.format(octets / 1000) : mega.format(octets / 1_000_000)
    },
    span: seconds => {
      const [name, length] = spans.find(([, length]) => seconds >= length) ?? ['second', 1]
      return long(name).format(Math.round(seconds / length))
    },
    weekday: day => days.format(firstMonday + day * millisecondsPerDay),
  }
}
