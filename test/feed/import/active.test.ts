import { expect } from 'chai'
import { readActive } from '../../../src/feed/import/active.ts'
import { decodeDescription } from '../../../src/feed/import/description-charset.ts'

function read(active: string, descriptions: Buffer = Buffer.alloc(0)) {
  return [...readActive({ active: Buffer.from(active), descriptions })]
}

describe('readActive', () => {
  it('makes groups of an active file and a list of descriptions', () => {
    const descriptions = Buffer.from(
      'comp.a\t\tAbout a. (Moderated)\r\ncomp.b  About\tb.\nno.such\tGone\ncomp.c\n',
    )
    const lines = read(
      'comp.a 0000000010 0000000003 m\r\ncomp.b 0 1 y\ncomp.c 5 6 =comp.a\n.\n',
      descriptions,
    )
    expect(lines).to.deep.equal([
      {
        kind: 'group',
        group: { name: 'comp.a', high: 10, low: 3, status: 'm', description: 'About a. (Moderated)' },
      },
      { kind: 'group', group: { name: 'comp.b', high: 0, low: 1, status: 'y', description: 'About b.' } },
      { kind: 'group', group: { name: 'comp.c', high: 5, low: 6, status: '=comp.a' } },
    ])
  })

  const bad: [string, string][] = [
    ['comp.a 1 1', 'expected: name high low status'],
    ['comp.a 1 1 y y', 'expected: name high low status'],
    ['comp..a 1 1 y', 'not a newsgroup name'],
    ['../etc 1 1 y', 'not a newsgroup name'],
    ['control.cancel 1 1 n', 'reserved name'],
    ['comp.a -1 1 y', 'marks are not numbers'],
    ['comp.a 1 2147483648 y', 'marks beyond 2147483647'],
    ['comp.a 1 1 Y', 'unknown status'],
    ['comp.a 1 1 =', 'unknown status'],
  ]
  for (const [text, reason] of bad) {
    it(`says of ${text}: ${reason}`, () => {
      expect(read(`215 list follows\ncomp.z 1 1 y\n${text}\n`)[1]).to.deep.equal({
        kind: 'bad',
        line: 3,
        text,
        reason,
      })
    })
  }

  it('names the second line of a group', () => {
    expect(read('comp.a 1 1 y\ncomp.a 9 1 y')[1]).to.include({
      kind: 'bad',
      line: 2,
      reason: 'second line of this group',
    })
  })
})

describe('decodeDescription', () => {
  const table: [string, string, string, string][] = [
    ['UTF-8 before all else', 'tw.bbs', 'e4b8ad', '中'],
    ['Big5 in tw', 'tw.bbs', 'a4a4', '中'],
    ['Big5 in one group of a western hierarchy', 'scout.forum.chinese', 'a4a4a4e5', '中文'],
    ['windows-1252 beside it', 'scout.forum.norsk', 'e5', 'å'],
    ['GB 18030 in cn', 'cn.admin', 'd6d0', '中'],
    ['EUC-KR in han', 'han.x', 'c7d1', '한'],
    ['KOI8-R in fido7', 'fido7.ru', 'f7d3a3', 'Всё'],
    ['KOI8-U in ukr', 'ukr.x', 'a6', 'і'],
    ['EUC-JP in fj', 'fj.x', 'c6fc', '日'],
    ['ISO-2022-JP in japan', 'japan.x', '1b2442467c1b2842', '日'],
    ['windows-1252 elsewhere', 'de.x', 'fc80', 'ü€'],
    ['windows-1252 where the usual charset does not fit', 'han.x', 'e9', 'é'],
  ]
  for (const [title, name, hex, text] of table) {
    it(title, () => expect(decodeDescription(name, Buffer.from(hex, 'hex'))).to.equal(text))
  }
})
