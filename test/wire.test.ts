import { expect } from 'chai'
import fc from 'fast-check'
import { scanBlock, stuff, textFromWire, unstuff, wireFromText } from '../src/wire.ts'

const octets = (text: string) => Buffer.from(text, 'latin1')

/** Octets in which everything that matters is frequent. */
const nasty = fc
  .array(fc.constantFrom('\r\n', '\r\n.', '\r', '\n', '.', '\0', 'a', ' b', '\xff', 'ab'), {
    maxLength: 24,
  })
  .map(parts => octets(parts.join('')))

describe('stuff and unstuff', () => {
  it('add and take one dot at the beginning of a line', () => {
    const plain = '.\r\n..a\r\nb.\r\n\n.c\r.d\r\n.'
    const wire = '..\r\n...a\r\nb.\r\n\n.c\r.d\r\n..'
    expect(stuff(octets(plain)).toString('latin1')).to.equal(wire)
    expect(unstuff(octets(wire)).toString('latin1')).to.equal(plain)
  })

  it('are each other’s reverse for any octets', () => {
    fc.assert(
      fc.property(fc.oneof(nasty, fc.uint8Array().map(Buffer.from)), body => {
        expect(unstuff(stuff(body)).equals(body)).to.equal(true)
      }),
    )
  })
})

describe('wireFromText and textFromWire', () => {
  const texts: readonly [text: string, wire: string, back: string][] = [
    ['', '', ''],
    ['a', 'a\r\n', 'a\n'],
    ['a\n', 'a\r\n', 'a\n'],
    ['a\r\n\r\nb', 'a\r\n\r\nb\r\n', 'a\n\nb\n'],
    ['\n\n', '\r\n\r\n', '\n\n'],
    ['.', '..\r\n', '.\n'],
    ['.\n..a\nb.c\n', '..\r\n...a\r\nb.c\r\n', '.\n..a\nb.c\n'],
    ['a\rb\n', 'a\rb\r\n', 'a\rb\n'],
    ['a\r.b\r\r\nc\r', 'a\r.b\r\r\nc\r\r\n', 'a\r.b\r\nc\r\n'],
    ['\xe9\xff\0\n', '\xe9\xff\0\r\n', '\xe9\xff\0\n'],
  ]
  for (const [text, wire, back] of texts) {
    it(JSON.stringify(text), () => {
      expect(wireFromText(octets(text)).toString('latin1')).to.equal(wire)
      expect(textFromWire(octets(wire)).toString('latin1')).to.equal(back)
    })
  }

  it('give a text with LF back, and a block without fault', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[.a\x01\xff]{0,5}$/)), lines => {
        const text = octets(lines.map(line => `${line}\n`).join(''))
        const wire = wireFromText(text)
        expect(scanBlock(wire)).to.equal(undefined)
        expect(textFromWire(wire).equals(text)).to.equal(true)
      }),
    )
  })
})

describe('scanBlock', () => {
  const blocks: readonly [wire: string, fault: string | undefined][] = [
    ['', undefined],
    ['a: b\r\n\r\n..\r\n', undefined],
    ['a\nb\r\n', 'bare-lf'],
    ['a\rb\r\n', 'bare-cr'],
    ['a\0\r\n', 'nul'],
    ['.a\r\n', 'not-dot-stuffed'],
    ['a\r\n.\r\nQUIT\r\n', 'not-dot-stuffed'],
    ['.\r\n', 'not-dot-stuffed'],
    ['a\r\nb', 'open-line'],
    ['a\r\n.', 'open-line'],
    ['a\r\nb\r', 'bare-cr'],
  ]
  for (const [wire, fault] of blocks) {
    it(`${JSON.stringify(wire)}: ${fault ?? 'sound'}`, () => {
      expect(scanBlock(octets(wire))).to.equal(fault)
    })
  }
})
