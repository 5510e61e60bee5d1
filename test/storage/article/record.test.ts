import { expect } from 'chai'
import fc from 'fast-check'
import type { MessageId } from '../../../src/message-id.ts'
import { decodeRecord, encodeRecord, roomBefore } from '../../../src/storage/article/record.ts'
import { xrefLine } from '../../../src/storage/article/xref.ts'
import { decodeArrivalRow, encodeArrivalRow } from '../../../src/storage/log/arrival-row.ts'
import type { Arrival, ArrivalRow, ArticleNumber, GroupId } from '../../../src/storage/reading.ts'

const article = Buffer.from('Path: a!b\r\nSubject: x\r\n\r\nbody\r\n..dot\r\n', 'latin1')
const bodyStart = article.indexOf('\r\n\r\n') + 4
const xref = 'Xref: news.example local.test:7\r\n'
const parts = {
  messageId: '<1@example.org>' as MessageId,
  filings: [{ group: 3 as GroupId, number: 7 as ArticleNumber }],
  localOnly: true,
  control: true,
  time: 1_750_000_000,
  source: 'peer:news.example',
  octets: 70,
  lines: 2,
  xref,
  article,
  bodyStart,
}

describe('an article record', () => {
  it('gives back what was stored, and every form of the article as one slice', () => {
    const stored = decodeRecord(encodeRecord(parts))
    expect(stored?.messageId).to.equal(parts.messageId)
    expect(stored?.filings).to.deep.equal(parts.filings)
    expect(stored?.localOnly).to.equal(true)
    expect(stored?.control).to.equal(true)
    expect(stored?.time).to.equal(1_750_000_000)
    expect(stored?.source).to.equal('peer:news.example')
    expect(stored?.octets).to.equal(70)
    expect(stored?.lines).to.equal(2)
    expect(stored?.served.toString()).to.equal(`${xref}${article}.\r\n`)
    expect(stored?.transfer.toString()).to.equal(`${article}.\r\n`)
    expect(stored?.head.toString()).to.equal(`${xref}Path: a!b\r\nSubject: x\r\n`)
    expect(stored?.body.toString()).to.equal('body\r\n..dot\r\n.\r\n')
  })

  it('is the same where the article stands already', () => {
    const before = roomBefore(parts.messageId, parts.source, {
      identity: 'news.example',
      groups: ['local.test'],
    })
    const memory = Buffer.alloc(before + article.length + 3, '#')
    article.copy(memory, before)
    const around = (octets: number, behind: number) =>
      octets > before || behind > 3 ? undefined : memory.subarray(before - octets)
    const record = encodeRecord({ ...parts, memory: { around } })
    expect(record.buffer).to.equal(memory.buffer)
    expect(record.equals(encodeRecord(parts))).to.equal(true)
  })

  it('has room for its head, however long the names', () => {
    const identity = 'n'.repeat(40)
    const groups = Array.from({ length: 20 }, (_, index) => `group.${'x'.repeat(index)}`)
    const filed = groups.map(name => ({ name, number: 2_147_483_647 }))
    const filings = filed.map((_, index) => ({ group: index as GroupId, number: 1 as ArticleNumber }))
    const source = `peer:${'\u20ac'.repeat(50)}`
    const all = { ...parts, source, filings, xref: `${xrefLine(identity, filed)}\r\n` }
    const head = encodeRecord(all).length - article.length - 3
    expect(head).to.be.at.most(roomBefore(parts.messageId, source, { identity, groups }))
  })

  it('is never served with any bit flipped', () => {
    const record = encodeRecord(parts)
    for (let bit = 0; bit < record.length * 8; bit++) {
      const damaged = Buffer.from(record)
      damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(decodeRecord(damaged), `bit ${bit}`).to.equal(undefined)
    }
  })
})

describe('an arrival row', () => {
  const name = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 60 })
  it('survives encoding', () => {
    fc.assert(
      fc.property(
        fc.record({
          kind: fc.constantFrom('article', 'group', 'cancel', 'expire', 'file'),
          time: fc.nat(0x7fff_ffff),
          source: fc.string({ maxLength: 40 }),
          messageId: fc.string({ unit: 'grapheme-ascii', maxLength: 250 }).map(text => text as MessageId),
          filings: fc.array(
            fc.record({
              group: fc.nat().map(id => id as GroupId),
              number: fc.nat(0x7fff_ffff).map(number => number as ArticleNumber),
            }),
            { maxLength: 60 },
          ),
          path: fc.array(name, { maxLength: 100 }),
          distributions: fc.array(name, { maxLength: 10 }),
          size: fc.nat(),
          localOnly: fc.boolean(),
          control: fc.boolean(),
        }),
        fields => {
          const row = { ...fields, arrival: 12 as Arrival } as ArrivalRow
          expect(decodeArrivalRow(row.arrival, encodeArrivalRow(row))).to.deep.equal(row)
        },
      ),
    )
  })
})

describe('the Xref line', () => {
  it('names every group and folds before 998 octets', () => {
    const filed = Array.from({ length: 60 }, (_, number) => ({
      name: `some.group.with.a.long.name.${number}`,
      number,
    }))
    const lines = xrefLine('news.example', filed).split('\r\n')
    expect(lines.length).to.be.greaterThan(1)
    for (const line of lines) expect(line.length).to.be.at.most(998)
    expect(lines.join('').replaceAll('\t', ' ')).to.equal(
      `Xref: news.example ${filed.map(({ name, number }) => `${name}:${number}`).join(' ')}`,
    )
  })
})
