/** The rows of the commands, found by name. */
import type { Command } from './command.ts'

export class CommandTable {
  readonly rows: readonly Command[]
  readonly #byName = new Map<string, Command>()
  readonly #seconds = new Map<string, string[]>()

  constructor(rows: readonly Command[]) {
    this.rows = rows
    for (const row of rows) {
      if (this.#byName.has(row.name)) throw new Error(`two rows are named ${row.name}`)
      this.#byName.set(row.name, row)
      const [first = '', second] = row.name.split(' ')
      if (second === undefined) continue
      const seconds = this.#seconds.get(first)
      if (seconds) seconds.push(second)
      else this.#seconds.set(first, [second])
    }
  }

  /** `name` in upper case, two words with one space between. */
  find(name: string): Command | undefined {
    return this.#byName.get(name)
  }

  /** The words that may follow `first`: `READER` after `MODE`. */
  secondWords(first: string): readonly string[] {
    return this.#seconds.get(first) ?? []
  }
}
