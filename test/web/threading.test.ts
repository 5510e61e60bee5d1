import { expect } from 'chai'
import fc from 'fast-check'
import { type OverviewRow, parseOverviewLine } from '../../src/web/overview.ts'
import { type Thread, threadRows } from '../../src/web/threading.ts'

function row(number: number, id: string, ...references: string[]): OverviewRow {
  return { number, messageId: id, references, subject: '', from: '', date: '', lines: 0 }
}

const shape = (threads: readonly Thread[]): string =>
  threads
    .map(({ row, replies }) => `${row.messageId}${replies.length > 0 ? `(${shape(replies)})` : ''}`)
    .join(' ')

describe('web: threading', () => {
  it('hangs replies below the nearest ancestor of the page, newest thread first', () => {
    const rows = [
      row(1, 'a'),
      row(2, 'b'),
      row(3, 'c', 'a'),
      row(4, 'd', 'a', 'gone', 'c'),
      row(5, 'e', 'a', 'x'),
    ]
    expect(shape(threadRows(rows))).to.equal('a(c(d) e) b')
    expect(shape(threadRows([...rows, row(6, 'f', 'b')].reverse()))).to.equal('b(f) a(c(d) e)')
  })

  it('survives articles that name themselves, each other, or later ones', () => {
    expect(shape(threadRows([row(1, 'a', 'a'), row(2, 'b', 'c'), row(3, 'c', 'b')]))).to.equal('b(c) a')
  })

  it('property: every row stands in one place', () => {
    const id = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f')
    fc.assert(
      fc.property(fc.array(fc.tuple(id, fc.array(id, { maxLength: 4 })), { maxLength: 20 }), list => {
        const rows = list.map(([name, references], at) => row(at + 1, name, ...references))
        const count = (threads: readonly Thread[]): number =>
          threads.reduce((sum, thread) => sum + 1 + count(thread.replies), 0)
        expect(count(threadRows(rows))).to.equal(rows.length)
      }),
    )
  })

  it('reads overview lines, and nothing else as one', () => {
    const line = '7\t=?utf-8?q?=C3=BC?=\tA <a@x>\tdate\t<i@x>\t<r@x> <s@x>\t100\t5\tXref: x'
    expect(parseOverviewLine(line)).to.deep.equal({
      number: 7,
      subject: 'ü',
      from: 'A <a@x>',
      date: 'date',
      messageId: '<i@x>',
      references: ['<r@x>', '<s@x>'],
      lines: 5,
    })
    for (const bad of ['', 'x', '7\ta', `0${line.slice(1)}`, `-1${line.slice(1)}`])
      expect(parseOverviewLine(bad)).to.equal(undefined)
  })
})
