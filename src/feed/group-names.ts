/** Names of the groups in rows of the arrival log. An id is given once and has one name, so nothing grows stale. */
import type { Filing, GroupId, Reading } from '../storage/reading.ts'

export class GroupNames {
  readonly #reading: Reading
  readonly #names = new Map<GroupId, string>()

  constructor(reading: Reading) {
    this.#reading = reading
  }

  /** Undefined where one of them must be looked up first. */
  known(filings: readonly Filing[]): readonly string[] | undefined {
    const names: string[] = []
    for (const { group } of filings) {
      const name = this.#names.get(group)
      if (name === undefined) return undefined
      names.push(name)
    }
    return names
  }

  /** Groups that were removed have no name any more. */
  async load(filings: readonly Filing[]): Promise<readonly string[]> {
    const names: string[] = []
    for (const { group } of filings) {
      const name = await this.of(group)
      if (name !== undefined) names.push(name)
    }
    return names
  }

  async of(group: GroupId): Promise<string | undefined> {
    const name = this.#names.get(group) ?? (await this.#reading.groupById(group))?.name
    if (name !== undefined) this.#names.set(group, name)
    return name
  }
}
