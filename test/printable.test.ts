import { expect } from 'chai'
import fc from 'fast-check'
import { printable, printableJson, printableLines } from '../src/printable.ts'

const hostile = fc.string({ unit: 'binary' })
const control = /[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069]/

describe('printable text', () => {
  it('shows control characters', () => {
    expect(printable('a\x1b[2Jb\r\n\tc\u202ed\x9b')).to.equal('a\\x1b[2Jb\\x0d\\x0a\\x09c\\u202ed\\x9b')
    expect(printable('grün 日本 😀')).to.equal('grün 日本 😀')
    expect(printable('\ud83d')).to.equal('\\ud83d')
  })

  it('keeps lines and tabs where they are wanted', () => {
    expect(printableLines('a\r\nb\tc\rd\n')).to.equal('a\nb\tc\\x0dd\n')
  })

  it('never lets a control character through', () => {
    fc.assert(fc.property(hostile, text => !control.test(printable(text))))
    fc.assert(fc.property(hostile, text => !control.test(printableLines(text).replace(/[\n\t]/g, ''))))
  })

  it('says the same in JSON', () => {
    fc.assert(
      fc.property(hostile, text => {
        const line = printableJson(JSON.stringify({ text }))
        return !control.test(line) && JSON.parse(line).text === text
      }),
    )
  })
})
