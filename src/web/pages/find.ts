/** `/m/?id=`: where the form on pages that say what is missing leads. */
import { articleAddress } from '../addresses.ts'
import { noSuchArticle } from '../missing.ts'
import type { Answer, Site, Visit } from '../site.ts'

export async function findPage(_site: Site, visit: Visit): Promise<Answer> {
  const id = (visit.query.get('id') ?? '').replace(/\s+/g, '').replace(/^(?:news:)?<?([^<>]*)>?$/i, '$1')
  return id === '' ? noSuchArticle : { kind: 'redirect', status: 303, to: articleAddress(id) }
}
