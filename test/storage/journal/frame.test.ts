import { crc32 } from 'node:zlib'
import { expect } from 'chai'
import fc from 'fast-check'
import type { RecordChanges } from '../../../src/storage/database/store.ts'
import {
  FrameEncoder,
  headerLength,
  isIntact,
  readHeader,
  readRecords,
} from '../../../src/storage/journal/frame.ts'

const octets = (maxLength: number) => fc.uint8Array({ maxLength }).map(array => Buffer.from(array))
const change = fc.record({
  database: fc.constantFrom('articles' as const, 'state' as const, 'index' as const),
  key: octets(40),
  value: fc.option(octets(300), { nil: undefined }),
})
const records: fc.Arbitrary<RecordChanges[]> = fc.array(fc.array(change, { maxLength: 6 }), { maxLength: 6 })

describe('frame', () => {
  it('gives back the records, through one encoder again and again', () => {
    const encoder = new FrameEncoder()
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 52 }), records, (first, written) => {
        const frame = Buffer.concat(encoder.records(first, written))
        const header = readHeader(frame)
        if (header === undefined) throw new Error('no header')
        expect(header).to.include({ kind: 'records', first, last: first + written.length - 1 })
        expect(header.length).to.equal(frame.length - headerLength)
        expect(isIntact(frame, header)).to.equal(true)
        expect(readRecords(frame.subarray(headerLength), header)).to.deep.equal(written.flat())
      }),
    )
  })

  it('writes large values from where they stand', () => {
    const large = Buffer.alloc(3_000_000, 'a')
    const small = Buffer.alloc(2000, 'b')
    const written: RecordChanges[] = [
      [
        { database: 'articles', key: Buffer.from('k'), value: large },
        { database: 'index', key: Buffer.from('l'), value: small },
      ],
      [{ database: 'articles', key: Buffer.from('m'), value: large }],
    ]
    const chunks = new FrameEncoder().records(7, written)
    expect(chunks.filter(chunk => chunk === large)).to.have.length(2)
    const frame = Buffer.concat(chunks)
    const header = readHeader(frame)
    if (header === undefined) throw new Error('no header')
    expect(isIntact(frame, header)).to.equal(true)
    expect(readRecords(frame.subarray(headerLength), header)).to.deep.equal(written.flat())
  })

  it('has the same checksum where a large value brings its own', () => {
    const record = Buffer.alloc(100_003, 'an article of some length\r\n')
    record.writeUInt32BE(crc32(record.subarray(4)))
    const put = { database: 'articles', key: Buffer.from('k'), value: record } as const
    const other = { database: 'index', key: Buffer.from('l'), value: Buffer.alloc(40_000, 'b') } as const
    const encode = (changes: RecordChanges) =>
      Buffer.concat(new FrameEncoder().records(7, [changes, [other], changes]))
    expect(encode([{ ...put, selfChecked: true }, other]).equals(encode([put, other]))).to.equal(true)
  })

  it('does not cover up that such a value was damaged before it was written', () => {
    const record = Buffer.alloc(100_003, 'an article of some length\r\n')
    record.writeUInt32BE(crc32(record.subarray(4)))
    record[50_000] = 0
    const put = { database: 'articles', key: Buffer.from('k'), value: record, selfChecked: true } as const
    const frame = Buffer.concat(new FrameEncoder().records(7, [[put]]))
    const header = readHeader(frame)
    if (header === undefined) throw new Error('no header')
    expect(isIntact(frame, header)).to.equal(false)
  })

  it('refuses a key that its length does not fit', () => {
    const key = Buffer.alloc(65_536)
    const encode = (size: number) => () =>
      new FrameEncoder().records(1, [[{ database: 'state', key: key.subarray(0, size), value: undefined }]])
    expect(encode(65_535)).not.to.throw()
    expect(encode(65_536)).to.throw(RangeError)
  })

  it('is as docs/storage-format.md says, to the octet', () => {
    const frame = new FrameEncoder().records(258, [
      [
        { database: 'state', key: Buffer.from('ab'), value: Buffer.from('c') },
        { database: 'index', key: Buffer.from('d'), value: undefined },
      ],
    ])
    const magic = '00544a0d000af701'
    const covered = [
      '00000012',
      '00000000',
      '0000000000000102',
      '0000000000000102',
      '00000002',
      '01000261620000000163',
      '82000164',
    ]
    expect(Buffer.concat(frame).toString('hex')).to.match(
      new RegExp(`^${magic}[0-9a-f]{8}${covered.join('')}$`),
    )
  })
})
