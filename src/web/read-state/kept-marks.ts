/** Marks of a person with an account, in memory while they read, and on their shelf. */
import type { Group } from '../../storage/reading.ts'
import { longestName } from '../../storage/state/shelves.ts'
import { decodeMark, encodeMark, type Finding, isBlank, type Mark, type Marks, type Named } from './mark.ts'
import { atMost } from './number-ranges.ts'
import type { WriteBehind } from './write-behind.ts'

/** Ranges of all groups of a person together; who has more has their oldest gaps closed. */
const mostRanges = 500_000
const fewRanges = 5

const markName = (group: string): string => `marks/${group}`
const patternsName = 'subscriptions'

export class KeptMarks implements Marks {
  readonly #owner: string
  readonly #behind: WriteBehind
  readonly #marks: Map<string, Mark>
  #patterns: string
  #ranges = 0

  private constructor(
    owner: string,
    behind: WriteBehind,
    kept: { marks: Map<string, Mark>; patterns: string },
  ) {
    this.#owner = owner
    this.#behind = behind
    this.#marks = kept.marks
    for (const { read } of kept.marks.values()) this.#ranges += read.length
    this.#patterns = kept.patterns
  }

  static async load(owner: string, behind: WriteBehind): Promise<KeptMarks> {
    const marks = new Map<string, Mark>()
    for (const { name, value } of await behind.list(owner, markName(''))) {
      const mark = decodeMark(value)
      if (mark !== undefined) marks.set(name.slice(markName('').length), mark)
    }
    const patterns = (await behind.load(owner, patternsName))?.toString() ?? ''
    return new KeptMarks(owner, behind, { marks, patterns })
  }

  get(group: Pick<Named, 'name'>): Mark | undefined {
    return this.#marks.get(group.name)
  }

  set({ name }: Pick<Named, 'name'>, mark: Mark): void {
    // A shelf takes no longer names; there is no real group of such a name.
    if (Buffer.byteLength(markName(name)) > longestName) return
    const before = this.#marks.get(name)?.read.length ?? 0
    const room = this.#ranges - before + mark.read.length <= mostRanges
    const kept = room ? mark : { ...mark, read: atMost(mark.read, fewRanges) }
    this.#ranges += kept.read.length - before
    if (isBlank(kept)) this.#marks.delete(name)
    else this.#marks.set(name, kept)
    this.#behind.set(this.#owner, markName(name), isBlank(kept) ? undefined : encodeMark(kept))
  }

  get patterns(): string {
    return this.#patterns
  }

  set patterns(text: string) {
    this.#patterns = text
    this.#behind.set(this.#owner, patternsName, text === '' ? undefined : Buffer.from(text))
  }

  get empty(): boolean {
    return this.#marks.size === 0 && this.#patterns === ''
  }

  *groups(among: Finding): Generator<readonly [Group, Mark]> {
    for (const [name, mark] of this.#marks) {
      const group = among.named(name)
      if (group !== undefined) yield [group, mark]
    }
  }
}
