/** `/saved/`: the articles a person has put aside, and `/save`, which does it. */

import { savedAddress, twinAddress } from '../addresses.ts'
import { articleLine } from '../article/article-lines.ts'
import { findArticle } from '../article/shown-article.ts'
import { backTo } from '../back.ts'
import { noSuchArticle } from '../missing.ts'
import { mostSaved } from '../people/saved-articles.ts'
import { type Answer, type Site, trouble, type Visit } from '../site.ts'

const address = savedAddress

export async function savedPage(site: Site, visit: Visit): Promise<Answer> {
  const { words, person } = visit
  const saved = person === undefined ? [] : await site.saved.list(person.account.name)
  const now = site.clock.now()
  return {
    kind: 'page',
    keepsCookie: true,
    html: () =>
      site.render(
        'saved',
        {
          frame: site.frame(visit, words.reading.saved, twinAddress(address)),
          heading: words.reading.saved,
          token: site.tokens.of(visit.cookie),
          back: address,
          articles: saved.map(each => {
            const line = articleLine(each, now, { words })
            return { ...line, id: each.messageId, about: words.reading.forgetOf(line.subject) }
          }),
        },
        words,
      ),
    data: () => ({ articles: saved }),
  }
}

/** `save` or `forget` names the article. */
export async function saveArticle(site: Site, visit: Visit): Promise<Answer> {
  const { form, person, words } = visit
  if (person === undefined) return noSuchArticle
  const forget = form.get('forget')
  if (forget !== null) {
    // Also one that is not here any more.
    if (Buffer.byteLength(forget) <= 250) await site.saved.forget(person.account.name, forget)
    return backTo(visit, address)
  }
  const id = (form.get('save') ?? '').replace(/^<(.*)>$/s, '$1')
  const article = await findArticle(site, visit, `<${id}>`)
  if (article === undefined) return noSuchArticle
  const kept = await site.saved.save(person.account.name, {
    messageId: article.located.messageId,
    at: site.clock.now(),
    subject: article.header('Subject'),
    from: article.header('From'),
    date: article.header('Date'),
  })
  return kept
    ? backTo(visit, address)
    : trouble(409, () => words.reading.tooManySaved(words.number(mostSaved)))
}
