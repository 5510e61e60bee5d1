/** What a page leaves out because a rule of its reader says so, unless the reader asks to see it. */

import type { Visit } from '../site.ts'
import { isHidden } from '../taste/judge.ts'
import type { Judged } from '../taste/rule.ts'

export interface Sifted<Item> {
  readonly shown: readonly Item[]
  /** How many are left out. */
  readonly hidden: number
}

/** `?hidden=1` shows everything. */
export function sifted<Item>(
  items: readonly Item[],
  group: string,
  { visit, rowOf }: { readonly visit: Visit; readonly rowOf: (item: Item) => Judged },
): Sifted<Item> {
  const { taste, query } = visit
  if (taste.rules.length === 0 || query.get('hidden') === '1') return { shown: items, hidden: 0 }
  const shown = items.filter(item => !isHidden(taste.judge(rowOf(item), group)))
  return { shown, hidden: items.length - shown.length }
}

/** For the style sheet: what a rule puts forward. */
export function standing({ taste }: Visit, row: Judged, group: string): string {
  const { score } = taste.judge(row, group)
  return score > 0 ? ' watched' : score < 0 ? ' ignored' : ''
}
