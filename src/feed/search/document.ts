/** What the index keeps of an article: its words by the fields they stand in, its groups, thread and date. */
import type { Article } from '../../article.ts'
import { parseDate } from '../../date.ts'
import { searchedText, threadOf } from '../../search/searched-text.ts'
import { wordsIn } from '../../search/words.ts'
import type { ArrivalRow } from '../../storage/reading.ts'
import type { SearchDocument } from '../../storage/search/open-search-block.ts'
import { inBody, inFrom, inSubject } from '../../storage/search/search-postings.ts'

/** Different words of an article; the list of a whole dictionary is nothing to be found by. */
const mostWords = 5000

export function documentOf(article: Article, row: ArrivalRow): SearchDocument {
  const { subject, from, body } = searchedText(article)
  const words = new Map<string, number>()
  for (const [text, field] of [
    [subject, inSubject],
    [from, inFrom],
    [body, inBody],
  ] as const)
    for (const { word } of wordsIn(text, { tails: true })) {
      const known = words.get(word)
      if (known === undefined && words.size >= mostWords) continue
      words.set(word, (known ?? 0) | field)
    }
  return {
    words,
    groups: row.filings.map(({ group }) => group),
    thread: threadOf(article) || row.messageId,
    date: parseDate(article.header('Date') ?? '') ?? row.time,
  }
}
