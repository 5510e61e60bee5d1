import { expect } from 'chai'
import fc from 'fast-check'
import { parse } from 'parse5'
import { formatOpml, opmlSteps } from '../../src/web/opml.ts'

const site = { title: 'News & <more>', origin: 'https://news.test' }
const outline = (attributes: string) => `<opml version="2.0"><body><outline ${attributes}/></body></opml>`

function groupsOfOpml(text: string) {
  const steps = opmlSteps(text)
  for (;;) {
    const { done, value } = steps.next()
    if (done === true) return value
  }
}

describe('web: OPML', () => {
  it('is read back as it was written', () => {
    const name = fc.stringMatching(/^[a-z0-9+_-]{1,8}(\.[a-z0-9+_-]{1,8}){0,3}$/)
    fc.assert(
      fc.property(fc.uniqueArray(name), names => {
        expect(groupsOfOpml(formatOpml(names, site))).to.deep.equal(names)
      }),
    )
  })

  it('names feeds and pages by whole addresses, and escapes what it is given', () => {
    const text = formatOpml(['comp.lang.c'], site)
    expect(text).to.contain('xmlUrl="https://news.test/g/comp.lang.c/new.atom"')
    expect(text).to.contain('htmlUrl="https://news.test/g/comp.lang.c/"')
    expect(text).to.contain('<title>News &#38; &#60;more&#62;</title>')
    const hostile = formatOpml(['"><script>&\0\u{1f600}'], site)
    expect(hostile).not.to.contain('<script').and.not.to.contain('\0')
    expect(parse(hostile).childNodes.length).to.be.greaterThan(0)
  })

  const table: readonly (readonly [string, string, readonly string[]])[] = [
    ['a feed of ours', outline('xmlUrl="http://a.test/g/comp.lang.c/new.atom"'), ['comp.lang.c']],
    ['a page of a group', outline(`text='x y' htmlUrl='https://a.test/g/a.b/'`), ['a.b']],
    ['a text alone', outline('text="comp.lang.c"'), ['comp.lang.c']],
    ['a feed of something else', outline('text="news" xmlUrl="https://blog.test/feed.xml"'), []],
    ['a name in capitals of another kind', outline('XMLURL="http://a.test/g/a.b/x" TEXT="c"'), ['a.b']],
    ['names percent-encoded', outline('xmlUrl="http://a.test/g/a.%62%2Bc/x"'), ['a.b+c']],
    ['a broken percent', outline('xmlUrl="http://a.test/g/%zz/x"'), []],
    ['what is not a name', outline('xmlUrl="http://a.test/g/..%2F..%2Fetc/x"'), []],
    ['entities that XML has', outline('text="a&#46;b"'), ['a.b']],
    ['a bracket in a quoted value', outline('title="a>b" text="a.b"'), ['a.b']],
    ['nested outlines', `<outline text="Folder one"><outline text="a.b"/></outline>`, ['a.b']],
    ['a comment', `<!-- <outline text="a.b"/> --><outline text="c.d"/>`, ['c.d']],
    ['a section of text', `<![CDATA[<outline text="a.b"/>]]><outline text="c.d"/>`, ['c.d']],
    ['another element', `<outlines text="a.b"/>`, []],
    ['no end', `<outline text="a.b"`, []],
    ['an open quote', `<outline text="a.b/><outline text=c>`, []],
    ['no document at all', 'comp.lang.c: 1-5', []],
  ]
  for (const [what, text, groups] of table)
    it(`${what}: ${groups.join() || 'nothing'}`, () => expect(groupsOfOpml(text)).to.deep.equal(groups))

  it('expands nothing that a document declares', () => {
    const declared = `<?xml version="1.0"?><!DOCTYPE opml [
      <!ENTITY a "comp.lang.c"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
      <!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY file SYSTEM "file:///etc/passwd">]>
      <opml><body><outline text="&a;"/><outline text="&c;"/><outline text="x&file;"/></body></opml>`
    expect(groupsOfOpml(declared)).to.deep.equal(['x'])
  })

  it('takes time in proportion to the text', () => {
    for (const piece of [
      '<',
      '<outline ',
      '<!--',
      '<outline text="',
      ' a="',
      '&#46;',
      '<![CDATA[',
      '<outline a=a ',
    ])
      expect(groupsOfOpml(piece.repeat(200_000))).to.deep.equal([])
    const many = '<outline text="a.b"/>'.repeat(50_000)
    expect(groupsOfOpml(many)).to.deep.equal(['a.b'])
    fc.assert(fc.property(fc.string({ maxLength: 300 }), text => groupsOfOpml(text).length >= 0))
  })
})
