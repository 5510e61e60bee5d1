/** The three databases and the group table of one moment. */

import type { Snapshot } from './database/store.ts'
import type { Arrival } from './reading.ts'
import type { GroupState } from './state/active.ts'

export interface FrozenParts {
  readonly articles: Snapshot
  readonly state: Snapshot
  readonly index: Snapshot
  readonly groups: readonly GroupState[]
  readonly newest: Arrival
}

export class Frozen implements FrozenParts, AsyncDisposable {
  readonly articles: Snapshot
  readonly state: Snapshot
  readonly index: Snapshot
  readonly groups: readonly GroupState[]
  readonly newest: Arrival

  constructor({ articles, state, index, groups, newest }: FrozenParts) {
    this.articles = articles
    this.state = state
    this.index = index
    this.groups = groups
    this.newest = newest
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.articles, this.state, this.index].map(it => it[Symbol.asyncDispose]()))
  }
}
