/** Answers for what is not here, or not for this reader: the two look the same. */
import { searchAddress } from './addresses.ts'
import { type Answer, type Saying, trouble } from './site.ts'
import type { Words } from './words/english.ts'

export const missing = (say: (words: Words) => Saying): Answer => trouble(404, say)

export const noSuchPage = missing(words => words.trouble.page)

export const noSuchGroup = missing(words => words.trouble.group)

export const noSuchThread = missing(words => words.trouble.thread)

export const noSuchArticle = missing(words => words.trouble.article)

/** Its thread may be here all the same. `id` with its brackets. */
export const noArticleOf = (id: string): Answer =>
  missing(words => ({
    ...words.trouble.article,
    link: { text: words.trouble.itsThread, to: searchAddress(`thread:${id}`) },
  }))
