import { expect } from 'chai'
import { mend, type RemarkName, remarkNames, remarksOn } from '../../../src/web/lint/lint.ts'
import type { Writing } from '../../../src/web/lint/writing.ts'

const now = Date.UTC(2026, 10, 21) / 1000
const good: Writing = { subject: 'Re: Trees', groups: ['local.test'], followupTo: [], body: 'Hello.', now }
const parent = {
  subject: 'Trees',
  text: 'Which tree grows fastest\nin a cold garden?\nI have room for one.',
  date: now - 86_400,
  wantsMail: false,
}
const quote = '> Which tree grows fastest\n> in a cold garden?\n> I have room for one.'
const many = (line: string, count: number) => Array.from({ length: count }, () => line).join('\n')

function found(changes: Partial<Writing>): string[] {
  return remarksOn({ ...good, ...changes }).map(({ name }) => name)
}

interface Case {
  /** Texts it speaks against, and whether there is nothing left to say once they are mended. */
  readonly bad: readonly Partial<Writing>[]
  readonly good: readonly Partial<Writing>[]
  /** What the first bad one becomes; absent where nobody can mend it. */
  readonly mended?: Partial<Writing>
}

const cases: Readonly<Record<RemarkName, Case>> = {
  'top-posting': {
    bad: [{ body: `A birch.\n\nAnn wrote:\n${quote}\n\n-- \nme` }, { body: `A birch.\n${quote}` }],
    good: [
      { body: `Ann wrote:\n${quote}\n\nA birch.` },
      { body: `Hello,\n\n${quote}\n\nA birch.` },
      { body: 'A birch.\n> short' },
    ],
    mended: { body: `Ann wrote:\n${quote}\n\nA birch.\n\n-- \nme` },
  },
  'over-quoting': {
    bad: [
      { body: `Ann wrote:\n${many('> a line of text', 20)}\nYes.\n` },
      { body: many('> a line of text', 13) },
      { body: `Yes.\n${many('> a line of text', 20)}` },
    ],
    good: [
      { body: `${many('> a line of text', 12)}\nYes.` },
      { body: `${many('> a line of text', 20)}\n${many('Yes.', 10)}` },
      { body: `${many('>', 20)}\nYes.` },
    ],
    mended: { body: `Ann wrote:\n> […]\n${many('> a line of text', 6)}\nYes.\n` },
  },
  'nothing-own': {
    bad: [{ body: `Ann wrote:\n${quote}` }, { body: '\n\n-- \nme' }],
    good: [{ body: `${quote}\nYes.` }],
  },
  'not-in-parent': {
    bad: [{ parent, body: '> I have never said that\nOh.' }],
    good: [
      { parent, body: `${quote}\nA birch.` },
      { parent, body: '> Which tree grows fastest in a cold\n> garden?\nA birch.' },
      { parent, body: '> Which […] garden?\nA birch.' },
      { body: '> I have never said that\nOh.' },
    ],
  },
  'quoted-signature': {
    bad: [{ body: '> a\n> -- \n> Ann\nYes.' }, { body: '>> --\nYes.' }],
    good: [{ body: '> a -- b\nYes.\n-- \nme' }],
    mended: { body: '> a\nYes.' },
  },
  'old-parent': {
    bad: [{ parent: { ...parent, date: now - 400 * 86_400 } }],
    good: [{ parent }, { parent: { subject: 'Trees', text: '', wantsMail: false } }],
  },
  'mail-wanted': { bad: [{ parent: { ...parent, wantsMail: true } }], good: [{ parent }] },
  'open-crosspost': {
    bad: [{ groups: ['a.b', 'c.d'] }],
    good: [{ groups: ['a.b', 'c.d'], followupTo: ['poster'] }],
    mended: { groups: ['a.b', 'c.d'], followupTo: ['a.b'] },
  },
  'many-groups': {
    bad: [{ groups: ['a.b', 'a.c', 'a.d', 'a.e'], followupTo: ['a.b'] }],
    good: [{ groups: ['a.b', 'a.c', 'a.d'], followupTo: ['a.b'] }],
  },
  'changed-subject': {
    bad: [
      { parent, subject: 'Re: Birches' },
      { parent, subject: 'Birches' },
    ],
    good: [
      { parent, subject: 'Birches (was: Trees)' },
      { parent, subject: 'RE:  Re: Trees' },
      { parent: { ...parent, subject: 'Re: Trees (was: Plants)' }, subject: 'Re: Trees' },
    ],
    mended: { parent, subject: 'Birches (was: Trees)' },
  },
  'foreign-reply': {
    bad: [{ subject: 'AW: Trees' }, { subject: 'aw[2]: Trees' }],
    good: [{ subject: 'Awe: Trees' }],
    mended: { subject: 'Re: Trees' },
  },
  capitals: {
    bad: [{ subject: 'Re: WHICH TREE?' }, { subject: 'ÄPFEL UND BÄUME' }],
    good: [{ subject: 'NASA and ESA launch' }, { subject: 'RFC 5537' }, { subject: '長い件名長い件名長い' }],
    mended: { subject: 'Re: Which tree?' },
  },
  'stray-test': {
    bad: [
      { subject: 'test', groups: ['comp.lang.c'] },
      { subject: 'Just a test!', groups: ['a.contest'] },
    ],
    good: [
      { subject: 'test', groups: ['de.test'] },
      { subject: 'Testing trees', groups: ['a.b'] },
    ],
  },
  markup: {
    bad: [{ body: '<p>Hello <b>you</b></p>\na < b' }],
    good: [{ body: 'a <b> c' }, { body: '> <p>Hello</p>\nThat is HTML.' }, { body: 'if (a<b && c>d) <x>' }],
    mended: { body: 'Hello you\na < b' },
  },
  'long-lines': {
    bad: [{ body: `  ${'word '.repeat(20)}end` }, { body: 'x'.repeat(100) }],
    good: [
      { body: 'word '.repeat(100) },
      { body: `https://x.test/${'x'.repeat(100)}` },
      { body: `> ${'x'.repeat(90)}\nYes` },
    ],
    mended: {
      body: `  ${many('word word word word word word word word word word word word word word', 1)}\n  word word word word word word end`,
    },
  },
  'bare-mark': {
    bad: [{ body: 'Hello.\n--\nme' }],
    good: [{ body: 'Hello.\n-- \nme' }, { body: 'Hello.\n--' }, { body: `a\n--\n${many('b', 20)}` }],
    mended: { body: 'Hello.\n-- \nme' },
  },
  'long-signature': {
    bad: [{ body: `Hello.\n-- \n1\n2\n3\n4\n5\n` }],
    good: [{ body: `Hello.\n-- \n1\n2\n3\n4\n` }],
    mended: { body: 'Hello.\n-- \n1\n2\n3\n4' },
  },
  'no-attachment': {
    bad: [{ body: 'The patch is attached.' }, { body: 'Siehe Anhang' }, { body: 'Im Anhang das Bild.' }],
    good: [{ body: '> The patch is attached.\nWhere?' }, { body: 'I am attached to my garden.' }],
  },
}

