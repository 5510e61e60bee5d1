import { readdirSync, readFileSync } from 'node:fs'
import { expect } from 'chai'
import fc from 'fast-check'
import { english } from '../../../src/web/words/english.ts'
import { german } from '../../../src/web/words/german.ts'
import { languages, wordsFor } from '../../../src/web/words/words.ts'

const views = new URL('../../../../src/web/views/', import.meta.url)

/** Paths to every text: `common.skip`. */
function paths(value: object, before = ''): string[] {
  return Object.entries(value).flatMap(([name, inner]) =>
    typeof inner === 'object' ? paths(inner, `${before}${name}.`) : [`${before}${name}`],
  )
}

const textAt = (words: object, path: string): unknown =>
  path.split('.').reduce<unknown>((value, name) => Object(value)[name], words)

describe('web: words', () => {
  it('count, in the forms of each language', () => {
    expect([0, 1, 12_345].map(english.groupCount)).to.deep.equal(['0 groups', '1 group', '12,345 groups'])
    expect([1, 12_345].map(german.groupCount)).to.deep.equal(['1 Gruppe', '12.345 Gruppen'])
  })

  it('say how long ago, and never that the future is past', () => {
    const day = 86_400
    expect([30, 3 * day, 400 * day, -2 * day].map(english.ago)).to.deep.equal([
      'just now',
      '3 days ago',
      '1 year ago',
      'in 2 days',
    ])
    // What was begun a moment ago for a week.
    expect(english.ago(-7 * day + 1)).to.equal('in 7 days')
    expect(german.ago(3 * day)).to.equal('vor 3 Tagen')
  })

  it('say dates in the zone that the reader wants', () => {
    const time = Date.UTC(2026, 10, 21, 23, 5) / 1000
    expect(english.dateTime(time)).to.equal('21 Nov 2026, 23:05')
    expect(german.dateTime(time)).to.equal('21. Nov. 2026, 23:05')
    expect(german.inZone('Europe/Berlin').dateTime(time)).to.equal('22. Nov. 2026, 00:05')
  })

  it('say dates of each day the same, whether they have said that day before or not', () => {
    const ours = [english, german].map(({ dateTime }) => dateTime)
    const theirs = [english, german].map(({ inZone }) => inZone('Etc/UTC').dateTime)
    const times = fc.integer({ min: -(2 ** 31), max: 2 ** 32 })
    fc.assert(
      fc.property(fc.array(times), some => {
        for (const time of [...some, ...some.map(it => it + 3599.5)])
          expect(ours.map(say => say(time))).to.deep.equal(theirs.map(say => say(time)))
      }),
    )
  })

  it('say sizes', () =>
    expect([1, 999, 12_345, 2_500_000].map(english.size)).to.deep.equal([
      '1 byte',
      '999 bytes',
      '12 kB',
      '2.5 MB',
    ]))

  it('are in the language the browser likes best of those there are', () => {
    const language = (accepted: string) => wordsFor(accepted).language
    expect(language('de-AT,de;q=0.9,en;q=0.8')).to.equal('de')
    expect(language('fr, en;q=0.5, de;q=0.7')).to.equal('de')
    expect(language('fr;q=1')).to.equal('en')
    expect(language('de;q=0, en;q=0.1')).to.equal('en')
    expect(language('')).to.equal('en')
    expect(language(`de${';'.repeat(10_000)}`)).to.equal('de')
  })

  it('are there in every language, and none is empty', () => {
    const wanted = paths(english)
    for (const [tag, words] of languages) {
      expect(paths(words).sort(), tag).to.deep.equal([...wanted].sort())
      for (const path of wanted) expect(textAt(words, path), `${tag} ${path}`).to.not.equal('')
    }
  })

  it('that views ask for are there', () => {
    const known = new Set(paths(english))
    for (const file of readdirSync(views).filter(name => name.endsWith('.hbs')))
      for (const [, path = ''] of readFileSync(new URL(file, views), 'utf8').matchAll(/@words\.([\w.]+)/g))
        expect(known.has(path), `${file}: ${path}`).to.equal(true)
  })

  it('of views stand in the catalogue and not in the views', () => {
    for (const file of readdirSync(views).filter(name => name.endsWith('.hbs'))) {
      const bare = readFileSync(new URL(file, views), 'utf8')
        .replace(/\{\{[^{}]*\}\}/g, '')
        .replace(/<[^<>]*>/g, '')
      expect(bare.replace(/&\w+;|\bUTC\b/g, ''), file).not.to.match(/\p{L}{2}/u)
    }
  })
})
