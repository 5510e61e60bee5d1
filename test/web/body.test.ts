import { expect } from 'chai'
import { parseContentType, readableBody } from '../../src/web/body.ts'

function read(headers: Readonly<Record<string, string>>, body: string | Buffer) {
  const octets = typeof body === 'string' ? Buffer.from(body.replace(/\r?\n/g, '\r\n')) : body
  const lower = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
  return readableBody(name => lower.get(name.toLowerCase()), octets)
}

const mixed = { 'Content-Type': 'multipart/mixed; boundary="=_b"' }

describe('web: body', () => {
  it('plain text without any MIME', () => {
    expect(read({}, 'a\nb\n')).to.deep.equal({ text: 'a\nb\n', omitted: [], html: false })
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

  it('the first plain part; others are named', () => {
    const body =
      'preamble\n--=_b\nContent-Type: text/plain\n\nOne\n--=_b\nContent-Type: image/gif; name="a.gif"\nContent-Transfer-Encoding: base64\n\nR0lG\n--=_b--\nend\n'
    expect(read(mixed, body)).to.deep.equal({ text: 'One', omitted: ['a.gif, image/gif, 1 kB'], html: false })
  })

  it('nested alternatives: plain before HTML', () => {
    const inner = '--i\nContent-Type: text/html\n\n<b>x</b>\n--i\n\nplain\n--i--\n'
    const body = `--=_b\nContent-Type: multipart/alternative; boundary=i\n\n${inner}--=_b--\n`
    expect(read(mixed, body)).to.deep.include({ text: 'plain', html: false })
  })

  it('HTML alone is shown as its source', () => {
    expect(read({ 'Content-Type': 'text/html' }, '<b>x</b>')).to.deep.include({
      text: '<b>x</b>',
      html: true,
    })
  })

  it('a part without headers, a missing end, a missing boundary, an empty multipart', () => {
    expect(read(mixed, '--=_b\n\nText').text).to.equal('Text')
    expect(read({ 'Content-Type': 'multipart/mixed' }, 'Text').text).to.equal('Text')
    expect(read(mixed, 'Only a preamble').text).to.equal('Only a preamble')
    expect(read(mixed, '--=_b\n--=_b\n--=_b--\n').text).to.be.a('string')
  })

  it('an attachment is not the text', () => {
    const body = '--=_b\nContent-Disposition: attachment; filename=x.txt\n\nNo\n--=_b\n\nYes\n--=_b--'
    expect(read(mixed, body)).to.deep.include({ text: 'Yes', omitted: ['x.txt, text/plain, 1 kB'] })
  })

  it('holds against deep and many parts', () => {
    const deep = Array.from(
      { length: 64 },
      (_, at) => `--b${at}\nContent-Type: multipart/mixed; boundary=b${at + 1}\n\n`,
    )
    expect(read({ 'Content-Type': 'multipart/mixed; boundary=b0' }, deep.join('')).omitted).to.deep.equal([])
    const many = read(mixed, '--=_b\nContent-Type: image/gif\n\nx\n'.repeat(20_000))
    expect(many.omitted.length).to.be.at.most(100)
  })

  it('Content-Type is taken apart, whatever it is', () => {
    expect(parseContentType('Text/HTML; charset="a;b"; X=y').parameters.get('charset')).to.equal('a;b')
    expect(parseContentType('nonsense').type).to.equal('text/plain')
    expect(parseContentType(`text/plain${';x="'.repeat(20_000)}`).type).to.equal('text/plain')
  })
})
