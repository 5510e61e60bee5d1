/** Dates on the command line. */
import { InvalidArgumentError } from 'commander'
import { parseDate } from '../date.ts'

/** Seconds since 1970 of `2026-11-01`, `2026-11-01 12:00[:30]` (UTC where no zone is named) or a date as in headers. */
export function sinceDate(text: string): number {
  const iso = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(Z|[+-]\d\d:?\d\d)?)?$/.exec(text)
  const seconds =
    iso === null ? parseDate(text) : Date.parse(`${iso[1]}T${iso[2] ?? '00:00'}${iso[3] ?? 'Z'}`) / 1000
  if (seconds === undefined || !Number.isFinite(seconds) || seconds < 0)
    throw new InvalidArgumentError('expected a date such as 2026-11-01 or "2026-11-01 12:00" (UTC).')
  return Math.floor(seconds)
}
