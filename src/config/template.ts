/** The configuration that comes with Tidings, with some of its values replaced: comments and order stay. */
import { readFileSync } from 'node:fs'

/** `section.key` to its value. */
export type NewValues = Readonly<Record<string, string>>

/** Throws where the template has no such key: a mistake of ours. */
export function configFrom(template: URL, values: NewValues): string {
  const left = new Set(Object.keys(values))
  let section = ''
  const lines = readFileSync(template, 'utf8')
    .split('\n')
    .map(line => {
      section = /^\[\[?(\w+)\]\]?$/.exec(line)?.[1] ?? section
      const key = /^(\w+) = /.exec(line)?.[1]
      const value = values[`${section}.${key}`]
      if (key === undefined || value === undefined) return line
      left.delete(`${section}.${key}`)
      // What JSON writes of a text is TOML too.
      return `${key} = ${JSON.stringify(value)}`
    })
  if (left.size > 0) throw new Error(`the template has no ${[...left].join(', ')}`)
  return lines.join('\n')
}
