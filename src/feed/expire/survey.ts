/** Finds the articles whose time has come, from the low mark of each group upwards, without looking at the others. */
import type { ExpireRule, ExpireRules } from '../../expire-rules.ts'
import type { Active, GroupState } from '../../storage/active.ts'
import type { ArrivalRow, GroupId } from '../../storage/reading.ts'
import type { FiledRow, Retention } from '../../storage/retention.ts'
import type { Wildmat } from '../../wildmat.ts'
import { type HoldingOf, isDue, type Judgement } from './due.ts'

export interface SurveyParts {
  readonly active: Pick<Active, 'all' | 'withId'>
  readonly retention: Pick<Retention, 'filed' | 'outdated'>
}

export interface Asked {
  /** Seconds since 1970. */
  readonly time: number
  readonly rules: ExpireRules
  /** Only what is filed in one of these groups. */
  readonly only?: Wildmat | undefined
}

export interface Found {
  readonly judgement: Judgement
  readonly rows: readonly ArrivalRow[]
}

export class Survey {
  readonly #parts: SurveyParts
  readonly #holdingOf: HoldingOf
  /** Groups in which nothing is due before then, seconds since 1970, by age. */
  readonly #quiet = new Map<GroupId, number>()
  #rules: ExpireRules | undefined

  constructor(parts: SurveyParts) {
    this.#parts = parts
    this.#holdingOf = id => parts.active.withId(id)
  }

  /** What is due, at most an overview block of a group at once; empty batches give time to others. */
  async *due({ time, rules, only }: Asked): AsyncGenerator<Found> {
    if (rules !== this.#rules) this.#quiet.clear()
    this.#rules = rules
    const { active, retention } = this.#parts
    // Removed groups too: their articles are still read by message-ID.
    const ruled = active.all().flatMap(group => {
      const rule = rules.of(group.name)
      return rule === undefined || group.count === 0 ? [] : [{ group, rule }]
    })
    const floors = new Map<GroupId, number>()
    for (const { group, rule } of ruled) {
      const floor = await this.#floor(group.id, rule)
      if (floor > 0) floors.set(group.id, floor)
    }
    const judgement = { time, rules, floors }
    for (const { group, rule } of ruled)
      if (only === undefined || only.matches(group.name)) yield* this.#walk(group, rule, judgement)
    for await (const rows of retention.outdated(time))
      yield { judgement, rows: rows.filter(row => this.#isWanted(row, only) && this.#isDue(row, judgement)) }
  }

  #isDue(row: ArrivalRow, judgement: Judgement): boolean {
    return row.kind === 'article' && isDue(row, judgement, this.#holdingOf)
  }

  #isWanted({ filings }: ArrivalRow, only: Wildmat | undefined): boolean {
    return only === undefined || filings.some(({ group }) => only.matches(this.#holdingOf(group)?.name ?? ''))
  }

  /**
   * The lowest number that is among the newest articles and octets that the group may hold; 0 where all are. Where
   * others took articles away meanwhile, too many were counted as too much: it is found the next time.
   */
  async #floor(id: GroupId, rule: ExpireRule): Promise<number> {
    const group = this.#parts.active.withId(id)
    if (group === undefined) return 0
    const floor = await this.#lowest(group, rule)
    const now = this.#parts.active.withId(id)
    const taken = now === undefined || now.count - group.count < now.high - group.high
    return taken ? 0 : floor
  }

  async #lowest(group: GroupState, rule: ExpireRule): Promise<number> {
    let articles = rule.articles > 0 ? group.count - rule.articles : 0
    let octets = rule.octets > 0 ? group.octets - rule.octets : 0
    if (articles <= 0 && octets <= 0) return 0
    for await (const filed of this.#parts.retention.filed(group.id, group))
      for (const { number, row } of filed) {
        if (articles <= 0 && octets <= 0) return number
        articles -= 1
        octets -= row.size
      }
    return group.high + 1
  }

  /** Ends at the first block of which the group would let nothing go: all that follows came later. */
  async *#walk(group: GroupState, rule: ExpireRule, judgement: Judgement): AsyncGenerator<Found> {
    const { time, floors } = judgement
    const floor = floors.get(group.id) ?? 0
    if (floor === 0 && (this.#quiet.get(group.id) ?? 0) > time) return
    let next = rule.usualEnd({ time })
    if (floor === 0 && next === Number.POSITIVE_INFINITY) return
    let found = 0
    const isOver = ({ number, row }: FiledRow) => number < floor || rule.usualEnd(row) <= time
    for await (const filed of this.#parts.retention.filed(group.id, group)) {
      const rows = filed.map(({ row }) => row).filter(row => this.#isDue(row, judgement))
      found += rows.length
      yield { judgement, rows }
      for (const { row } of filed)
        next = Math.min(next, later(rule.usualEnd(row), time), later(rule.end(row), time))
      if (filed.length > 0 && !filed.some(isOver)) break
    }
    if (found === 0 && floor === 0) this.#quiet.set(group.id, next)
  }
}

const later = (end: number, time: number): number => (end > time ? end : Number.POSITIVE_INFINITY)
