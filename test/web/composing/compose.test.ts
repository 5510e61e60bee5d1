import { expect } from 'chai'
import fc from 'fast-check'
import { Article } from '../../../src/article.ts'
import { decodeHeader } from '../../../src/article-text/header-words.ts'
import { readableBody } from '../../../src/article-text/readable.ts'
import { buildArticle, type Composition, trimReferences } from '../../../src/web/composing/compose.ts'
import { unstuff } from '../../../src/wire.ts'

const good: Composition = {
  name: 'Ann Other',
  address: 'ann@example.invalid',
  newsgroups: ['local.test'],
  followupTo: [],
  subject: 'Greetings',
  messageId: '<id@news.test>',
  references: [],
  userAgent: 'Tidings-Web/1',
  body: 'Hello.\n',
}
const limits = { header_bytes: 65_536, header_line_bytes: 8192, headers: 200 }

function build(changes: Partial<Composition>): Article {
  const built = buildArticle({ ...good, ...changes })
  if (!built.ok) throw new Error(built.problems.map(problem => `${problem.field}: ${problem.name}`).join(' '))
  const article = Article.parse(built.wire, limits)
  if (!(article instanceof Article)) throw new Error(article.text)
  return article
}

function faulty(changes: Partial<Composition>): string[] {
  const built = buildArticle({ ...good, ...changes })
  return built.ok ? [] : built.problems.map(problem => problem.field)
}

const names = [
  'From',
  'Newsgroups',
  'Subject',
  'Message-ID',
  'User-Agent',
  'MIME-Version',
  'Content-Type',
  'Content-Transfer-Encoding',
]

function readBack(article: Article): string {
  const octets = unstuff(article.wire.subarray(article.bodyStart))
  return readableBody(name => article.header(name), octets).text.trimEnd()
}

function bodyOf(article: Article): string {
  return unstuff(article.wire.subarray(article.bodyStart)).toString()
}

