import { expect } from 'chai'
import { newName, strengthOf } from '../../../src/web/account/new-names.ts'

describe('web: names that people choose', () => {
  for (const good of ['ann', 'ann b.other', 'jürgen', 'анна', '김철수', 'a1', 'x'.repeat(40), 'o-p_q'])
    it(`${good} may be`, () => expect(newName(good)).to.equal(good))

  for (const bad of [
    '',
    'a',
    'Ann',
    ' ann',
    'ann ',
    'a..b',
    'a - b',
    'admin',
    'postmaster',
    'constructor',
    '__proto__',
    '-ann',
    'ann.',
    'ann\u202eb',
    'an\u200bn',
    'ann\0',
    'ann\r\nbcc',
    'аnn',
    'αnn',
    '<b>',
    'ann@b',
    'x'.repeat(41),
    'x'.repeat(100_000),
    '😀😀',
  ])
    it(`${JSON.stringify(bad.slice(0, 50))} may not be`, () => expect(newName(bad)).to.equal(undefined))
})

describe('web: passwords that people choose', () => {
  const words: readonly (readonly [string, string])[] = [
    ['', 'weak'],
    ['short1!', 'weak'],
    ['password123', 'weak'],
    ['Qwertzuiop', 'weak'],
    ['aaaaaaaaaaaaaaaa', 'weak'],
    ['abcdefghijkl', 'weak'],
    ['12345678901234', 'weak'],
    ['anna-in-berlin', 'weak'],
    ['tuesday1', 'fair'],
    ['horsebattery', 'good'],
    ['a horse that writes', 'strong'],
    ['p'.repeat(1000), 'strong'],
  ]
  for (const [password, expected] of words)
    it(`${JSON.stringify(password.slice(0, 30))} is ${expected}`, () =>
      expect(strengthOf(password, ['anna', 'berlin', ''])).to.equal(expected))
})
