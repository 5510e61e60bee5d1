import { expect } from 'chai'
import { parseOverviewLine } from '../../src/web/overview.ts'

describe('web: overview', () => {
  it('reads overview lines, and nothing else as one', () => {
    const line = '7\t=?utf-8?q?=C3=BC?=\tA <a@x>\tdate\t<i@x>\t<r@x> <s@x>\t100\t5\tXref: x'
    expect(parseOverviewLine(line)).to.deep.include({
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
