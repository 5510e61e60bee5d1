import { expect } from 'chai'
import { isHidden, judge } from '../../../src/web/taste/judge.ts'
import { type Judged, type Rule, ruleSchema } from '../../../src/web/taste/rule.ts'
import { decodeRules, encodeRules, KeptTaste, tasteOf } from '../../../src/web/taste/taste.ts'
import { ManualClock } from '../../support/manual-clock.ts'

const row: Judged = {
  subject: 'MAKE MONEY FAST',
  from: '"Loud Seller" <sell@shop.example>',
  messageId: '<child@x.test>',
  references: ['<root@x.test>', '<Parent@x.test>'],
  lines: 400,
  octets: 20_000,
  newsgroups: () => ['comp.lang.c', 'alt.flame', 'misc.test'],
}

const base = { id: 'rule-1', groups: '', score: -100 } as const
const text = (field: string, test: string, value: string, more: object = {}): Rule =>
  ruleSchema.parse({ ...base, kind: 'text', field, test, value, ...more })
const count = (field: string, test: string, value: number, more: object = {}): Rule =>
  ruleSchema.parse({ ...base, kind: 'count', field, test, value, ...more })

const table: readonly (readonly [string, Rule, boolean])[] = [
  ['a part of the subject, in any case', text('subject', 'contains', 'money'), true],
  ['a subject that says something else', text('subject', 'contains', 'honey'), false],
  ['the whole subject', text('subject', 'equals', 'make money fast'), true],
  ['a part where the whole is wanted', text('subject', 'equals', 'money'), false],
  ['a pattern over the subject', text('subject', 'matches', 'make*f?st'), true],
  ['a pattern that must fit the whole', text('subject', 'matches', 'money*'), false],
  ['what would be a regular expression', text('subject', 'matches', '.*money.*'), false],
  ['an address', text('from', 'contains', 'SELL@shop.example'), true],
  ['the thread of an article above', text('thread', 'equals', '<root@x.test>'), true],
  ['the article itself', text('thread', 'equals', '<child@x.test>'), true],
  ['a message-ID in another case', text('thread', 'equals', '<parent@x.test>'), false],
  ['a group it is crossposted to', text('newsgroups', 'equals', 'alt.flame'), true],
  ['a pattern of groups', text('newsgroups', 'matches', 'alt.*'), true],
  ['no such group', text('newsgroups', 'matches', 'soc.*'), false],
  ['more lines', count('lines', 'over', 399), true],
  ['not more lines', count('lines', 'over', 400), false],
  ['fewer octets', count('octets', 'under', 20_001), true],
  ['too many groups', count('crossposts', 'over', 2), true],
  ['the group of the page', text('subject', 'contains', 'money', { groups: 'comp.*' }), true],
  ['another group', text('subject', 'contains', 'money', { groups: 'comp.*,!comp.lang.*' }), false],
  ['a pattern of groups that cannot be read', text('subject', 'contains', 'money', { groups: '[' }), false],
  ['a rule that counts until tomorrow', text('subject', 'contains', 'money', { expires: 2000 }), true],
  ['a rule that has expired', text('subject', 'contains', 'money', { expires: 1000 }), false],
]

describe('web: rules', () => {
  for (const [what, rule, fits] of table)
    it(`${what}: ${fits ? 'fits' : 'does not fit'}`, () => {
      const said = judge(row, 'comp.lang.c', { rules: [rule], now: 1_000_000 })
      expect(said).to.deep.equal(fits ? { score: -100, because: [rule] } : { score: 0, because: [] })
      expect(isHidden(said)).to.equal(fits)
    })

  it('are added up, and one that puts forward outweighs', () => {
    const hide = text('subject', 'contains', 'money')
    const forward = text('from', 'contains', 'sell', { score: 100 })
    const said = judge(row, 'misc.test', { rules: [hide, forward], now: 0 })
    expect(said).to.deep.equal({ score: 0, because: [hide, forward] })
    expect(isHidden(said)).to.equal(false)
  })

  it('answer alike for groups that take turns', () => {
    const taste = new KeptTaste([text('subject', 'contains', 'money', { groups: 'a' })], new ManualClock())
    expect(['a', 'b', 'a'].map(group => taste.judge(row, group).score)).to.deep.equal([-100, 0, -100])
  })

  it('take no time that patterns could stretch', () => {
    const long = { ...row, subject: 'a'.repeat(10_000) }
    const rules = Array.from({ length: 20 }, () => text('subject', 'matches', `${'a*'.repeat(100)}b`))
    expect(judge(long, 'misc.test', { rules, now: 0 }).score).to.equal(0)
  })

  it('come back from the shelf; what is no rule does not', () => {
    const rules = [text('subject', 'contains', 'money'), count('lines', 'over', 5, { expires: 7 })]
    expect(decodeRules(encodeRules(rules))).to.deep.equal(rules)
    expect(encodeRules([])).to.equal(undefined)
    for (const odd of ['', 'null', '{}', '[1]', '[{"kind":"text"}]', '[{"__proto__":[]}]'])
      expect(decodeRules(Buffer.from(odd)), odd).to.deep.equal([])
  })

  it('say nothing by groups that the reader may not know of', () => {
    const taste = new KeptTaste([text('newsgroups', 'equals', 'alt.flame')], new ManualClock())
    expect(tasteOf(taste, () => true).judge(row, 'misc.test').score).to.equal(-100)
    expect(tasteOf(taste, group => group !== 'alt.flame').judge(row, 'misc.test').score).to.equal(0)
  })

  it('go when they expire, and the oldest of too many', () => {
    const clock = new ManualClock(1_000_000)
    const taste = new KeptTaste([], clock)
    taste.replace([text('subject', 'contains', 'x', { expires: 999 }), text('subject', 'contains', 'y')])
    expect(taste.rules.map(({ value }) => value)).to.deep.equal(['y'])
    taste.replace(Array.from({ length: 510 }, (_, at) => text('subject', 'contains', `n${at}`)))
    expect([taste.rules.length, taste.rules[0]?.value]).to.deep.equal([500, 'n10'])
  })
})
