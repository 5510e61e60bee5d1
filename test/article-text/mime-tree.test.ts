import { expect } from 'chai'
import PostalMime from 'postal-mime'
import { parseContentType } from '../../src/article-text/media-type.ts'
import { readableBody } from '../../src/article-text/readable.ts'

function read(headers: Readonly<Record<string, string>>, body: string | Buffer) {
  const octets = typeof body === 'string' ? Buffer.from(body.replace(/\r?\n/g, '\r\n')) : body
  const lower = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
  const { text, files, html, cut } = readableBody(name => lower.get(name.toLowerCase()), octets)
  return { text, files: files.map(({ name, type }) => `${name} ${type}`), html, cut }
}

const mixed = { 'Content-Type': 'multipart/mixed; boundary="=_b"' }
const whole = { html: false, cut: false }

describe('web: body', () => {
  it('plain text without any MIME', () => {
    expect(read({}, 'a\nb\n')).to.deep.equal({ text: 'a\nb\n', files: [], ...whole })
  })

  it('charsets and transfer encodings', () => {
    const base64 = { 'Content-Type': 'text/plain; charset=koi8-r', 'Content-Transfer-Encoding': 'BASE64' }
    expect(read(base64, '8NLJ\n18XU\n').text).to.equal('Привет')
    const printable = {
      'Content-Type': 'text/plain; charset="utf-8"',
      'Content-Transfer-Encoding': 'quoted-printable',
    }
    expect(read(printable, 'Gr=C3=BC=\n=C3=9Fe\n').text).to.equal('Grüße\n')
    expect(read({ 'Content-Type': 'text/plain; charset=x-none' }, Buffer.from([0xe4])).text).to.equal('ä')
  })

  it('all plain parts are read; others are files', () => {
    const body =
      'preamble\n--=_b\nContent-Type: text/plain\n\nOne\n--=_b\nContent-Type: image/gif; name="a.gif"\nContent-Transfer-Encoding: base64\n\nR0lG\n--=_b\n\nTwo\n--=_b--\nend\n'
    expect(read(mixed, body)).to.deep.equal({ text: 'One\n\nTwo', files: ['a.gif image/gif'], ...whole })
  })

  it('nested alternatives: plain before HTML, which can be fetched', () => {
    const inner = '--i\nContent-Type: text/html\n\n<b>x</b>\n--i\n\nplain\n--i--\n'
    const body = `--=_b\nContent-Type: multipart/alternative; boundary=i\n\n${inner}\n--=_b--\n`
    expect(read(mixed, body)).to.deep.include({
      text: 'plain',
      files: ['part-1.html text/html'],
      html: false,
    })
  })

  it('HTML alone is shown as its words', () => {
    const html = '<style>x{}</style><p>Hello&nbsp;<b>you</b><br>a &lt;b&gt; 1 < 2<script>alert(1)</script>'
    expect(read({ 'Content-Type': 'text/html' }, html)).to.deep.include({
      text: 'Hello you\na <b> 1 < 2',
      html: true,
    })
  })

  it('a part without headers, a missing end, a missing boundary, an empty multipart', () => {
    expect(read(mixed, '--=_b\n\nText').text).to.equal('Text')
    expect(read({ 'Content-Type': 'multipart/mixed' }, 'Text').text).to.equal('Text')
    expect(read(mixed, 'Only a preamble').text).to.equal('Only a preamble')
    expect(read(mixed, '--=_b\n--=_b\n--=_b--\n').text).to.be.a('string')
  })

  it('a boundary that only begins like ours is none of ours', () => {
    const inner = '--=_b2\nContent-Type: text/plain\n\nInner\n--=_b2--\n'
    const body = `--=_b\nContent-Type: multipart/mixed; boundary="=_b2"\n\n${inner}\n--=_b \n\nOuter\n--=_b--\n`
    expect(read(mixed, body).text).to.equal('Inner\n\nOuter')
  })

  it('an attachment is not the text', () => {
    const body = '--=_b\nContent-Disposition: attachment; filename=x.txt\n\nNo\n--=_b\n\nYes\n--=_b--'
    expect(read(mixed, body)).to.deep.include({ text: 'Yes', files: ['x.txt text/plain'] })
  })

  it('holds against deep and many parts', () => {
    const deep = Array.from(
      { length: 64 },
      (_, at) => `--b${at}\nContent-Type: multipart/mixed; boundary=b${at + 1}\n\n`,
    )
    expect(read({ 'Content-Type': 'multipart/mixed; boundary=b0' }, deep.join('')).files).to.deep.equal([])
    const many = read(mixed, '--=_b\nContent-Type: image/gif\n\nx\n'.repeat(20_000))
    expect(many.files.length).to.equal(99)
  })

  it('shows the beginning of what is too long', () => {
    const { text, cut } = read({}, 'word\n'.repeat(200_000))
    expect([text.length < 401_000, cut]).to.deep.equal([true, true])
  })

  it('Content-Type is taken apart, whatever it is', () => {
    expect(parseContentType('Text/HTML; charset="a;b"; X=y').parameters.get('charset')).to.equal('a;b')
    expect(parseContentType('nonsense').type).to.equal('text/plain')
    expect(parseContentType(`text/plain${';x="'.repeat(20_000)}`).type).to.equal('text/plain')
  })

  const names: readonly (readonly [string, string])[] = [
    ['filename=plain.txt', 'plain.txt'],
    ['filename="a b.txt"', 'a b.txt'],
    ["filename*=UTF-8''%e2%82%ac.txt", '€.txt'],
    ["filename*=koi8-r'ru'%f0%d2.txt", 'Пр.txt'],
    ['filename*0="one "; filename*1="two"', 'one two'],
    ["filename*1*=%20b.txt; filename*0*=utf-8''a%C3%BC", 'aü b.txt'],
    ["filename=old.txt; filename*=utf-8''new.txt", 'new.txt'],
    ['filename="=?iso-8859-1?Q?f=FCr.txt?="', 'für.txt'],
    ['filename="C:\\Temp\\a.txt"', 'a.txt'],
    ['filename="../../etc/passwd"', 'passwd'],
    ['filename="<img src=x>.gif"', '_img src=x_.gif'],
    ['filename="a\u202egnp.exe"', 'a[U+202E]gnp.exe'],
    ['filename=".."', 'part-1.bin'],
    ['filename=""', 'part-1.bin'],
    [`filename="${'x'.repeat(300)}.tar.gz"`, `${'x'.repeat(97)}.gz`],
  ]
  for (const [disposition, name] of names)
    it(`the file name of ${disposition.slice(0, 60)}`, () => {
      const raw = Buffer.from(disposition).toString('latin1')
      const headers = {
        'Content-Type': 'application/octet-stream',
        'Content-Disposition': `attachment; ${raw}`,
      }
      expect(read(headers, 'x').files).to.deep.equal([`${name} application/octet-stream`])
    })

  it('finds in sound messages the files that another parser finds', async () => {
    const file = (at: number) => Buffer.from(`file ${at} \0\xff${'x'.repeat(at * 50)}`, 'latin1')
    const parts = [1, 2, 3].map(
      at =>
        `--=_b\r\nContent-Type: application/x-${at}; name="n${at}.bin"\r\nContent-Disposition: attachment; filename="f${at}.bin"\r\n` +
        `Content-Transfer-Encoding: base64\r\n\r\n${file(at).toString('base64').replace(/.{76}/g, '$&\r\n')}\r\n`,
    )
    const body = Buffer.from(`--=_b\r\n\r\nHello\r\n${parts.join('')}--=_b--\r\n`)
    const head = Buffer.from(`MIME-Version: 1.0\r\nContent-Type: ${mixed['Content-Type']}\r\n\r\n`)
    const theirs = await PostalMime.parse(Buffer.concat([head, body]))
    const ours = readableBody(name => (name === 'Content-Type' ? mixed['Content-Type'] : undefined), body)
    expect(ours.text.trim()).to.equal(theirs.text?.trim())
    expect(ours.files.map(({ name, open }) => [name, open().octets.toString('hex')])).to.deep.equal(
      theirs.attachments.map(({ filename, content }) => [
        filename,
        Buffer.from(content as ArrayBuffer).toString('hex'),
      ]),
    )
    expect(ours.files[2]?.open().octets).to.deep.equal(file(3))
  })
})
