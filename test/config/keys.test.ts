import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { parse } from 'smol-toml'
import { configJsonSchema, configSections, keysToCome } from '../../src/config/keys.ts'

const sample = readFileSync(new URL('../../../conf/tidings.toml', import.meta.url), 'utf8')

/** Every key and section of the sample with the comment right above its first appearance. */
function commented(text: string): Map<string, string> {
  const comments = new Map<string, string>()
  let section = ''
  let comment: string[] = []
  for (const line of text.split('\n')) {
    const header = /^#?\[\[?([a-z_]+)\]/.exec(line)?.[1]
    const key = /^#?([a-z_]+) = /.exec(line)?.[1]
    if (header !== undefined) section = header
    const name = header ?? (key === undefined ? undefined : `${section}.${key}`)
    if (name !== undefined && !comments.has(name)) comments.set(name, comment.join(' '))
    comment = line.startsWith('# ') ? [...comment, line.slice(2)] : []
  }
  return comments
}

describe('configuration keys', () => {
  it('stand in conf/tidings.toml, each under its description', () => {
    const described = new Map(
      configSections().flatMap(section => [
        [section.name, section.description] as const,
        ...section.keys.map(key => [key.path, key.description] as const),
      ]),
    )
    expect(Object.fromEntries(commented(sample))).to.deep.equal(Object.fromEntries(described))
  })

  /** What the sample is for: a first start on one machine. */
  const local: Readonly<Record<string, unknown>> = { 'auth.plaintext_from': ['127.0.0.0/8', '::1'] }

  it('have their defaults in conf/tidings.toml', () => {
    const tables = parse(sample)
    for (const key of configSections()
      .filter(section => !section.repeated)
      .flatMap(section => section.keys))
      expect(tables, key.path).to.have.deep.nested.property(key.path, local[key.path] ?? key.fallback)
  })

  it('are all described, and in the JSON Schema', () => {
    for (const section of configSections()) {
      expect(section.description, section.name).to.match(/\S\.$/)
      for (const key of section.keys) expect(key.description, key.path).to.match(/\S\.$/)
    }
    expect(JSON.stringify(configJsonSchema())).to.contain('unique in the world')
  })

  it('are not both here and to come', () => {
    const known = configSections().flatMap(section => [section.name, ...section.keys.map(key => key.path)])
    expect(known.filter(path => keysToCome.has(path) && path !== 'tls')).to.deep.equal([])
  })
})
