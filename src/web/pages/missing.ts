/** Pages for what is not here, or not for this reader: the two look the same. */
import { articleAddress } from '../addresses.ts'
import type { Answer, Site, Visit } from '../site.ts'

export function missing(heading: string, text: string): Answer {
  return { kind: 'trouble', status: 404, heading, text }
}

export const noSuchPage = missing('No such page', 'There is nothing at this address.')

export const noSuchGroup = missing(
  'No such newsgroup',
  'This server does not carry a newsgroup of that name.',
)

export const noSuchArticle = missing(
  'No such article',
  'This server has no article with that Message-ID: it may have expired, been cancelled, or never come here.',
)

/** `/m/?id=`: where the form on these pages leads. */
export async function findPage(_site: Site, visit: Visit): Promise<Answer> {
  const id = (visit.query.get('id') ?? '').replace(/\s+/g, '').replace(/^(?:news:)?<?([^<>]*)>?$/i, '$1')
  return id === '' ? noSuchArticle : { kind: 'redirect', status: 303, to: articleAddress(id) }
}
