import { expect } from 'chai'
import fc from 'fast-check'
import type { Newsgroup } from '../../../src/newsgroup.ts'
import type { GroupId } from '../../../src/storage/reading.ts'
import { CookieMarks } from '../../../src/web/read-state/cookie-marks.ts'
import type { Mark } from '../../../src/web/read-state/mark.ts'
import { formatRanges, parseRanges } from '../../../src/web/read-state/number-ranges.ts'

const secret = Buffer.alloc(32, 7)
const groupOf = (id: number) => ({ id: id as GroupId, name: `local.g${id}` as Newsgroup })
const fresh = () => CookieMarks.read('', secret)

const mark = fc.record(
  {
    read: fc
      .array(fc.integer({ min: 1, max: 100_000 }), { minLength: 1, maxLength: 30 })
      .map(numbers => parseRanges(numbers.join()) ?? []),
    wanted: fc.boolean(),
  },
  { requiredKeys: ['read'] },
)

describe('web: marks in a cookie', () => {
  it('come back as they were set', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(fc.integer({ min: 1, max: 200_000 }), mark), {
          selector: ([id]) => id,
          maxLength: 10,
        }),
        fc.stringMatching(/^[a-z.*,!]{0,40}$/),
        (marks, patterns) => {
          const written = fresh()
          for (const [id, each] of marks) written.set(groupOf(id), each)
          written.patterns = patterns
          const back = CookieMarks.read(written.written ?? '', secret)
          for (const [id, each] of marks) {
            const found: Mark | undefined = back.get(groupOf(id))
            expect(formatRanges(found?.read ?? [])).to.equal(formatRanges(each.read))
            expect(found?.wanted).to.equal(each.wanted)
          }
          expect([...back.entries()].length).to.equal(marks.length)
          expect(back.patterns).to.equal(patterns)
        },
      ),
    )
  })

  it('are not written where nothing changed, and go where nothing is left', () => {
    const marks = fresh()
    expect(marks.written).to.equal(undefined)
    marks.set(groupOf(1), { read: [{ low: 1, high: 5 }] })
    const cookie = marks.written ?? ''
    const back = CookieMarks.read(cookie, secret)
    expect(back.written).to.equal(undefined)
    back.set(groupOf(1), { read: [] })
    expect(back.written).to.equal('')
  })

  it('take at most 3.5 kB, and the groups that were read last stay', () => {
    const marks = fresh()
    const scattered = parseRanges(Array.from({ length: 400 }, (_, at) => at * 300 + 1).join()) ?? []
    for (let id = 1; id <= 500; id++) marks.set(groupOf(id * 400), { read: scattered.slice(0, 20) })
    marks.set(groupOf(3), { read: scattered, wanted: true })
    marks.set(groupOf(1600), { read: scattered.slice(0, 20) })
    const cookie = marks.written ?? ''
    expect(cookie.length).to.be.within(3000, 3500)
    expect(cookie).to.match(/^[A-Za-z0-9_-]+$/)
    const back = CookieMarks.read(cookie, secret)
    for (const id of [1600, 3, 500 * 400]) expect(back.get(groupOf(id)), String(id)).not.to.equal(undefined)
    expect(back.get(groupOf(400))).to.equal(undefined)
    // One group does not take the room of all others: the oldest gaps are closed.
    const many = back.get(groupOf(3))
    expect(many?.read.length).to.equal(100)
    expect(many?.wanted).to.equal(true)
    expect(many?.read.at(-1)).to.deep.equal(scattered.at(-1))
  })

  it('count for nothing when they are not as we wrote them', () => {
    const marks = fresh()
    marks.set(groupOf(1), { read: [{ low: 1, high: 5 }] })
    const cookie = marks.written ?? ''
    expect(CookieMarks.read(cookie, Buffer.alloc(32, 8)).empty).to.equal(true)
    const octets = Buffer.from(cookie, 'base64url')
    for (let at = 0; at < octets.length; at++) {
      const turned = Buffer.from(octets)
      turned[at] = (turned[at] ?? 0) ^ 1
      expect(CookieMarks.read(turned.toString('base64url'), secret).empty, String(at)).to.equal(true)
    }
    for (let length = 0; length < cookie.length; length++)
      expect(CookieMarks.read(cookie.slice(0, length), secret).empty, String(length)).to.equal(true)
    fc.assert(fc.property(fc.string({ maxLength: 6000 }), text => CookieMarks.read(text, secret).empty))
  })
})