describe('web: lint', () => {
  it('has nothing to say of a good text', () => {
    expect(found({})).to.deep.equal([])
    expect(found({ parent, body: `Ann wrote:\n${quote}\n\nA birch.\n\n-- \nme` })).to.deep.equal([])
  })

  for (const name of remarkNames) {
    const { bad, good: fine, mended } = cases[name]
    it(`${name}: finds it`, () => {
      for (const changes of bad) expect(found(changes), JSON.stringify(changes)).to.include(name)
    })

    it(`${name}: and nothing else`, () => {
      for (const changes of fine) expect(found(changes), JSON.stringify(changes)).not.to.include(name)
    })

    it(`${name}: ${mended === undefined ? 'cannot be mended' : 'is mended, once and for all'}`, () => {
      for (const [at, changes] of bad.entries()) {
        const writing = { ...good, ...changes }
        const remark = remarksOn(writing).find(each => each.name === name)
        expect(remark?.mendable).to.equal(mended !== undefined)
        const after = mend(writing, name)
        if (mended === undefined) expect(after).to.deep.equal(writing)
        else expect(found(after), JSON.stringify(after)).not.to.include(name)
        if (mended !== undefined && at === 0) expect(after).to.deep.equal({ ...good, ...mended })
      }
    })
  }

  it('takes large texts in its stride', () => {
    const texts = [
      '> a\nb\n'.repeat(60_000),
      '>'.repeat(300_000),
      `a\n${'> b\n'.repeat(250_000)}`,
      `a\n${'b\n'.repeat(250_000)}> c\n> d\n> e`,
      '<p '.repeat(100_000),
      ' '.repeat(300_000),
      `${'> some words of it\n'.repeat(20_000)}`,
      'is '.repeat(100_000),
      '--\n'.repeat(100_000),
      'x'.repeat(300_000),
    ]
    const large = { ...parent, text: 'some words of '.repeat(7000) }
    for (const body of texts) {
      const writing = { ...good, body, parent: large }
      for (const { name } of remarksOn(writing)) mend(writing, name)
    }
  })

  it('takes line ends as a form sends them', () =>
    expect(found({ body: 'Hello.\r\n--\r\nme' })).to.deep.equal(['bare-mark']))

  it('knows no remark by the name of something else', () => {
    for (const name of ['', 'constructor', '__proto__', 'toString'])
      expect(mend(good, name)).to.deep.equal(good)
  })
})
