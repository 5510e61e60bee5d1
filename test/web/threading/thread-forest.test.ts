import { expect } from 'chai'
import fc from 'fast-check'
import { ThreadForest } from '../../../src/web/threading/thread-forest.ts'
import { threadTree } from '../../../src/web/threading/thread-tree.ts'
import { Threads } from '../../../src/web/threading/threads.ts'
import { addRows, forestOf, type Row, shapeOf } from '../../support/thread-rows.ts'

const row = (id: string, ...references: string[]): Row => ({ id, references })
const shape = (...rows: Row[]) => shapeOf(forestOf(rows))

describe('web: threads by References', () => {
  it('hang each article below the last one it names', () => {
    expect(shape(row('a'), row('b'), row('c', 'a'), row('d', 'a', 'c'), row('e', 'a'))).to.equal(
      'a(c(d) e) b',
    )
  })

  it('come in the order of their newest article', () => {
    expect(shape(row('a'), row('b'), row('c'), row('d', 'a'))).to.equal('a(d) c b')
  })

  it('keep the place of what is missing', () => {
    const answers = [row('b', 'a'), row('c', 'a')]
    expect(shape(...answers)).to.equal('?(b c)')
    expect(shape(...answers, row('a'))).to.equal('a(b c)')
    expect(shape(row('a'), row('c', 'a', 'gone'), row('d', 'a', 'gone'))).to.equal('a(c d)')
    expect(shape(row('b', 'gone'))).to.equal('b')
  })

  it('show what takes the place of a missing article above those that answered that', () => {
    const said = (id: string, subject: string, ...references: string[]): Row => ({ id, references, subject })
    const [old, answer] = [said('a', 'Hello'), said('b', 'Re: Hello', 'a')]
    const fresh = said('c', 'Hello', 'a')
    const late = [said('d', 'Re: Hello', 'a', 'c'), said('e', 'Re: Hello', 'a')]
    const live = forestOf([old, answer, fresh, ...late])
    expect(shapeOf(live)).to.equal('a(b c(d) e)')
    live.remove(1)
    expect(shapeOf(live)).to.equal('c(d b e)')
    expect(shape(answer, fresh, ...late)).to.equal('c(d b e)')
    expect(shape(fresh, answer)).to.equal('c(b)')
    // Edited again: `c` has gone as well.
    expect(shape(answer, ...late, said('f', 'Hello', 'a'))).to.equal('f(b d e)')
    expect(shape(said('d', 'Re: Hello', 'a', 'c'), said('f', 'Hello', 'a'))).to.equal('f(d)')
    expect(shape(said('r', 'Hi'), said('b', 'Re: Hello', 'r', 'a'), said('c', 'Hello', 'r', 'a'))).to.equal(
      'r(c(b))',
    )
    // Another subject, or another answer, takes nobody's place.
    expect(shape(answer, said('c', 'Else (was: Hello)', 'a'))).to.equal('?(b c)')
    expect(shape(answer, said('c', 'Re: Hello', 'a'))).to.equal('?(b c)')
  })

  it('know of a missing article what others say it answered', () => {
    expect(shape(row('a'), row('d', 'a', 'b', 'c'), row('e', 'c'))).to.equal('a(d e)')
    // Who is here knows best.
    expect(shape(row('a'), row('x'), row('d', 'x', 'b'), row('b', 'a'))).to.equal('a(b(d)) x')
  })

  it('let nobody hang a conversation below his own article', () => {
    expect(shape(row('a'), row('b', 'a'), row('spam'), row('more', 'spam', 'a'))).to.equal('a(b more) spam')
  })

  it('take parents that come after their children', () => {
    expect(shape(row('c', 'a', 'b'), row('b', 'a'), row('a'))).to.equal('a(b(c))')
    expect(shape(row('c', 'b'), row('b', 'a'), row('a'))).to.equal('a(b(c))')
  })

  it('survive articles that name themselves, each other, or in a ring', () => {
    expect(shape(row('a', 'a'))).to.equal('a')
    expect(shape(row('a', 'b'), row('b', 'a'))).to.equal('b(a)')
    expect(shape(row('a', 'b', 'c'), row('b', 'c', 'a'), row('c', 'a', 'b'))).to.equal('b(c(a))')
    expect(shape(row('a', 'a', 'a', 'x', 'a'), row('x', 'a', 'x'))).to.equal('x(a)')
  })

  it('have articles under one message-ID, or under none, each in a place of its own', () => {
    expect(shape(row('a'), row('b', 'a'), row('a'), row('c', 'a'))).to.equal('a(b c) a')
    const octets = 'x'.repeat(2)
    expect(shape(row(''), row(''), row(octets))).to.equal('xx  ')
  })

  it('remember of long lists the beginning and the end', () => {
    const many = Array.from({ length: 300 }, (_, at) => `m${at}`)
    const forest = forestOf([row('root'), row('z', 'root', ...many)])
    expect(shapeOf(forest)).to.equal('root(z)')
    expect(forest.count).to.be.lessThan(30)
  })

  it('leave out numbers that do not grow', () => {
    const forest = forestOf([row('a'), row('b', 'a')])
    addRows(forest, [row('c', 'a')], 2)
    expect(shapeOf(forest)).to.equal('a(b)')
  })

  it('close over articles that went', () => {
    const forest = forestOf([row('a'), row('b', 'a'), row('c', 'b'), row('d', 'b'), row('e')])
    expect([forest.remove(2), forest.remove(2), forest.remove(77)]).to.deep.equal([true, false, false])
    expect(shapeOf(forest)).to.equal('e a(c d)')
    forest.remove(1)
    expect(shapeOf(forest)).to.equal('e ?(c d)')
    forest.remove(3)
    expect(shapeOf(forest)).to.equal('e d')
    addRows(forest, [row('b', 'a')], 6)
    expect(shapeOf(forest)).to.equal('b(d) e')
  })
})

