/** Groups as one commit group leaves them, over what is committed. RFC 3977 6 */

import type { ArticleNumber, GroupId } from '../reading.ts'
import type { Active, GroupState } from '../state/active.ts'

type Changing = { -readonly [Key in keyof GroupState]: GroupState[Key] }

export class DraftGroups {
  readonly #active: Active
  readonly #changed = new Map<string, GroupState>()
  /** Those of them that were made here by filing, and that nobody else has: the next article is written into them. */
  readonly #own = new Map<GroupId, Changing>()

  constructor(active: Active) {
    this.#active = active
  }

  /** For `Active.publish`, when nothing is filed any more. */
  changed(): Iterable<GroupState> {
    return this.#changed.values()
  }

  /** The group of that name, removed ones too. Its marks count until the next article is filed in it. */
  everNamed(name: string): GroupState | undefined {
    return this.#changed.get(name) ?? this.#active.everNamed(name)
  }

  withId(id: GroupId): GroupState | undefined {
    const committed = this.#active.withId(id)
    return committed
      ? this.everNamed(committed.name)
      : [...this.#changed.values()].find(group => group.id === id)
  }

  set(group: GroupState): void {
    this.#own.delete(group.id)
    this.#changed.set(group.name, group)
  }

  /** `octets`: of the article, as it is relayed. */
  file(group: GroupState, number: ArticleNumber, octets: number): void {
    const own = this.#ownOf(group)
    own.low = own.count === 0 ? number : Math.min(own.low, number)
    own.high = Math.max(own.high, number)
    own.count += 1
    own.octets += octets
    own.fresh = false
  }

  #ownOf(group: GroupState): Changing {
    const own = this.#own.get(group.id)
    if (own === group) return own
    const made = { ...group }
    this.#changed.set(group.name, made)
    this.#own.set(group.id, made)
    return made
  }
}
