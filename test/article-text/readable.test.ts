import { expect } from 'chai'
import fc from 'fast-check'
import type { Line } from '../../src/article-text/flowed.ts'
import { type ReadableBody, readableBody } from '../../src/article-text/readable.ts'

const plain = (text: string): ReadableBody => readableBody(() => undefined, Buffer.from(text))
const texts = (lines: readonly Line[]) => lines.map(({ text }) => text)
const partsOf = (body: ReadableBody) => Array.from({ length: body.parts }, (_, at) => body.part(at + 1))

describe('article-text: parts of a text', () => {
  it('a short text has one, which is all of it', () => {
    for (const text of ['', 'a', 'a\n', '> a\nb\n\n']) {
      const body = plain(text)
      expect(body.parts).to.equal(1)
      expect(body.part(1)).to.deep.equal(body.lines)
    }
    expect(plain('a').part(2)).to.deep.equal([])
  })

  it('have whole lines, 1,500 at most', () => {
    const body = plain(Array.from({ length: 4000 }, (_, at) => `line ${at}\r\n`).join(''))
    const parts = partsOf(body).map(texts)
    expect(parts.map(part => part.filter(text => text !== '').length)).to.deep.equal([1500, 1500, 1000])
    expect(parts[1]?.[0]).to.equal('line 1500')
  })

  it('have 60,000 octets at most, even where that divides a line, and never a character', () => {
    const body = plain(`first\n${'ü'.repeat(100_001)}\nlast\n`)
    const parts = partsOf(body).map(part => texts(part).join('\n'))
    expect(parts.every(part => Buffer.byteLength(part) <= 60_000 && !part.includes('\ufffd'))).to.equal(true)
    expect(parts.join('').match(/ü/g)).to.have.length(100_001)
    expect([parts[0], parts.at(-1)?.endsWith('\nlast\n')]).to.deep.equal(['first\n', true])
  })

  it('go over several texts of a multipart', () => {
    const header = (name: string) => (name === 'Content-Type' ? 'multipart/mixed; boundary=b' : undefined)
    const one = `--b\r\n\r\n${'x\r\n'.repeat(1000)}\r\n`
    const body = readableBody(header, Buffer.from(`${one}${one}${one}--b--\r\n`))
    const parts = partsOf(body).map(part => texts(part).filter(text => text === 'x').length)
    expect(parts).to.deep.equal([1499, 1499, 2])
  })

  it('property: lose nothing and say nothing twice', () => {
    const line = fc.oneof(
      fc.string({ maxLength: 90 }).map(text => text.replace(/[\r\n]/g, '')),
      fc.integer({ min: 1, max: 70_000 }).map(length => 'y'.repeat(length)),
    )
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), fc.integer({ min: 1, max: 400 }), (lines, times) => {
        const text = Array<string>(times).fill(lines.join('\n')).join('\n').slice(0, 390_000)
        const body = plain(text)
        const bare = (all: readonly Line[]) => texts(all).join('').replace(/\s/g, '')
        expect(partsOf(body).map(bare).join('')).to.equal(bare(body.lines))
      }),
      { numRuns: 60 },
    )
  })

  it('many lines that begin like files and are none do not keep it busy', () => {
    expect(plain('begin 644 x\n'.repeat(80_000)).files).to.deep.equal([])
  })
})