describe('web: threads by subject', () => {
  const date = (day: number) => `${day} Nov 2026 08:00:00 +0000`
  const said = (id: string, subject: string, more: Partial<Row> = {}): Row => ({ id, subject, ...more })

  it('join answers without References to what began the subject', () => {
    expect(shape(said('a', 'Cats'), said('b', 'RE: [list] cats (fwd)'), said('c', 'Re: Dogs'))).to.equal(
      'c a(b)',
    )
    expect(shape(said('a', 'Re: Cats'), said('b', 'Re: cats'))).to.equal('a(b)')
    expect(shape(said('a', '=?utf-8?q?C=61ts?='), said('b', 'Re: Cats'))).to.equal('a(b)')
  })

  it('join no others', () => {
    expect(shape(said('a', 'Cats'), said('b', 'Cats'))).to.equal('b a')
    expect(shape(said('a', 'Cats'), said('b', 'Fwd: Cats'))).to.equal('b a')
    expect(shape(said('a', 'Cats'), said('b', 'Re: Cats', { references: ['x'] }))).to.equal('b a')
    expect(shape(said('a', ''), said('b', 'Re:'), said('c', 'Re: '))).to.equal('c b a')
  })

  it('begin anew with an article that answers nothing', () => {
    expect(shape(said('a', 'FAQ'), said('b', 'FAQ'), said('c', 'Re: FAQ'))).to.equal('b(c) a')
  })

  it('reach only so far', () => {
    const old = said('a', 'Cats', { date: '1 Jan 2026 08:00:00 +0000' })
    expect(
      shape(old, said('b', 'Re: Cats', { date: date(1) }), said('c', 'Re: Cats', { date: date(2) })),
    ).to.equal('b(c) a')
    const forest = forestOf([said('a', 'Cats')])
    addRows(forest, [said('b', 'Re: Cats')], 20_002)
    expect(shapeOf(forest)).to.equal('b a')
  })
})

