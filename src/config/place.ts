/** Where in a TOML text a key stands, so that an error can name the line. TOML 1.0 */

/** `['peer', 2, 'from']` as `peer[2].from`. */
export function keyPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`
    return text === '' ? String(part) : `${text}.${String(part)}`
  }, '')
}

/** Lines (from 1) of every table and key of a TOML text that parses. */
export class KeyLines {
  readonly #lines = new Map<string, number>()
  readonly #counts = new Map<string, number>()

  constructor(text: string) {
    let table: string[] = []
    const value = new ValueScanner()
    for (const [index, line] of text.split('\n').entries()) {
      if (value.open) {
        value.scan(line)
        continue
      }
      const header = /^\s*(\[\[?)((?:"[^"]*"|'[^']*'|[^\]"'#])+)\]/.exec(line)
      if (header !== null) {
        const parts = keyParts(header[2] ?? '')
        table = this.#table(parts, header[1] === '[[')
        this.#note(parts, index + 1)
        this.#note(table, index + 1)
        continue
      }
      const key = /^\s*((?:"[^"]*"|'[^']*'|[A-Za-z0-9_.\s-])+?)\s*=/.exec(line)
      if (key === null) continue
      this.#note([...table, ...keyParts(key[1] ?? '')], index + 1)
      value.scan(line.slice(key[0].length))
    }
  }

  /** The line of the key, or of the nearest table around it; undefined where nothing of it is in the text. */
  find(path: readonly PropertyKey[]): number | undefined {
    for (let end = path.length; end > 0; end--) {
      const line = this.#lines.get(keyPath(path.slice(0, end)))
      if (line !== undefined) return line
    }
    return undefined
  }

  #note(parts: readonly string[], line: number): void {
    for (let end = 1; end <= parts.length; end++) {
      const path = parts.slice(0, end).join('.')
      if (!this.#lines.has(path)) this.#lines.set(path, line)
    }
  }

  /** Header parts with the index of each array of tables they stand in: `peer[2]`. */
  #table(parts: readonly string[], repeated: boolean): string[] {
    const table: string[] = []
    for (const [index, part] of parts.entries()) {
      const path = [...table, part].join('.')
      const last = index === parts.length - 1
      if (repeated && last) this.#counts.set(path, (this.#counts.get(path) ?? 0) + 1)
      const count = this.#counts.get(path)
      table.push(count === undefined ? part : `${part}[${count - 1}]`)
    }
    return table
  }
}

function keyParts(text: string): string[] {
  return [...text.matchAll(/"([^"]*)"|'([^']*)'|[A-Za-z0-9_-]+/g)].map(
    ([whole, double, single]) => double ?? single ?? whole,
  )
}

/** Follows a value over several lines: arrays, inline tables and multi-line strings. */
class ValueScanner {
  #depth = 0
  #quote = ''

  get open(): boolean {
    return this.#depth > 0 || this.#quote.length === 3
  }

  scan(line: string): void {
    for (let at = 0; at < line.length; )
      at += this.#quote === '' ? this.#plain(line, at) : this.#quoted(line, at)
    if (this.#quote.length === 1) this.#quote = ''
  }

  /** Characters taken, from `at` on. */
  #plain(line: string, at: number): number {
    const quote = /^("""|'''|"|')/.exec(line.slice(at))?.[0]
    if (quote !== undefined) {
      this.#quote = quote
      return quote.length
    }
    const character = line[at] ?? ''
    if (character === '#') return line.length
    if ('[{'.includes(character)) this.#depth++
    if (']}'.includes(character)) this.#depth--
    return 1
  }

  #quoted(line: string, at: number): number {
    if (this.#quote.startsWith('"') && line[at] === '\\') return 2
    if (!line.startsWith(this.#quote, at)) return 1
    const length = this.#quote.length
    this.#quote = ''
    return length
  }
}
