import { expect } from 'chai'
import { duration, moment, octets, table, thousands } from '../../src/cli/amounts.ts'

describe('amounts', () => {
  it('are octets', () => {
    const cases: readonly [number, string][] = [
      [0, '0 B'],
      [999, '999 B'],
      [1_000, '1.0 kB'],
      [99_900, '100 kB'],
      [999_600, '1.0 MB'],
      [12_300_000_000, '12.3 GB'],
      [9e18, '9000 PB'],
    ]
    for (const [count, text] of cases) expect(octets(count), String(count)).to.equal(text)
  })

  it('are times', () => {
    const cases: readonly [number, string][] = [
      [0, '0 s'],
      [-5, '0 s'],
      [61, '1 min 1 s'],
      [3_600, '1 h'],
      [11_520, '3 h 12 min'],
      [90_061, '1 d 1 h'],
    ]
    for (const [seconds, text] of cases) expect(duration(seconds), String(seconds)).to.equal(text)
    expect(moment(1_700_000_000)).to.equal('2023-11-14 22:13:20')
  })

  it('are counts and columns', () => {
    expect(['0', '999', '1,000', '1,234,567']).to.deep.equal([0, 999, 1_000, 1_234_567].map(thousands))
    expect(
      table([
        ['a', 'b'],
        ['long', 'c'],
      ]),
    ).to.equal('a     b\nlong  c\n')
    expect(table([])).to.equal('')
  })
})
