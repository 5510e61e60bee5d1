/** Puts the configuration file, `conf.d/*.toml` and the environment together, and remembers what came from where. */

import { nearest } from '../nearest.ts'
import type { ConfigKey } from './keys.ts'
import { configSections } from './keys.ts'
import { keyPath } from './place.ts'

export interface ConfigProblem {
  /** File, or the variable of the environment. */
  readonly file: string
  readonly line?: number
  /** `peer[2].from`, counted in its own file; empty where the whole file is meant. */
  readonly key: string
  readonly text: string
}

export type Table = Record<string, unknown>

/** Where a value came from: the file, and its path within that file. */
export interface Origin {
  readonly file: string
  readonly path: readonly PropertyKey[]
}

export const isTable = (value: unknown): value is Table =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)

/** The merged tables, with the origin of each value by its merged path. */
export class MergedConfig {
  /** Without a prototype, so that no key of a file means anything to JavaScript. */
  readonly root: Table = Object.create(null)
  readonly #origins = new Map<string, Origin>()

  /** Arrays of tables are appended; tables are merged, a later value replacing an earlier one. */
  add(file: string, tables: Table): void {
    for (const [section, value] of Object.entries(tables)) {
      if (Array.isArray(value)) this.#append(file, section, value)
      else if (isTable(value)) this.#merge(file, section, value)
      else this.#set([section], value, { file, path: [section] })
    }
  }

  /** `TIDINGS_<SECTION>_<KEY>` replaces one value of a table; lists are separated by commas. */
  override(env: Readonly<Record<string, string | undefined>>): {
    problems: ConfigProblem[]
    warnings: string[]
  } {
    const problems: ConfigProblem[] = []
    const warnings: string[] = []
    const sections = configSections()
    for (const [variable, text] of Object.entries(env)) {
      const name = /^TIDINGS_(?!CONFIG$|TEST_)([A-Z0-9_]+)$/.exec(variable)?.[1]?.toLowerCase()
      if (name === undefined || text === undefined) continue
      const section = sections.find(each => name.startsWith(`${each.name}_`))
      const key = section?.keys.find(each => name === `${section.name}_${each.name}`)
      if (section === undefined)
        warnings.push(`${variable}: names no section of the configuration; it is not used`)
      else if (section.repeated)
        problems.push({
          file: variable,
          key: '',
          text: `[[${section.name}]] cannot be set by the environment`,
        })
      else if (key === undefined)
        problems.push({ file: variable, key: '', text: `unknown key${meant(name, section.keys)}` })
      else {
        const value = fromText(text, key)
        if (value === undefined) {
          problems.push({
            file: variable,
            key: '',
            text: `expected a ${key.type}, found ${JSON.stringify(text)}`,
          })
          continue
        }
        this.#table(section.name, { file: variable, path: [] })[key.name] = value
        this.#origins.set(keyPath([section.name, key.name]), { file: variable, path: [] })
      }
    }
    return { problems, warnings }
  }

  /** The origin of the value at `path`, or of the nearest table around it. */
  origin(path: readonly PropertyKey[]): Origin | undefined {
    for (let end = path.length; end > 0; end--) {
      const origin = this.#origins.get(keyPath(path.slice(0, end)))
      if (origin !== undefined) return { file: origin.file, path: [...origin.path, ...path.slice(end)] }
    }
    return undefined
  }

  #append(file: string, section: string, values: readonly unknown[]): void {
    const present = this.root[section]
    const list: unknown[] = Array.isArray(present) ? present : present === undefined ? [] : [present]
    if (list !== present) this.#set([section], list, { file, path: [section] })
    for (const [index, value] of values.entries()) {
      this.#origins.set(keyPath([section, list.length]), { file, path: [section, index] })
      list.push(value)
    }
  }

  #merge(file: string, section: string, values: Table): void {
    if (Array.isArray(this.root[section])) {
      this.#append(file, section, [values])
      return
    }
    const table = this.#table(section, { file, path: [section] })
    for (const [key, value] of Object.entries(values)) {
      table[key] = value
      this.#origins.set(keyPath([section, key]), { file, path: [section, key] })
    }
  }

  #table(section: string, origin: Origin): Table {
    const present = this.root[section]
    if (isTable(present)) return present
    const table: Table = Object.create(null)
    this.#set([section], table, origin)
    return table
  }

  #set(path: readonly [string], value: unknown, origin: Origin): void {
    this.root[path[0]] = value
    this.#origins.set(keyPath(path), origin)
  }
}

function meant(name: string, keys: readonly ConfigKey[]): string {
  const names = keys.map(key => `${key.section}_${key.name}`)
  const found = nearest(name, names)
  return found === undefined ? '' : `; did you mean TIDINGS_${found.toUpperCase()}?`
}

function fromText(text: string, key: ConfigKey): unknown {
  if (key.type === 'number')
    return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : undefined
  if (key.type === 'true or false') return text === 'true' ? true : text === 'false' ? false : undefined
  if (key.type === 'list of texts') return text === '' ? [] : text.split(',').map(part => part.trim())
  return text
}
