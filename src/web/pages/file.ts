/** `/m/<message-id>/a/<n>/<file>`: one file of an article, by its place; the name in the address is for people. */
import { servedFile } from '../article/served-file.ts'
import { findAsked } from '../article/shown-article.ts'
import { missing, noSuchArticle } from '../missing.ts'
import type { Answer, Site, Visit } from '../site.ts'

export async function filePage(site: Site, visit: Visit): Promise<Answer> {
  const article = await findAsked(site, visit)
  if (article === undefined) return noSuchArticle
  const number = visit.parameter('number')
  const file = /^[1-9]\d{0,3}$/.test(number) ? article.body.files[Number(number) - 1] : undefined
  if (file === undefined) return missing(words => words.trouble.file)
  const { octets } = file.open()
  return { kind: 'octets', body: octets, ...servedFile(file.name, file.type, octets) }
}
