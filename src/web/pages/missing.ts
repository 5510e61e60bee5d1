/** Pages for what is not here, or not for this reader: the two look the same. */
import { articleAddress, searchAddress } from '../addresses.ts'
import { type Answer, type Saying, type Site, trouble, type Visit } from '../site.ts'
import type { Words } from '../words/english.ts'

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

/** `/m/?id=`: where the form on these pages leads. */
export async function findPage(_site: Site, visit: Visit): Promise<Answer> {
  const id = (visit.query.get('id') ?? '').replace(/\s+/g, '').replace(/^(?:news:)?<?([^<>]*)>?$/i, '$1')
  return id === '' ? noSuchArticle : { kind: 'redirect', status: 303, to: articleAddress(id) }
}
