import { expect } from 'chai'
import { sinceDate } from '../../src/cli/since.ts'

describe('--since', () => {
  for (const [text, iso] of [
    ['2026-11-01', '2026-11-01T00:00:00Z'],
    ['2026-11-01 12:30', '2026-11-01T12:30:00Z'],
    ['2026-11-01T12:30:15Z', '2026-11-01T12:30:15Z'],
    ['2026-11-01T12:30+02:00', '2026-11-01T10:30:00Z'],
    ['1 Nov 2026 12:30:00 +0100', '2026-11-01T11:30:00Z'],
  ] as const)
    it(`takes ${text}`, () => expect(sinceDate(text)).to.equal(Date.parse(iso) / 1000))

  for (const text of ['', 'yesterday', '2026', '2026-13-01', '2026-11-01 25:00', '1969-01-01'])
    it(`refuses "${text}"`, () => expect(() => sinceDate(text)).to.throw('expected a date'))
})
