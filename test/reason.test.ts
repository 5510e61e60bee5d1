import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { Reason, type ReasonName, reasons, safeText } from '../src/reason.ts'

const sources = fileURLToPath(new URL('../../src', import.meta.url))

describe('Reason', () => {
  const table: [ReasonName, string, string][] = [
    ['duplicate', '', 'Duplicate'],
    ['bad-newsgroups', 'a..b', 'Bad Newsgroups: a..b'],
    ['duplicate-header', 'Subject', 'Duplicate Subject header field'],
    ['duplicate-header', '', 'Duplicate header field'],
    ['unwanted-newsgroup', 'a.b', 'Unwanted newsgroup "a.b"'],
    ['unwanted-newsgroup', '', 'Unwanted newsgroup'],
    ['unwanted-newsgroup', '$&\r\n$1%s\xe9', 'Unwanted newsgroup "$&??$1%s?"'],
    ['missing-header', 'x'.repeat(300), `Missing required ${'x'.repeat(183)}`],
  ]
  for (const [name, detail, text] of table) {
    it(`says ${text.slice(0, 60)}`, () => expect(new Reason(name, detail).text).to.equal(text))
  }

  it('has a text fit for a response line in every row', () => {
    for (const { text } of Object.values(reasons)) expect(safeText(text), text).to.equal(text)
  })

  it('has no row that nothing gives', () => {
    const files = readdirSync(sources, { recursive: true, encoding: 'utf8' }).filter(
      name => name.endsWith('.ts') && name !== 'reason.ts',
    )
    const text = files.map(name => readFileSync(join(sources, name), 'utf8')).join('\n')
    for (const name of Object.keys(reasons)) expect(text, name).to.include(`'${name}'`)
  })
})
