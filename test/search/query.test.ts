import { expect } from 'chai'
import fc from 'fast-check'
import {
  isProblem,
  longestQuery,
  mostPrefixes,
  mostWords,
  type ProblemKind,
  parseQuery,
  problemTexts,
  type Query,
} from '../../src/search/query.ts'

/** A query as one line. */
function shown(text: string): string {
  const query = parseQuery(text)
  if (isProblem(query)) return `${query.problem} ${query.part}`.trim()
  const { after, before, id, thread } = query
  return [
    ...query.clauses.map(
      ({ exclude, field, terms }) =>
        `${exclude ? '-' : ''}${field}(${terms.map(({ word, prefix }) => word + (prefix ? '*' : '')).join(' ')})`,
    ),
    ...query.groups.map(({ exclude, wildmat }) => `${exclude ? '-' : ''}group(${wildmat.text})`),
    ...(after === undefined ? [] : [`after ${new Date(after * 1000).toISOString().slice(0, 10)}`]),
    ...(before === undefined ? [] : [`before ${new Date(before * 1000).toISOString().slice(0, 10)}`]),
    ...(id === undefined ? [] : [`mid ${id}`]),
    ...(thread === undefined ? [] : [`thread ${thread}`]),
  ].join(' ')
}

describe('search/query', () => {
  const table: readonly (readonly [string, string])[] = [
    ['one Two', 'any(one) any(two)'],
    ['"one two"', 'any(one two)'],
    ['"one two', 'any(one two)'],
    ['one-two', 'any(one two)'],
    ['-one -"two three"', '-any(one) -any(two three)'],
    ['subject:kernel from:"Ann Lee" body:x -body:y', 'subject(kernel) from(ann lee) body(x) -body(y)'],
    ['SUBJECT:Kernel', 'subject(kernel)'],
    ['from:ann@example.org', 'from(ann example org)'],
    ['ker* node-js*', 'any(ker*) any(node js*)'],
    ['"ker*"', 'any(ker)'],
    ['語', 'any(語*)'],
    ['日本語', 'any(日本 本語)'],
    ['group:comp.*,!comp.x -group:alt.*', 'group(comp.*,!comp.x) -group(alt.*)'],
    ['after:1993 before:1993-05-31', 'after 1993-01-01 before 1993-05-31'],
    ['after:1993 after:1994-02', 'after 1994-02-01'],
    ['before:2020 before:2019', 'before 2019-01-01'],
    ['mid:<a@b> x', 'any(x) mid <a@b>'],
    ['mid:a@b', 'mid <a@b>'],
    ['thread:"<a@b>"', 'thread <a@b>'],
    ['http://example.org/ size:3', 'any(http example org) any(size 3)'],
    ['from: ann', 'any(from) any(ann)'],
    ['one & two -', 'any(one) any(two)'],
    ['', 'empty'],
    ['  - & ', 'empty'],
    ['""', 'no-words ""'],
    ['subject:-', 'no-words subject:-'],
    ['x*', 'short-prefix x*'],
    ['before:yesterday', 'bad-date before:yesterday'],
    ['before:2021-02-29', 'bad-date before:2021-02-29'],
    ['group:a[b', 'bad-groups group:a[b'],
    ['mid:<a', 'bad-id mid:<a'],
    ['-mid:<a@b>', 'not-excludable -mid:<a@b>'],
    ['-after:1999', 'not-excludable -after:1999'],
    ['x'.repeat(longestQuery + 1), 'too-long'],
    ['a '.repeat(mostWords + 1), 'too-many-words'],
    ['ab* '.repeat(mostPrefixes + 1), 'too-many-prefixes'],
  ]
  for (const [text, expected] of table)
    it(`reads ${JSON.stringify(text.slice(0, 40))}`, () => {
      expect(shown(text)).to.equal(expected)
    })

  it('has a sentence for each problem', () => {
    const kinds = new Set(table.map(([, expected]) => expected.split(' ')[0]))
    for (const kind of Object.keys(problemTexts)) expect([...kinds], kind).to.include(kind)
  })

  it('takes any text, and is bounded by it', () => {
    const pieces = fc.constantFrom(
      'from:',
      'group:',
      '"',
      '-',
      '*',
      ' ',
      'ab',
      '語',
      '<',
      '@',
      '2020',
      'mid:',
      ':',
    )
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(pieces).map(all => all.join('')),
    )
    fc.assert(
      fc.property(text, each => {
        const query: Query | { problem: ProblemKind } = parseQuery(each)
        if ('problem' in query) return
        const terms = query.clauses.flatMap(clause => clause.terms)
        expect(terms.length).to.be.at.most(mostWords)
        for (const clause of query.clauses) expect(clause.terms).to.not.deep.equal([])
      }),
    )
  })
})
