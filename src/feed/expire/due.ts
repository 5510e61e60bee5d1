/** Whether an article may go: when the longest of its groups' rules says so. */
import type { ExpireRules } from '../../expire-rules.ts'
import type { ArrivalRow, Filing, GroupId } from '../../storage/reading.ts'

export interface Judgement {
  /** Seconds since 1970. */
  readonly time: number
  readonly rules: ExpireRules
  /** Numbers of a group below are over what it may hold. */
  readonly floors: ReadonlyMap<GroupId, number>
}

export type NameOf = (group: GroupId) => string | undefined

export function isDue(row: ArrivalRow, judgement: Judgement, nameOf: NameOf): boolean {
  return row.filings.length > 0 && row.filings.every(filing => isDueIn(filing, row, { judgement, nameOf }))
}

interface Judging {
  readonly judgement: Judgement
  readonly nameOf: NameOf
}

function isDueIn({ group, number }: Filing, row: ArrivalRow, { judgement, nameOf }: Judging): boolean {
  const { time, rules, floors } = judgement
  const name = nameOf(group)
  const rule = name === undefined ? undefined : rules.of(name)
  if (rule === undefined) return false
  return number < (floors.get(group) ?? 0) || rule.end(row) <= time
}