describe('web: threads of hostile groups', () => {
  const chain = (length: number): Row[] =>
    Array.from({ length }, (_, at) => ({ id: `n${at}`, references: at === 0 ? [] : [`n${at - 1}`] }))

  function depthsOf(rows: readonly Row[]): number[] {
    const forest = forestOf(rows)
    const threads = new Threads(forest)
    const { threads: tops } = threads.window({ count: 10 })
    return tops.map(top => Math.max(...threadTree(forest, top, threads.articles(top)).depths))
  }

  it('a chain of 10,000 is one conversation, from either end', () => {
    expect(depthsOf(chain(10_000))).to.deep.equal([9999])
    expect(depthsOf(chain(10_000).reverse())).to.deep.equal([9999])
  })

  it('so are 100,000 answers to one subject within reach of each other', () => {
    const rows = Array.from({ length: 100_000 }, (_, at) => ({ id: `n${at}`, subject: 'Re: the same' }))
    const forest = forestOf(rows)
    const threads = new Threads(forest)
    const { threads: tops } = threads.window({ count: 10 })
    expect(tops.map(top => threads.articles(top))).to.deep.equal([19_996, 20_001, 20_001, 20_001, 20_001])
  }).timeout(20_000)
})

const id = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g')
const anyRow = fc.record({
  id,
  references: fc.array(id, { maxLength: 5 }),
  subject: fc.constantFrom('', 'x', 'Re: x', 'y', 'Re: y'),
})
const anyRows = fc.array(anyRow, { maxLength: 25 })

describe('web: properties of threads', () => {
  it('every article stands in one place, whatever it names', () => {
    fc.assert(
      fc.property(anyRows, rows => {
        const forest = forestOf(rows)
        const threads = new Threads(forest)
        const tops = threads.window({ count: 1000 }).threads
        const numbers = tops.flatMap(top =>
          [...threadTree(forest, top, threads.articles(top)).nodes].map(node => forest.numberAt(node)),
        )
        expect(numbers.sort((a, b) => a - b)).to.deep.equal(rows.map((_, at) => at + 1))
        expect(threads.count).to.equal(tops.length)
      }),
      { numRuns: 500 },
    )
  })

  it('it makes no difference whether they come one by one, looked at in between', () => {
    fc.assert(
      fc.property(anyRows, rows => {
        const forest = new ThreadForest()
        const threads = new Threads(forest)
        for (const [at, row] of rows.entries()) {
          addRows(forest, [row], at + 1)
          shapeOf(forest, threads)
        }
        expect(shapeOf(forest, threads)).to.equal(shapeOf(forestOf(rows)))
      }),
      { numRuns: 500 },
    )
  })

  it('nor when some go, whenever they go', () => {
    fc.assert(
      fc.property(anyRows, fc.array(fc.nat(24), { maxLength: 10 }), (rows, going) => {
        const [early, late] = [new ThreadForest(), forestOf(rows)]
        const threads = new Threads(early)
        const gone = new Set(going.filter(at => at < rows.length))
        for (const [at, row] of rows.entries()) {
          addRows(early, [row], at + 1)
          shapeOf(early, threads)
        }
        for (const at of gone) {
          early.remove(at + 1)
          shapeOf(early, threads)
        }
        for (const at of [...gone].reverse()) late.remove(at + 1)
        expect(shapeOf(early, threads)).to.equal(shapeOf(late))
        expect(late.rows.present).to.equal(rows.length - gone.size)
      }),
      { numRuns: 500 },
    )
  })

  it('pages meet without a gap, in both directions', () => {
    fc.assert(
      fc.property(anyRows, fc.integer({ min: 1, max: 5 }), (rows, count) => {
        const forest = forestOf(rows)
        const threads = new Threads(forest)
        const all = threads.window({ count: 1000 }).threads
        const down: number[] = []
        for (let before: number | undefined, more = all.length > 0; more; ) {
          const page = threads.window({ before, count })
          down.push(...page.threads)
          more = page.older
          before = forest.numberAt(threads.newest(page.threads.at(-1) ?? -1))
        }
        expect(down).to.deep.equal(all)
        const up: number[] = []
        for (let after = 0, more = all.length > 0; more; ) {
          const page = threads.window({ after, count })
          up.unshift(...page.threads)
          more = page.newer
          after = forest.numberAt(threads.newest(page.threads[0] ?? -1))
        }
        expect(up).to.deep.equal(all)
      }),
      { numRuns: 300 },
    )
  })
})
