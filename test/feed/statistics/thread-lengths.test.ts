import { expect } from 'chai'
import fc from 'fast-check'
import { firstOf, lengthSpans, ThreadLengths } from '../../../src/feed/statistics/thread-lengths.ts'

const grown = (...lengths: readonly number[]): ThreadLengths => {
  const threads = new ThreadLengths()
  for (const [at, length] of lengths.entries())
    for (let count = 0; count < length; count++) threads.add(`<${at}@x>`)
  return threads
}

describe('statistics: lengths of threads', () => {
  it('are sorted into spans, up to each end and from behind the last', () => {
    expect(grown(1, 1, 2, 3, 5, 6, 10, 11, 20, 50, 51, 100, 101, 500).spans).to.deep.equal([
      2, 1, 2, 2, 2, 1, 2, 2,
    ])
  })

  it('come back as they were written, and go on', () => {
    const threads = grown(2, 7)
    const again = new ThreadLengths(JSON.parse(JSON.stringify(threads)))
    again.add('<0@x>')
    expect(again.spans).to.deep.equal(grown(3, 7).spans)
  })

  it('are remembered of those with the newest articles; the others keep what they had', () => {
    const threads = new ThreadLengths(undefined, 2)
    for (const id of ['a', 'a', 'b', 'a', 'c', 'b', 'a']) threads.add(id)
    // `b` was forgotten for `c`, and then `a` for `b`.
    expect(threads.spans.slice(0, 3)).to.deep.equal([4, 0, 1])
    expect(threads.toJSON().open).to.have.length(2)
  })

  it('are of the thread that References begins', () => {
    expect(firstOf('', '<2@x>')).to.equal('<2@x>')
    expect(firstOf('(was) <0@x>\r\n <1@x>', '<2@x>')).to.equal('<0@x>')
    expect(firstOf('<no id', '<2@x>')).to.equal('<2@x>')
  })

  it('property: are those of the threads themselves, in whatever order articles come', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 30 }), { maxLength: 400 }), all => {
        const threads = new ThreadLengths()
        for (const id of all) threads.add(`<${id}@x>`)
        const lengths = [...new Set(all)].map(id => all.filter(it => it === id).length)
        const expected = [...lengthSpans, Number.POSITIVE_INFINITY].map((end, at, ends) => {
          const low = ends[at - 1] ?? 0
          return lengths.filter(length => length > low && length <= end).length
        })
        expect(threads.spans).to.deep.equal(expected)
      }),
    )
  })
})
