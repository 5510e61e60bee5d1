import { crc32 } from 'node:zlib'
import { expect } from 'chai'
import fc from 'fast-check'
import { readableBody } from '../../src/article-text/readable.ts'
import { findYenc } from '../../src/article-text/yenc.ts'

/** By the book, so that what is read is not what our own code wrote. */
function uuencode(name: string, octets: Buffer): string {
  const character = (six: number) => (six === 0 ? '`' : String.fromCharCode(six + 32))
  const lines = [`begin 644 ${name}`]
  for (let at = 0; at < octets.length; at += 45) {
    const row = octets.subarray(at, at + 45)
    let line = character(row.length)
    for (let each = 0; each < row.length; each += 3) {
      const [a = 0, b = 0, c = 0] = row.subarray(each, each + 3)
      line += [a >> 2, ((a & 3) << 4) | (b >> 4), ((b & 15) << 2) | (c >> 6), c & 63].map(character).join('')
    }
    lines.push(line)
  }
  return `${[...lines, '`', 'end'].join('\r\n')}\r\n`
}

function yencode(name: string, octets: Buffer): string {
  let data = ''
  for (const [at, octet] of octets.entries()) {
    const code = (octet + 42) & 0xff
    const escaped = [0, 10, 13, 61].includes(code)
    data += escaped ? `=${String.fromCharCode((code + 64) & 0xff)}` : String.fromCharCode(code)
    if (at % 128 === 127) data += '\r\n'
  }
  const sum = crc32(octets).toString(16)
  return `=ybegin line=128 size=${octets.length} name=${name}\r\n${data}\r\n=yend size=${octets.length} crc32=${sum}\r\n`
}

function read(body: string) {
  const { text, files } = readableBody(() => undefined, Buffer.from(body, 'latin1'))
  return { text, files: files.map(({ name, open }) => ({ name, ...open() })) }
}

const sample = Buffer.from(Array.from({ length: 1000 }, (_, at) => (at * 7) & 0xff))

describe('web: files in text', () => {
  it('uuencode', () => {
    const { text, files } = read(`Before\r\n${uuencode('a.gif', sample)}After\r\n`)
    expect(text).to.equal('Before\nAfter\n')
    expect(files).to.deep.equal([{ name: 'a.gif', octets: sample, intact: undefined }])
  })

  it('names of more letters than ASCII has', () => {
    const name = Buffer.from('Brücke.gif').toString('latin1')
    expect(read(uuencode(name, sample)).files[0]?.name).to.equal('Brücke.gif')
    expect(read(yencode(name, sample)).files[0]?.name).to.equal('Brücke.gif')
  })

  it('uuencode with blanks for zeros, its trailing blanks lost, and one that breaks off', () => {
    const blank = uuencode('b', Buffer.alloc(100))
      .replace(/`/g, ' ')
      .replace(/ +\r\n/g, '\r\n')
    expect(read(uuencode('b', Buffer.alloc(100)).replace(/`/g, ' ')).files[0]?.octets).to.deep.equal(
      Buffer.alloc(100),
    )
    expect(read(blank).text).to.be.a('string')
    const broken = uuencode('c', sample).replace(/`\r\nend\r\n$/, '')
    expect(read(broken).files[0]?.octets).to.deep.equal(sample)
  })

  it('uuencode with base64', () => {
    const body = `begin-base64 644 x.bin\r\n${sample.toString('base64').replace(/.{60}/g, '$&\r\n')}\r\n====\r\n`
    expect(read(body).files[0]).to.deep.include({ name: 'x.bin', octets: sample })
  })

  it('yEnc, with its sum', () => {
    const whole = yencode('my file.bin', sample)
    const { text, files } = read(`Before\r\n${whole}After\r\n`)
    expect(text).to.equal('Before\nAfter\n')
    expect(files).to.deep.equal([{ name: 'my file.bin', octets: sample, intact: true }])
    expect(read(whole.replace(/crc32=../, 'crc32=00')).files[0]?.intact).to.equal(false)
    expect(read(whole.replace(/size=1000 crc/, 'size=999 crc')).files[0]?.intact).to.equal(false)
    expect(read(whole.replace(/\r\n=yend.*$/s, '')).files[0]?.intact).to.equal(false)
  })

  it('yEnc, as a piece of a file that has more', () => {
    const pieceOf = (fields: string) => {
      const octets = Buffer.from(`=ybegin ${fields} line=128 size=9 name=a part=7\r\nk\r\n=yend size=1\r\n`)
      return findYenc(octets, 0)?.piece
    }
    expect(pieceOf('part=2 total=3')).to.deep.equal({ number: 2, of: 3 })
    expect(pieceOf('part=2')).to.deep.equal({ number: 2, of: 0 })
    for (const whole of ['part=1 total=1', 'total=2', 'part=0'])
      expect(pieceOf(whole), whole).to.equal(undefined)
  })

  it('one after the other, of either kind', () => {
    const body = `${yencode('1', sample)}x\r\n${uuencode('2', sample)}y\r\n${yencode('3', sample)}`
    expect(read(body)).to.deep.include({ text: 'x\ny\n' })
    expect(read(body).files.map(({ name }) => name)).to.deep.equal(['1', '2', '3'])
  })

  for (const words of [
    'begin 644 lines that are prose\r\nlike this one\r\n',
    'begin 644\r\nend\r\n',
    'begin of a line\r\n',
  ])
    it(`prose stays: ${words.slice(0, 20)}`, () => expect(read(words).files).to.deep.equal([]))

  it('property: any file comes back, by either way', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 400 }), octets => {
        const file = Buffer.from(octets)
        expect(read(uuencode('f', file)).files[0]?.octets).to.deep.equal(file)
        expect(read(yencode('f', file)).files[0]).to.deep.include({ octets: file, intact: true })
      }),
    )
  })

  it('is done with hostile text in time', () => {
    const pieces = [
      'begin 644 x\r\n',
      'begin-base64 644 x\r\nAAAA\r\n',
      '=ybegin name=x\r\n',
      '=yend\r\n',
      'begin 644 x\r\n#AAAA\r\n',
      'begin',
    ]
    for (const piece of pieces)
      expect(read(piece.repeat(1_000_000 / piece.length)).files.length).to.be.at.most(200)
  }).timeout(20_000)
})
