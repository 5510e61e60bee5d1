import { existsSync, readFileSync } from 'node:fs'
import { expect } from 'chai'
import { commandTable } from '../../src/server/commands.ts'
import { standards, standardsFile } from '../support/standards.ts'

describe('docs/standards.md', () => {
  const text = readFileSync(standardsFile, 'utf8')

  it('lists every command as the table has it', () => {
    expect(text, 'write it anew: node dist/test/support/standards.js').to.equal(standards())
  })

  it('names files that exist', () => {
    const files = text.match(/src\/[\w./-]+\.ts/g) ?? []
    expect(files).to.not.deep.equal([])
    for (const file of files)
      expect(existsSync(standardsFile.replace('docs/standards.md', file)), file).to.equal(true)
  })
})

describe('server/commands', () => {
  it('has a section and a syntax that begins with the name in every row', () => {
    for (const row of commandTable().rows) {
      expect(row.rfc, row.name).to.match(/^RFC \d+ \d/)
      expect(row.syntax.startsWith(row.name), row.name).to.equal(true)
      const words = row.syntax.split(' ').length - row.name.split(' ').length
      expect(words, row.name).to.be.at.least(row.args[0])
    }
  })
})
