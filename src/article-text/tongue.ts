/**
 * Which way a text runs and in which language it is, as far as its characters tell, so that browsers order, break and
 * draw it well. Unicode UAX #9 3.3.1 (P2, P3), UAX #24; BCP 47
 */

/** What answers and lists put before a subject says nothing about it. Never two runs of blanks side by side. RFC 5256 2.1 */
const before = /^(?:\s|\[[^[\]]*\]|(?:re|fwd?|aw|sv|antw|odp|rif|res|vs|ynt)\s*(?:\[\d+\]\s*)?[:：])+/i
const letter = /\p{L}/u
const rightToLeft = /^[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u

/** Of a subject, by the first letter behind `Re:` and the like. */
export function directionOf(subject: string): 'ltr' | 'rtl' {
  const [first = ''] = letter.exec(subject.replace(before, '')) ?? []
  return rightToLeft.test(first) ? 'rtl' : 'ltr'
}

const eastAsian = /[\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\uff66-\uff9d]/
const kana = /[\u3040-\u30ff\uff66-\uff9d]/
const hangul = /[\u1100-\u11ff\uac00-\ud7af]/
/** Frequent characters that the other of the two, and Japanese, write differently. */
const traditional = /[們這說麼沒發對來經與從應實體學國點會樣讀寫權關嗎讓爲妳您啦]/
const simplified = /[们这说么发对与从应实关时问题请样读写为过还进开长东车马见吗让认记论]/

/** Empty where nothing tells: most languages share their letters. Characters are looked at, words are not. */
export function tongueOf(text: string): '' | 'ja' | 'ko' | 'zh-Hant' | 'zh-Hans' {
  if (!eastAsian.test(text)) return ''
  if (kana.test(text)) return 'ja'
  if (hangul.test(text)) return 'ko'
  if (traditional.test(text)) return 'zh-Hant'
  return simplified.test(text) ? 'zh-Hans' : ''
}
