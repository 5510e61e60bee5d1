/** Whether an article may go: when the longest of its groups' rules says so. */
import type { ExpireRule, ExpireRules } from '../../expire-rules.ts'
import type { ArrivalRow, Filing, GroupId } from '../../storage/reading.ts'

export interface Judgement {
  /** Seconds since 1970. */
  readonly time: number
  readonly rules: ExpireRules
  /** Numbers of a group below are over what it may hold. */
  readonly floors: ReadonlyMap<GroupId, number>
}

/** What a group holds as it is now, which may be less than when its floor was found. */
export interface Holding {
  readonly name: string
  /** Articles. */
  readonly count: number
  readonly octets: number
}

export type HoldingOf = (group: GroupId) => Holding | undefined

export function isDue(row: ArrivalRow, judgement: Judgement, holdingOf: HoldingOf): boolean {
  return row.filings.length > 0 && row.filings.every(filing => isDueIn(filing, row, { judgement, holdingOf }))
}

interface Judging {
  readonly judgement: Judgement
  readonly holdingOf: HoldingOf
}

function isDueIn({ group, number }: Filing, row: ArrivalRow, { judgement, holdingOf }: Judging): boolean {
  const { time, rules, floors } = judgement
  const holding = holdingOf(group)
  const rule = holding && rules.of(holding.name)
  if (holding === undefined || rule === undefined) return false
  return (number < (floors.get(group) ?? 0) && holdsTooMuch(holding, rule)) || rule.end(row) <= time
}

export function holdsTooMuch({ count, octets }: Holding, rule: ExpireRule): boolean {
  return (rule.articles > 0 && count > rule.articles) || (rule.octets > 0 && octets > rule.octets)
}
