/** What the views of administrators show. */

import type { Link } from './link.ts'

export interface Fact {
  readonly name: string
  readonly value: string
}

/** A button: the field that it sends, and what it says to those who do not see its row. */
export interface RowButton {
  readonly act: string
  readonly of: string
  readonly text: string
  readonly about: string
}

export interface OfficeRow extends Link {
  readonly cells: readonly string[]
  readonly buttons: readonly RowButton[]
}

export interface OfficeShown {
  readonly heading: string
  readonly tabs: readonly (Link & { readonly current: 'page' | '' })[]
  readonly alert: string
  readonly notes: readonly string[]
  readonly facts: readonly Fact[]
  /** Address of the page without its query. */
  readonly here: string
  readonly token: string
  /** Whether the rows can be searched, and for what they were. */
  readonly filters: boolean
  readonly filter: string
  /** None where the page has no table. */
  readonly columns: readonly string[]
  /** The rows have buttons. */
  readonly acts: boolean
  readonly rows: readonly OfficeRow[]
  /** Why there are no rows; empty where there are. */
  readonly empty: string
  readonly pager: readonly Link[]
}
