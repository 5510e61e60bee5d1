/** Finds the articles whose time has come, from the low mark of each group upwards, without looking at the others. */
import type { ExpireRule, ExpireRules } from '../../expire-rules.ts'
import type { Snapshot } from '../../storage/database/store.ts'
import type { Frozen } from '../../storage/frozen.ts'
import type { ArrivalRow, GroupId } from '../../storage/reading.ts'
import type { FiledRow, Retention } from '../../storage/retention.ts'
import type { Active, GroupState } from '../../storage/state/active.ts'
import type { Wildmat } from '../../wildmat.ts'
import { type HoldingOf, holdsTooMuch, isDue, type Judgement } from './due.ts'

export interface SurveyParts {
  readonly active: Pick<Active, 'all' | 'withId'>
  readonly retention: Pick<Retention, 'filed' | 'numbers' | 'outdated'>
  readonly freeze: () => Promise<Pick<Frozen, 'groups' | 'index' | typeof Symbol.asyncDispose>>
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

interface Ruled {
  readonly group: GroupState
  readonly rule: ExpireRule
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
    const floors = await this.#floors(ruled, rules)
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
   * For each group that holds more than it may, the lowest number that is among the newest articles and octets it keeps.
   * All is counted as it was at one moment: of what comes and goes meanwhile nothing is taken for too much.
   */
  async #floors(ruled: readonly Ruled[], rules: ExpireRules): Promise<ReadonlyMap<GroupId, number>> {
    const floors = new Map<GroupId, number>()
    if (!ruled.some(({ group, rule }) => holdsTooMuch(group, rule))) return floors
    await using frozen = await this.#parts.freeze()
    for (const group of frozen.groups) {
      const rule = rules.of(group.name)
      const floor =
        rule && holdsTooMuch(group, rule) ? await this.#floor(group, rule, frozen.index) : undefined
      if (floor !== undefined) floors.set(group.id, floor)
    }
    return floors
  }

  /** Undefined where the group's count or octets are wrong: nothing goes before they were set right. */
  async #floor(group: GroupState, rule: ExpireRule, index: Snapshot): Promise<number | undefined> {
    let articles = rule.articles > 0 ? group.count - rule.articles : 0
    let octets = rule.octets > 0 ? group.octets - rule.octets : 0
    for await (const held of this.#parts.retention.numbers(group.id, index))
      for (const { number, size } of held) {
        if (articles <= 0 && octets <= 0) return number
        articles -= 1
        octets -= size
      }
    return articles <= 0 && octets <= 0 ? group.high + 1 : undefined
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
