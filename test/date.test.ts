import { expect } from 'chai'
import fc from 'fast-check'
import { formatDate, formatNntpDate, parseDate, parseNntpDate } from '../src/date.ts'

const last = 253_402_300_799
const seconds = (iso: string) => Date.parse(iso) / 1000

describe('date', () => {
  const good: [text: string, iso: string][] = [
    ['Sat, 21 Nov 2026 08:00:00 +0000', '2026-11-21T08:00:00Z'],
    ['21 Nov 2026 08:00:00 +0000', '2026-11-21T08:00:00Z'],
    ['Sat,21 Nov 2026 08:00 -0130', '2026-11-21T09:30:00Z'],
    ['Wed, 21 Apr 93 15:42:37 GMT', '1993-04-21T15:42:37Z'],
    ['5 Apr 93 22:14:03', '1993-04-05T22:14:03Z'],
    ['15 Apr 1993 21:18 UT', '1993-04-15T21:18:00Z'],
    ['Friday, 23 Apr 1993 14:03:04 MDT', '1993-04-23T20:03:04Z'],
    ['Tue, 7 May 85 14:10:12 pdt', '1985-05-07T21:10:12Z'],
    ['Wed, 21 Apr 93 01:13:32 ACST', '1993-04-21T01:13:32Z'],
    ['25 Apr 93 00:02:34 GMT+12', '1993-04-24T12:02:34Z'],
    ['25 Apr 93 00:02:34 GMT-0330', '1993-04-25T03:32:34Z'],
    ['Tue, 20 Apr 1993 16:06:45 +02', '1993-04-20T14:06:45Z'],
    ['Tue, 20 Apr 1993 7:48:40 +0100 (CET)', '1993-04-20T06:48:40Z'],
    ['Tue, 20 Apr 1993 7:48:40 +0100 CET', '1993-04-20T06:48:40Z'],
    ['29 Apr 93 19:00:46 EDT (Thu)', '1993-04-29T23:00:46Z'],
    [
      'Sat (a (nested \\) ) one), 1 (x) May\r\n 1993 (y) 00 : 31 : 00 (z) -0500 (open',
      '1993-05-01T05:31:00Z',
    ],
    ['Wednesday, 21-Apr-93 15:42:37 GMT', '1993-04-21T15:42:37Z'],
    ['Wed Apr 21 15:42:37 1993', '1993-04-21T15:42:37Z'],
    ['Wed Apr  1 15:42:37 PST 1993', '1993-04-01T23:42:37Z'],
    ['Apr 21, 1993 15:42', '1993-04-21T15:42:00Z'],
    ['Wed, 21 Apr 1993 15:42:37 Z', '1993-04-21T15:42:37Z'],
    ['Wed, 21 Apr 1993 15:42:37 A', '1993-04-21T15:42:37Z'],
    ['29 Feb 2000 00:00:00 GMT', '2000-02-29T00:00:00Z'],
    ['1 Jan 49 00:00:00 GMT', '2049-01-01T00:00:00Z'],
    ['1 Jan 70 00:00:00 GMT', '1970-01-01T00:00:00Z'],
    ['1 Jan 103 00:00:00 GMT', '2003-01-01T00:00:00Z'],
    ['31 Dec 1998 23:59:60 GMT', '1999-01-01T00:00:00Z'],
    ['31 Dec 9999 23:59:59 GMT', '9999-12-31T23:59:59Z'],
    [' \t21 APR 1993 15:42:37 gmt ', '1993-04-21T15:42:37Z'],
  ]
  for (const [text, iso] of good) {
    it(`reads ${JSON.stringify(text)}`, () => {
      expect(parseDate(text)).to.equal(seconds(iso))
    })
  }

  const bad = [
    '',
    'yesterday',
    'Sat, 21 Nov 2026',
    '21 Nov 08:00:00',
    '0 Nov 2026 08:00:00 GMT',
    '31 Apr 1993 00:00:00 GMT',
    '29 Feb 1900 00:00:00 GMT',
    '29 Feb 1993 00:00:00 GMT',
    '31 Feb 1993 00:00:00 GMT',
    '1 Foo 1993 00:00:00 GMT',
    '1 Apr 1993 24:00:00 GMT',
    '1 Apr 1993 00:60:00 GMT',
    '1 Apr 1993 00:00:61 GMT',
    '1 Apr 1993 00:0:00 GMT',
    '1 Apr 1993 00:00: GMT',
    '1 Apr 1993 00:00:00.5 GMT',
    '1 Apr 1993 1:00 PM',
    '1 Apr 1993 00:00:00 +0060',
    '1 Apr 1993 00:00:00 +',
    '1 Apr 1993 00:00:00 +000',
    '1 Apr 1993 00:00:00 +00000',
    '1 Apr 1993 00:00:00 GMT 1993',
    '1 Apr 1993 00:00:00 GMT;',
    '1 Apr 3 00:00:00 GMT',
    '1 Apr 19930 00:00:00 GMT',
    '31 Dec 1969 23:59:59 GMT',
    '1 Jan 1970 00:00:00 +0001',
    '31 Dec 9999 23:59:59 -0001',
    '1 Apr 275760 00:00:00 GMT',
    '１ Apr 1993 00:00:00 GMT',
    '(1 Apr 1993 00:00:00 GMT)',
  ]
  for (const text of bad) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      expect(parseDate(text)).to.equal(undefined)
    })
  }

  it('writes what it reads', () => {
    expect(formatDate(seconds('2026-11-21T08:00:00Z'))).to.equal('Sat, 21 Nov 2026 08:00:00 +0000')
    expect(formatDate(0)).to.equal('Thu, 1 Jan 1970 00:00:00 +0000')
    fc.assert(
      fc.property(fc.integer({ min: 0, max: last }), time => {
        expect(parseDate(formatDate(time))).to.equal(time)
      }),
    )
  })

  it('writes no date outside 1970 to 9999', () => {
    for (const time of [-1, last + 1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => formatDate(time)).to.throw(RangeError)
      expect(() => formatNntpDate(time * 1000)).to.throw(RangeError)
    }
  })

  it('counts zones off', () => {
    const offset = fc.tuple(
      fc.constantFrom(1, -1),
      fc.integer({ min: 0, max: 99 }),
      fc.integer({ min: 0, max: 59 }),
    )
    const two = (value: number) => String(value).padStart(2, '0')
    fc.assert(
      fc.property(
        fc.integer({ min: 400_000, max: last - 400_000 }),
        offset,
        (time, [sign, hours, minutes]) => {
          const local = formatDate(time).replace(
            '+0000',
            `${sign < 0 ? '-' : '+'}${two(hours)}${two(minutes)}`,
          )
          expect(parseDate(local)).to.equal(time - sign * (hours * 60 + minutes) * 60)
        },
      ),
    )
  })

  it('gives a whole number in range or nothing, whatever comes', () => {
    const token = fc.constantFrom(
      ...'Sat|Apr|May|21|31|1993|93|00|24|:|,|(|)|\\|-|+|GMT|EST|PM|0100| |é|9'.split('|'),
    )
    const anything = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(token, { maxLength: 20 }).map(tokens => tokens.join('')),
      fc.array(token, { maxLength: 8 }).map(tokens => `21 Apr 93 ${tokens.join(' ')}`),
    )
    fc.assert(
      fc.property(anything, text => {
        const time = parseDate(text)
        if (time !== undefined) expect(Number.isInteger(time) && time >= 0 && time <= last).to.equal(true)
      }),
      { numRuns: 5000 },
    )
  })

  it('reads the usual form as it reads the same with a comment', () => {
    const two = (value: number) => String(value).padStart(2, '0')
    const part = (min: number, max: number) => fc.integer({ min, max }).map(two)
    const usual = fc
      .tuple(
        fc.constantFrom('', 'Sat, ', 'Sut, ', 'sat, '),
        fc.oneof(part(0, 33), fc.nat(9).map(String)),
        fc.constantFrom('Jan', 'Feb', 'Nov', 'NOV', 'Foo'),
        fc.constantFrom('1969', '1970', '2024', '2100', '9999', '0099'),
        fc.tuple(part(0, 25), part(0, 61), part(0, 62)).map(time => time.join(':')),
        fc.tuple(fc.constantFrom('+', '-'), part(0, 99), part(0, 61)).map(zone => zone.join('')),
      )
      .map(([day, ...rest]) => `${day}${rest.join(' ')}`)
    fc.assert(
      fc.property(usual, text => {
        expect(parseDate(text)).to.equal(parseDate(`${text} ()`))
      }),
    )
  })

  it('ends with a megabyte of comments', () => {
    const half = 500_000
    expect(parseDate(`${'('.repeat(half)}${')'.repeat(half)}1 Jan 1970 00:00:01 GMT`)).to.equal(1)
    expect(parseDate('('.repeat(2 * half))).to.equal(undefined)
    expect(parseDate('()'.repeat(half))).to.equal(undefined)
    expect(parseDate('9'.repeat(2 * half))).to.equal(undefined)
    expect(parseDate('a'.repeat(2 * half))).to.equal(undefined)
  })

  describe('of NNTP', () => {
    const now = Date.parse('2026-11-21T08:00:00Z')
    const table: [date: string, time: string, iso: string | undefined][] = [
      ['20261121', '080000', '2026-11-21T08:00:00Z'],
      ['261121', '080000', '2026-11-21T08:00:00Z'],
      ['261231', '235960', '2027-01-01T00:00:00Z'],
      ['270101', '000000', '1927-01-01T00:00:00Z'],
      ['000229', '000000', '2000-02-29T00:00:00Z'],
      ['700101', '000000', '1970-01-01T00:00:00Z'],
      ['19691231', '235959', '1969-12-31T23:59:59Z'],
      ['00000101', '000000', '0000-01-01T00:00:00Z'],
      ['990229', '000000', undefined],
      ['20261321', '000000', undefined],
      ['20260021', '000000', undefined],
      ['20261100', '000000', undefined],
      ['20261121', '240000', undefined],
      ['20261121', '006000', undefined],
      ['20261121', '000061', undefined],
      ['20261121', '0000', undefined],
      ['20261121', '00000000', undefined],
      ['2026112', '000000', undefined],
      ['120261121', '000000', undefined],
      ['+261121', '000000', undefined],
      ['2026-1-1', '000000', undefined],
      ['20261121', '1e0000', undefined],
      ['', '', undefined],
    ]
    for (const [date, time, iso] of table) {
      it(`reads ${date} ${time}`, () => {
        expect(parseNntpDate(date, time, now)).to.equal(iso === undefined ? undefined : seconds(iso))
      })
    }

    it('writes and reads back', () => {
      expect(formatNntpDate(now + 999)).to.equal('20261121080000')
      fc.assert(
        fc.property(fc.integer({ min: 0, max: last }), time => {
          const text = formatNntpDate(time * 1000)
          expect(parseNntpDate(text.slice(0, 8), text.slice(8), now)).to.equal(time)
        }),
      )
    })

    it('puts a two-digit year into the hundred years up to the end of this one', () => {
      const year = fc.integer({ min: 1970, max: 9999 })
      fc.assert(
        fc.property(year, fc.integer({ min: 0, max: 99 }), (thisYear, back) => {
          const then = thisYear - back
          const text = `${String(then).slice(-2)}0601`
          const expected = Date.UTC(then, 5, 1) / 1000
          expect(parseNntpDate(text, '000000', Date.UTC(thisYear, 3, 1))).to.equal(expected)
        }),
      )
    })
  })
})
