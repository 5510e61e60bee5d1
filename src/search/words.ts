/**
 * Text as the words by which it is found: letters and digits without their marks, in lower case; what is written without
 * blanks between words as pairs of characters. Unicode UAX 15, UAX 29 (the default rules alone).
 */

/** Characters of a word that count; a longer one is cut there, in texts and in queries alike. */
export const longestWord = 40

/** A word in a text, with the place where it is written. */
export interface Found {
  readonly word: string
  readonly start: number
  readonly end: number
}

const run = /[\p{L}\p{N}\p{M}]+/uy
const notOfWords = /[^\p{L}\p{N}\p{M}]+/gu
/** Written without blanks: pairs of characters take the place of words. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\u30fc]/u
const unspacedRun = new RegExp(`${unspaced.source}+`, 'gu')

/** Marks of Latin, Greek and Cyrillic letters; those of other scripts are letters to their readers. */
const marks = /[\u0300-\u036f]+/g

function folded(text: string): string {
  const apart = text.normalize('NFKD').replace(marks, '').normalize('NFC').toLowerCase()
  return apart.replaceAll('ß', 'ss').replace(marks, '').replace(notOfWords, '')
}

function isAsciiWord(code: number): boolean {
  return (code > 96 && code < 123) || (code > 47 && code < 58) || (code > 64 && code < 91)
}

export interface Tokens {
  /** Give the last character of what is written without blanks as a word of its own too: for the index. */
  readonly tails?: boolean
}

/** All words in their order, with their places. O(n) */
export function* wordsIn(text: string, { tails = false }: Tokens = {}): Generator<Found> {
  for (let at = 0; at < text.length; ) {
    const code = text.charCodeAt(at)
    if (code < 128) {
      if (!isAsciiWord(code)) {
        at += 1
        continue
      }
      let end = at + 1
      while (end < text.length && isAsciiWord(text.charCodeAt(end))) end++
      if (end === text.length || text.charCodeAt(end) < 128) {
        yield { word: text.slice(at, Math.min(end, at + longestWord)).toLowerCase(), start: at, end }
        at = end
        continue
      }
    }
    run.lastIndex = at
    const match = run.exec(text)
    if (match === null) {
      at += 1
      continue
    }
    yield* inRun(match[0], at, tails)
    at += match[0].length
  }
}

function* inRun(text: string, start: number, tails: boolean): Generator<Found> {
  if (!unspaced.test(text)) {
    yield* spaced(text, start)
    return
  }
  let last = 0
  for (const match of text.matchAll(unspacedRun)) {
    yield* spaced(text.slice(last, match.index), start + last)
    yield* pairs(match[0], start + match.index, tails)
    last = match.index + match[0].length
  }
  yield* spaced(text.slice(last), start + last)
}

function* spaced(text: string, start: number): Generator<Found> {
  const word = folded(text)
  if (word !== '') yield { word: cut(word), start, end: start + text.length }
}

/** Never between the halves of a character. */
function cut(word: string): string {
  return word.length <= longestWord ? word : word.slice(0, longestWord).replace(/[\ud800-\udbff]$/, '')
}

function* pairs(text: string, start: number, tails: boolean): Generator<Found> {
  const characters = [...text]
  let at = start
  for (const [index, first] of characters.entries()) {
    const second = characters[index + 1]
    const end = at + first.length + (second?.length ?? 0)
    const word = folded(first + (second ?? ''))
    if (word !== '' && (second !== undefined || tails || characters.length === 1))
      yield { word, start: at, end }
    at += first.length
  }
}
