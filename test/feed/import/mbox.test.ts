import { expect } from 'chai'
import fc from 'fast-check'
import type { Found } from '../../../src/feed/import/found.ts'
import { readMbox } from '../../../src/feed/import/mbox.ts'
import { OctetSource } from '../../../src/feed/import/octet-source.ts'

async function* chunked(octets: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < octets.length; at += size) yield octets.subarray(at, at + size)
}

async function read(text: string, size = 65_536, most = 1_000_000): Promise<Found[]> {
  const found: Found[] = []
  const source = new OctetSource(chunked(Buffer.from(text, 'latin1'), size))
  for await (const one of readMbox(source, 'box', most)) found.push(one)
  return found
}

const line = 'From a@b.test Thu Apr 15 12:00:00 1993\n'

describe('readMbox', () => {
  const table: [string, string, string[]][] = [
    ['nothing', '', []],
    ['blank lines', '\n\n', []],
    ['one message', `${line}A: b\n\nbody\n\n`, ['A: b\n\nbody\n']],
    ['no blank line at the end', `${line}A: b\n\nbody\n`, ['A: b\n\nbody\n']],
    ['an open end', `${line}A: b\n\nbody`, ['A: b\n\nbody']],
    ['two', `${line}A: b\n\n1\n\n${line}A: b\n\n2\n\n`, ['A: b\n\n1\n', 'A: b\n\n2\n']],
    ['CRLF', `${line}A: b\r\n\r\n1\r\n\r\n${line}A: b\r\n`, ['A: b\r\n\r\n1\r\n', 'A: b\r\n']],
    ['blank lines before', `\n\n${line}A: b\n\n1\n`, ['A: b\n\n1\n']],
    ['From without a blank line before', `${line}A: b\n\nx\nFrom me\n`, ['A: b\n\nx\nFrom me\n']],
    [
      'quoted lines',
      `${line}A: b\n\n>From a\n>>From b\n>Fro\n> From c\n`,
      ['A: b\n\nFrom a\n>From b\n>Fro\n> From c\n'],
    ],
    ['an empty body', `${line}A: b\n\n${line}A: c\n\n`, ['A: b\n', 'A: c\n']],
  ]
  for (const [title, text, expected] of table) {
    it(`reads ${title}, however it comes in`, async () => {
      for (const size of [1, 2, 3, 7, 65_536]) {
        const found = await read(text, size)
        expect(found.map(one => one.text.toString('latin1'))).to.deep.equal(expected)
      }
    })
  }

  it('tells where a message stands and when it was delivered', async () => {
    const [one] = await read(`${line}A: b\n\n`)
    expect(one).to.include({ where: 'box: message 1', date: Date.UTC(1993, 3, 15, 12) / 1000 })
    expect((await read('From nobody\nA: b\n\n'))[0]).to.not.have.property('date')
  })

  it('passes over what is too large without keeping it', async () => {
    for (const size of [1, 5, 1000]) {
      const found = await read(
        `${line}${'x'.repeat(99)}\n\n${line}${'y'.repeat(9)}\n\n${line}${'z'.repeat(99)}\n`,
        size,
        50,
      )
      expect(found.map(({ fault, text }) => fault ?? text.toString())).to.deep.equal([
        'article-too-large',
        `${'y'.repeat(9)}\n`,
        'article-too-large',
      ])
    }
  })

  it('refuses a file of another kind', async () => {
    const found = await read('hello\n\nworld\n')
    expect(found.map(({ fault }) => fault)).to.deep.equal(['bad-header'])
  })

  it('gives the same for every chunking', async () => {
    const piece = fc.constantFrom(
      '\n',
      '\r\n',
      'From ',
      '>',
      'x',
      '\nFrom x\n',
      '\n\nFrom y\n',
      '\r\n\r\nFrom z\r\n',
    )
    const body = fc.array(piece, { maxLength: 30 }).map(parts => parts.join(''))
    await fc.assert(
      fc.asyncProperty(
        body,
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 5, max: 60 }),
        async (text, size, most) => {
          const all = (found: Found[]) => found.map(one => one.fault ?? one.text.toString())
          expect(all(await read(line + text, size, most))).to.deep.equal(
            all(await read(line + text, 65_536, most)),
          )
        },
      ),
      { numRuns: 300 },
    )
  })
})
