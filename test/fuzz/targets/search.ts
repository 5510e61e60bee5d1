/** What somebody looks for, and the words of texts. */
import { hitPieces, isPhrase, matchesClause } from '../../../src/search/matches.ts'
import { isProblem, longestQuery, parseQuery, type Query } from '../../../src/search/query.ts'
import { longestWord, wordsIn } from '../../../src/search/words.ts'
import { always, type Target, whole } from '../target.ts'

const query: Target = {
  name: 'query',
  seeds: [
    Buffer.from('from:ann "two words" -subject:x* group:comp.*,!comp.x after:1993 before:1994-05-06'),
    Buffer.from('thread:<a@b> mid:a@b körper 日本語 語 re-read'),
  ],
  words: ['from:', 'group:', '-', '"', '*', ' ', ':', '<', '@', '2024', 'mid:', '語', 'ß', '\u0301'],
  run(pieces) {
    const text = whole(pieces).toString()
    const parsed = parseQuery(text)
    if (isProblem(parsed)) return parsed.problem
    always(text.length <= longestQuery, 'a query is bounded')
    return JSON.stringify(parsed.clauses)
  },
}

const usual = parseQuery('the "of and" ab* 日本') as Query

const words: Target = {
  name: 'words',
  seeds: [
    Buffer.from('The words of and in it, abc-def Käse naïve ΆΛΦΑ\n> quoted\n'),
    Buffer.from('日本語とテスト ภาษาไทย हिन्दी 하늘 ﬁ ＡＢ ½ e\u0301'),
  ],
  words: ['the ', 'of and', '日', 'ー', '\u0301', '\u3099', 'İ', 'ß', '\ud83d\ude00', '\n', "'"],
  run(pieces) {
    const text = whole(pieces).toString()
    let last = 0
    const found: string[] = []
    for (const { word, start, end } of wordsIn(text, { tails: true })) {
      always(start >= last && end > start && end <= text.length, 'words stand in order')
      always(word !== '' && word.length <= longestWord, 'a word is bounded')
      last = start
      found.push(word)
    }
    const shown = hitPieces(text, 'body', usual)
    always(shown.map(piece => piece.text).join('') === text, 'pieces joined are the text')
    const [phrase] = usual.clauses.filter(isPhrase)
    const holds = phrase && matchesClause(phrase, { subject: '', from: '', body: text })
    return `${found.length} ${holds}`
  },
}

export const searchTargets: readonly Target[] = [query, words]
