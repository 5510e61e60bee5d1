import { expect } from 'chai'
import fc from 'fast-check'
import { decodeOctets } from '../../src/article-text/charset.ts'
import { decodeHeader } from '../../src/article-text/header-words.ts'
import { decodeQuotedPrintable } from '../../src/article-text/transfer.ts'

const latin1 = (text: string) => Buffer.from(text).toString('latin1')

describe('web: decoding', () => {
  const headers: readonly (readonly [string, string, string])[] = [
    ['plain', 'Hello', 'Hello'],
    ['raw UTF-8', latin1('Grüße'), 'Grüße'],
    ['raw windows-1252', 'Gr\xfc\xdfe \x93x\x94', 'Grüße “x”'],
    ['raw KOI8-R', '\xf3\xd9\xd2\xd9\xc5 \xd7\xcf\xd3\xc5\xcd\xd8 \xc2\xc9\xd4', 'Сырые восемь бит'],
    ['raw Latin-1 with a few of its letters', '\xc5re \xd8stergaard', 'Åre Østergaard'],
    ['raw Latin-1 in capitals', 'GR\xdcSSE AUS K\xd6LN, \xc4\xd6\xdc', 'GRÜSSE AUS KÖLN, ÄÖÜ'],
    ['Q', '=?ISO-8859-1?Q?Keld_J=F8rn_Simonsen?= <keld@x>', 'Keld Jørn Simonsen <keld@x>'],
    ['B', '=?ISO-8859-1?B?SWYgeW91IGNhbiByZWFkIHRoaXMgeW8=?=', 'If you can read this yo'],
    ['blanks between words', '=?utf-8?q?a?=   =?utf-8?q?b?=', 'ab'],
    ['blanks around words', 'x =?utf-8?q?a?= y', 'x a y'],
    ['a character over two words', '=?utf-8?Q?=C3?= =?utf-8?Q?=BC?=', 'ü'],
    ['two charsets', '=?utf-8?Q?=C3=BC?= =?iso-8859-1?Q?=FC?=', 'üü'],
    ['KOI8-R', '=?KOI8-R?B?8NLJ18XU?=', 'Привет'],
    ['GB2312', '=?GB2312?B?xOO6ww==?=', '你好'],
    ['ISO-2022-JP', '=?ISO-2022-JP?B?GyRCRnxLXBsoQg==?=', '日本'],
    ['Latin-1 that is UTF-8', '=?iso-8859-1?Q?=C3=BC?=', 'ü'],
    ['a language', '=?utf-8*de?Q?=C3=BC?=', 'ü'],
    ['unknown charset', '=?nonsense?Q?=FC?=', 'ü'],
    ['broken word', '=?utf-8?X?abc?= =?utf-8?Q?abc', '=?utf-8?X?abc?= =?utf-8?Q?abc'],
    ['broken escapes', '=?utf-8?Q?a=ZZ=4?=', 'a=ZZ=4'],
    ['empty word', '=?utf-8?Q??=x', 'x'],
  ]
  for (const [name, value, text] of headers)
    it(`header: ${name}`, () => expect(decodeHeader(value)).to.equal(text))

  it('octets: UTF-8, then what is declared, then windows-1252', () => {
    expect(decodeOctets(Buffer.from('ü'), '')).to.equal('ü')
    expect(decodeOctets(Buffer.from('ü'), 'us-ascii')).to.equal('ü')
    expect(decodeOctets(Buffer.from([0xc1, 0xd2]), 'koi8-r')).to.equal('ар')
    expect(decodeOctets(Buffer.from([0xfc]), 'utf-8')).to.equal('ü')
    expect(
      decodeOctets(Buffer.concat([Buffer.from('grün und größer'), Buffer.from([0xc3])]), 'utf-8'),
    ).to.equal('grün und größer\ufffd')
  })

  it('quoted-printable: escapes and soft breaks', () => {
    const open = (text: string) => decodeQuotedPrintable(Buffer.from(text)).toString()
    expect(open('a=3Db=\r\nc= \t\r\nd=\ne=')).to.equal('a=bcde=')
    expect(open('=C3=bc')).to.equal('ü')
  })

  it('property: any octets decode to something, in time', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.string({ maxLength: 20 }), (octets, charset) => {
        expect(decodeOctets(octets, charset)).to.be.a('string')
        expect(decodeHeader(Buffer.from(octets).toString('latin1'))).to.be.a('string')
      }),
    )
    for (const piece of ['=?', '=?a?q?', '=?a?q?b?= ', '?=', '=?=?q?'])
      expect(decodeHeader(piece.repeat(20_000))).to.be.a('string')
  })
})
