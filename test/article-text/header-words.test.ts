import { expect } from 'chai'
import fc from 'fast-check'
import { decodeOctets } from '../../src/article-text/charset.ts'
import { decodeHeader } from '../../src/article-text/header-words.ts'
import { decodeQuotedPrintable } from '../../src/article-text/transfer.ts'

const latin1 = (text: string) => Buffer.from(text).toString('latin1')

/** Raw octets of a charset with one octet a letter, a character each. */
function octetsOf(text: string, charset: string): string {
  const decoder = new TextDecoder(charset)
  const all = Array.from({ length: 256 }, (_, octet) => [decoder.decode(Buffer.of(octet)), octet] as const)
  const octets = new Map(all)
  return Array.from(text, letter => String.fromCharCode(octets.get(letter) ?? 0x3f)).join('')
}

describe('web: decoding', () => {
  const headers: readonly (readonly [string, string, string])[] = [
    ['plain', 'Hello', 'Hello'],
    ['raw UTF-8', latin1('Grüße'), 'Grüße'],
    ['raw windows-1252', 'Gr\xfc\xdfe \x93x\x94', 'Grüße “x”'],
    ['raw KOI8-R', '\xf3\xd9\xd2\xd9\xc5 \xd7\xcf\xd3\xc5\xcd\xd8 \xc2\xc9\xd4', 'Сырые восемь бит'],
    [
      'raw windows-1251',
      octetsOf('Подскажите, как настроить «slrn»?', 'windows-1251'),
      'Подскажите, как настроить «slrn»?',
    ],
    [
      'raw windows-1251, a name',
      octetsOf('Александр Петрович Соколов', 'windows-1251'),
      'Александр Петрович Соколов',
    ],
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

  it('octets of other alphabets are not taken for Russian', () => {
    const others: readonly (readonly [string, string])[] = [
      ['iso-8859-7', 'Καλημέρα σε όλους, πώς μπορώ να διαβάσω τις ομάδες συζήτησης από το σπίτι;'],
      ['windows-1253', 'Ερώτηση για την εγκατάσταση του προγράμματος'],
      ['windows-1255', 'שלום לכולם, איך אפשר לקרוא את קבוצות הדיון מהבית'],
      ['iso-8859-9', 'Öğleden sonra görüşürüz, çünkü şöyle ığdır'],
      ['windows-1252', 'À bientôt, élève préférée: où êtes-vous passés? Ça gêne à l’été'],
      ['windows-1252', 'það er ágætt að íslenskir ööööö stafir séu þúsund'],
      ['iso-8859-2', 'Příliš žluťoučký kůň úpěl ďábelské ódy'],
      ['windows-874', 'สวัสดีครับ ผมอยากถามเรื่องนี้'],
      ['koi8-r', 'ПОМОГИТЕ НАСТРОИТЬ ПРОГРАММУ ДЛЯ ЧТЕНИЯ НОВОСТЕЙ'],
    ]
    for (const [charset, text] of others)
      expect(decodeHeader(octetsOf(text, charset)), `${charset} ${text}`).to.not.match(/[а-яё]{3}/)
    // GB2312, Big5 and EUC-KR for "how are you all", and half of a word.
    for (const octets of [
      '\xb4\xf3\xbc\xd2\xba\xc3\xc2\xf0',
      '\xa4j\xaea\xa6n\xb6\xdc',
      '\xbe\xc8\xb3\xe7\xc7\xcf\xbc\xbc\xbf\xe4',
    ])
      expect(decodeHeader(octets)).to.not.match(/[а-яё]/)
    expect(decodeHeader(octetsOf('Кто?', 'windows-1251'))).to.equal('Êòî?')
  })

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
