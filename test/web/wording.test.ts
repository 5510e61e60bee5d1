import { expect } from 'chai'
import fc from 'fast-check'
import { visibleLine, visibleText } from '../../src/article-text/visible.ts'
import { articleAddress, groupAddress, postAddress, twinAddress } from '../../src/web/addresses.ts'
import { safeAddress } from '../../src/web/renderer.ts'
import { authorName, whenOf } from '../../src/web/wording.ts'
import { english } from '../../src/web/words/english.ts'

describe('web: wording', () => {
  it('dates, absolute and in UTC; what is no date is shown as it is', () => {
    const now = Date.UTC(2026, 10, 21)
    expect(whenOf('Sat, 21 Nov 2026 08:30:00 +0200', now, english)).to.include({
      text: '21 Nov 2026, 06:30',
      machine: '2026-11-21T06:30:00Z',
    })
    expect(whenOf('Dog\u202e', now, english)).to.deep.equal({ text: 'Dog[U+202E]', machine: '', ago: '' })
  })

  const authors: readonly (readonly [string, string])[] = [
    ['Ann Other <a@x>', 'Ann Other'],
    ['"Other, \\"A\\" Ann" <a@x>', 'Other, "A" Ann'],
    ['a@x (Ann Other)', 'Ann Other'],
    ['a@x', 'a@x'],
    ['<a@x>', 'a@x'],
    ['', ''],
  ]
  for (const [from, name] of authors) it(`author of ${from}`, () => expect(authorName(from)).to.equal(name))

  it('makes hidden characters visible and keeps the others', () => {
    expect(visibleLine('a\0b\x1b\x7f\u0085\u202e\u200b\ufeff')).to.equal(
      'a␀b␛␡[U+0085][U+202E][U+200B][U+FEFF]',
    )
    expect(visibleLine(' a\tb\r\nc ')).to.equal('a b c')
    expect(visibleText('a\tb\nc\r')).to.equal('a\tb\nc␍')
    expect(visibleText('Grüße 你好 😀 שלום')).to.equal('Grüße 你好 😀 שלום')
    expect(visibleText('\ud800')).to.equal('[U+D800]')
  })

  it('keeps joiners where they shape letters or pictures, and shows them elsewhere', () => {
    const kept = ['می\u200cخواهم', 'क्\u200dष', 'ක්\u200dර', '👩\u200d💻', '👩🏽\u200d💻', '🏳️\u200d🌈']
    for (const text of kept) expect(visibleText(text)).to.equal(text)
    expect(visibleText('pay\u200dpal')).to.equal('pay[U+200D]pal')
    expect(visibleText('pay\u200cpal')).to.equal('pay[U+200C]pal')
    expect(visibleText('👩\u200d')).to.equal('👩[U+200D]')
    expect(visibleText('👩\u200d\u200d💻')).to.equal('👩[U+200D][U+200D]💻')
    expect(visibleText('\u200cمی')).to.equal('[U+200C]می')
    expect(visibleText('👩\u200c💻')).to.equal('👩[U+200C]💻')
  })

  it('property: addresses stay in their folder and come back', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), name => {
        for (const address of [groupAddress(name), articleAddress(`<${name}>`)]) {
          expect(address).to.match(/^\/[gm]\/[^/?#\\\s<>"]+\/$/)
          expect(decodeURIComponent(address.slice(3, -1))).to.equal(name)
          expect(safeAddress(address)).to.equal(address)
        }
      }),
    )
    expect(postAddress('a&b', '<i@x>')).to.equal('/post?group=a%26b&inreplyto=%3Ci%40x%3E')
    expect([twinAddress('/'), twinAddress('/g/a/')]).to.deep.equal(['/index.json', '/g/a.json'])
  })

  it('leads nowhere but to pages, the web, news and mail', () => {
    for (const bad of [
      'javascript:x',
      'data:x',
      '//evil',
      '/\\evil',
      'vbscript:x',
      ' /x',
      'java\nscript:x',
      '',
      'x',
      '\\\\x',
    ])
      expect(safeAddress(bad), bad).to.equal('#')
    for (const ok of ['/x', '/', 'https://x.test/', 'http://x', 'news:a@b', 'mailto:a@b'])
      expect(safeAddress(ok)).to.equal(ok)
  })
})