describe('web: buildArticle', () => {
  it('writes a plain article', () => {
    const article = build({})
    expect(article.names).to.deep.equal(names)
    expect(article.header('From')).to.equal('Ann Other <ann@example.invalid>')
    expect(bodyOf(article)).to.equal('Hello.\r\n')
  })

  const froms: readonly (readonly [string, string])[] = [
    ['', 'ann@example.invalid'],
    ['J. R. "Bob" Dobbs', '"J. R. \\"Bob\\" Dobbs" <ann@example.invalid>'],
    ['Ann, <x@y>', '"Ann, <x@y>" <ann@example.invalid>'],
    ['back\\slash', '"back\\\\slash" <ann@example.invalid>'],
  ]
  for (const [name, from] of froms)
    it(`From for "${name}"`, () => expect(build({ name }).header('From')).to.equal(from))

  it('encodes what is not ASCII, and what looks encoded', () => {
    for (const text of ['Grüße aus Köln', '😀'.repeat(60), '=?utf-8?q?x?=', 'тема '.repeat(40).trim()]) {
      const article = build({ subject: text, name: text.slice(0, 40) })
      const subject = article.header('Subject') ?? ''
      expect(subject).to.match(/^[\x20-\x7e]*$/)
      expect(decodeHeader(subject)).to.equal(text)
      expect(article.longestHeaderLine).to.be.at.most(100)
    }
  })

  for (const octet of [
    '\r',
    '\n',
    '\0',
    '\r\nApproved: me',
    '\x01',
    '\t',
    '\x1b',
    '\x7f',
    '\ud800',
    '\udc00x',
  ]) {
    it(`refuses ${JSON.stringify(octet)} in every header`, () => {
      expect(faulty({ subject: `a${octet}b` })).to.deep.equal(['subject'])
      expect(faulty({ name: `a${octet}b` })).to.deep.equal(['name'])
      expect(faulty({ address: `a${octet}b@x.test` })).to.deep.equal(['address'])
      expect(faulty({ newsgroups: [`a${octet}b`] })).to.deep.equal(['newsgroups'])
      expect(faulty({ references: [`<a${octet}b@x.test>`] })).to.deep.equal(['references'])
      expect(faulty({ messageId: `<a${octet}b@x.test>` })).to.deep.equal(['messageId'])
      expect(faulty({ userAgent: `a${octet}b` })).to.deep.equal(['userAgent'])
    })
  }

  it('refuses what is missing or malformed', () => {
    expect(faulty({ subject: '  ', body: ' \n ', address: '', newsgroups: [] })).to.have.members([
      'subject',
      'body',
      'address',
      'newsgroups',
    ])
    for (const address of ['a', 'a@', '@b', 'a b@c', 'a@b>', 'a@b,c@d', 'a..b@c', '.a@b', 'a.@b', 'a@b.'])
      expect(faulty({ address }), address).to.deep.equal(['address'])
    for (const group of ['a b', 'a..b', '', 'a,b', 'ä', 'a\u2028b'])
      expect(faulty({ newsgroups: [group] }), group).to.deep.equal(['newsgroups'])
    expect(faulty({ body: 'a\0b' })).to.deep.equal(['body'])
  })

  it('keeps lines below 999 octets and every character', () => {
    for (const line of [
      'word '.repeat(1000).trim(),
      'x'.repeat(5000),
      'ü'.repeat(3000),
      '€'.repeat(2000),
      `${'x'.repeat(998)} y`,
      `${'x'.repeat(999)} = y`,
    ]) {
      const article = build({ body: `before\n${line}\nafter` })
      const lines = bodyOf(article).split('\r\n')
      expect(Math.max(...lines.map(text => Buffer.byteLength(text)))).to.be.at.most(998)
      expect(readBack(article)).to.equal(`before\n${line}\nafter`)
    }
  })

  const encodings: readonly (readonly [string, string])[] = [
    ['plain', '7bit'],
    ['Grüße', '8bit'],
    ['x'.repeat(998), '7bit'],
    ['x'.repeat(999), 'quoted-printable'],
  ]
  for (const [body, encoding] of encodings)
    it(`says ${encoding} of ${body.slice(0, 10)} and its like`, () =>
      expect(build({ body }).header('Content-Transfer-Encoding')).to.equal(encoding))

  it('says where the discussion goes on, and what is taken back', () => {
    const newsgroups = ['local.test', 'local.other']
    expect(build({ newsgroups, followupTo: ['local.other'] }).header('Followup-To')).to.equal('local.other')
    expect(build({ newsgroups, followupTo: ['poster'] }).header('Followup-To')).to.equal('poster')
    for (const followupTo of [['local.third'], ['poster', 'local.test'], ['a b'], ['Poster']])
      expect(faulty({ newsgroups, followupTo }), String(followupTo)).to.deep.equal(['followupto'])
    const target = '<old@x.test>'
    expect(build({ withdraws: { how: 'supersedes', target } }).header('Supersedes')).to.equal(target)
    const cancel = build({ subject: `cmsg cancel ${target}`, withdraws: { how: 'cancel', target } })
    expect(cancel.header('Control')).to.equal(`cancel ${target}`)
    expect(faulty({ withdraws: { how: 'cancel', target: '<a>\r\nX: y' } })).to.deep.equal(['withdraws'])
    expect(faulty({ subject: 'cmsg newgroup a.b' })).to.deep.equal(['subject'])
  })

  it('takes hundreds of thousands of blanks before a word in its stride', () => {
    expect(bodyOf(build({ body: `a${'\n'.repeat(400_000)}x\n \n` }))).to.have.lengthOf(800_004)
  })

  it('ends lines as they must end, and stuffs dots', () => {
    expect(bodyOf(build({ body: 'a\rb\nc\r\n.\n..d' }))).to.equal('a\r\nb\r\nc\r\n.\r\n..d\r\n')
  })

  it('trims references, keeping the first and the newest', () => {
    const references = Array.from({ length: 30 }, (_, at) => `<r${at}@x.test>`)
    const kept = trimReferences(references, 20)
    expect(kept).to.deep.equal([references[0], ...references.slice(11)])
    expect(trimReferences(references.slice(0, 20), 20)).to.have.length(20)
    expect(build({ references }).header('References')).to.equal(references.join(' '))
  })

  it('property: no field of the form adds a header, or takes one away', () => {
    const nasty = fc.constantFrom(
      '\r',
      '\n',
      '\r\n',
      '\0',
      '\u2028',
      '\u0085',
      '\t',
      ': ',
      ',',
      '>',
      '<a@b>',
      'X: y',
    )
    const word = fc.constantFrom('local.test', 'poster', 'ann@example.invalid', '<id@news.test>', 'a')
    const text = fc
      .array(fc.oneof(nasty, word, fc.string({ unit: 'binary', maxLength: 3 })), { maxLength: 5 })
      .map(parts => parts.join(''))
    const field = fc.constantFrom(
      'name',
      'address',
      'newsgroups',
      'followupTo',
      'subject',
      'messageId',
      'references',
    )
    let built = 0
    fc.assert(
      fc.property(field, text, fc.boolean(), (name, value, usable) => {
        const usual = name === 'newsgroups' || name === 'followupTo' ? 'local.test' : 'x'
        const typed = usable ? `${usual}${value}` : value
        const list = ['newsgroups', 'followupTo', 'references'].includes(name)
        const result = buildArticle({ ...good, [name]: list ? [typed] : typed })
        if (!result.ok) return
        built++
        const article = Article.parse(result.wire, limits)
        if (!(article instanceof Article)) throw new Error(article.text)
        const more = name === 'followupTo' ? ['Followup-To'] : name === 'references' ? ['References'] : []
        expect([...article.names].sort()).to.deep.equal([...names, ...more].sort())
        expect(bodyOf(article)).to.equal('Hello.\r\n')
      }),
      { numRuns: 1000 },
    )
    expect(built).to.be.greaterThan(20)
  }).timeout(20_000)

  it('property: the headers read back are the headers meant, or it is refused', () => {
    const nasty = fc.constantFrom(
      '\r',
      '\n',
      '\0',
      '\u2028',
      '\u0085',
      '\x7f',
      '"',
      '\\',
      '<',
      '=?',
      '?=',
      ':',
      ' ',
      'ü',
    )
    const text = fc
      .array(fc.oneof(nasty, fc.string({ unit: 'binary', maxLength: 4 })), { maxLength: 12 })
      .map(parts => parts.join(''))
    fc.assert(
      fc.property(text, text, text, (name, subject, body) => {
        const built = buildArticle({ ...good, name, subject, body })
        const forbidden = /[\0-\x1f\x7f\p{Cs}]/u
        const valid = !forbidden.test(name + subject) && subject.trim() !== '' && body.trim() !== ''
        expect(built.ok).to.equal(valid && !/[\0\p{Cs}]/u.test(body))
        if (!built.ok) return
        const article = Article.parse(built.wire, limits)
        expect(article).to.be.instanceOf(Article)
        if (!(article instanceof Article)) return
        expect(article.names).to.deep.equal(names)
        expect(decodeHeader(article.header('Subject') ?? '').trim()).to.equal(subject.trim())
      }),
      { numRuns: 1000 },
    )
  }).timeout(20_000)
})
