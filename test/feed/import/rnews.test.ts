import { gzipSync } from 'node:zlib'
import { expect } from 'chai'
import type { Found } from '../../../src/feed/import/found.ts'
import { OctetSource } from '../../../src/feed/import/octet-source.ts'
import { readRnews } from '../../../src/feed/import/rnews.ts'
import { rejection } from '../../support/rejection.ts'

async function* chunked(octets: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < octets.length; at += size) yield octets.subarray(at, at + size)
}

async function read(octets: Buffer, size = 65_536, most = 1000): Promise<string[]> {
  const found: Found[] = []
  for await (const some of readRnews(new OctetSource(chunked(octets, size)), 'batch', most))
    found.push(...some)
  return found.map(({ fault, text }) => fault ?? text.toString('latin1'))
}

const articles = ['A: 1\n\nx\n', 'A: 2\n\n#! rnews 5\n', 'A: 3\r\n\r\ny']
const batch = Buffer.from(articles.map(text => `#! rnews ${text.length}\n${text}`).join(''))

describe('readRnews', () => {
  it('reads a batch by its counts, however it comes in', async () => {
    for (const size of [1, 2, 9, 65_536]) expect(await read(batch, size)).to.deep.equal(articles)
  })

  it('reads batches compressed by gzip, of either name', async () => {
    for (const name of ['cunbatch', 'gunbatch']) {
      const octets = Buffer.concat([Buffer.from(`#! ${name}\n`), gzipSync(batch)])
      for (const size of [1, 100]) expect(await read(octets, size)).to.deep.equal(articles)
    }
  })

  it('says what is too large or cut short, and goes on where it can', async () => {
    expect(await read(Buffer.from('#! rnews 6\nabcdef#! rnews 2\ngh#! rnews 9\nij'), 3, 5)).to.deep.equal([
      'article-too-large',
      'gh',
      'article-too-large',
    ])
    expect(await read(Buffer.from('#! rnews 9\nij'))).to.deep.equal(['no-body-separator'])
  })

  it('stops where the counts are lost, and at other compressions', async () => {
    expect(await read(Buffer.from('#! rnews 2\nabc#! rnews 2\nde'))).to.deep.equal(['ab', 'bad-header'])
    expect(await read(Buffer.from('#! rnews x\n'))).to.deep.equal(['bad-header'])
    expect(await read(Buffer.from('#! cunbatch\n\x1f\x9dxx', 'latin1'))).to.deep.equal(['bad-header'])
  })

  it('rejects with the name of the file where the compressed octets are damaged', async () => {
    const octets = Buffer.concat([Buffer.from('#! gunbatch\n'), gzipSync(batch).subarray(0, 20)])
    expect(await rejection(read(octets))).to.have.property(
      'message',
      'batch: cannot be unpacked: unexpected end of file; take it away, then import the rest',
    )
  })
})
