/** What a reader may do with an article on its page, besides answering it: a form for each purpose, a button for each act. */
import type { ToolForm } from '../shown/reading.ts'
import type { Site, Visit } from '../site.ts'
import { type About, type Wish, wishesOf } from '../taste/quick.ts'
import { whyText } from '../taste/taste-wording.ts'
import { messageIds, type ShownArticle } from './shown-article.ts'

/** The thread by its first article, the author by the address. RFC 5322 3.6.2, RFC 5536 3.1.2 */
export function aboutArticle(article: ShownArticle): About {
  const from = article.header('From').trim()
  const address = /<([^<>\s]+@[^<>\s]+)>\s*$/.exec(from)?.[1] ?? /^([^\s()<>]+@[^\s()<>]+)/.exec(from)?.[1]
  const root = messageIds(article.header('References'))[0] ?? article.located.messageId
  return { root, author: address ?? from }
}

/** Why lists hide the article or put it forward; empty where no rule fits. */
export function whyOf(article: ShownArticle, { taste, words }: Visit): string {
  const [filed] = article.groups
  if (filed === undefined || taste.rules.length === 0) return ''
  const row = {
    subject: article.header('Subject'),
    from: article.header('From'),
    messageId: article.located.messageId,
    references: messageIds(article.header('References')),
    lines: linesOf(article.octets),
    octets: article.octets.length,
    newsgroups: () => article.groups.map(({ group }) => group.name),
  }
  return whyText(taste.judge(row, filed.group.name), words)
}

/** Of the body, as the overview counts them. RFC 3977 8.1 */
function linesOf(octets: Buffer): number {
  let count = 0
  const start = octets.indexOf('\r\n\r\n') + 3
  for (let at = octets.indexOf(lineFeed, start + 1); at >= 0; at = octets.indexOf(lineFeed, at + 1)) count++
  return count
}

const lineFeed = 0x0a

/** `back` is the page that the forms are on. */
export async function articleTools(
  site: Site,
  visit: Visit,
  { article, back }: { readonly article: ShownArticle; readonly back: string },
): Promise<ToolForm[]> {
  const { words, person, taste } = visit
  // A browser without a cookie may be a program that wants the text alone: no form is tied to it.
  if (!visit.hadCookie) return []
  const id = article.located.messageId
  const shared = { token: site.tokens.of(visit.cookie), back }
  const unread = { name: 'as', value: 'unread', text: words.reading.markUnread, key: 'u' }
  const marking = { ...shared, action: '/mark', id, buttons: [unread] }
  if (person === undefined) return [marking]
  const saved = await site.saved.has(person.account.name, id)
  const saving = {
    ...shared,
    action: '/save',
    id: '',
    buttons: [
      saved
        ? { name: 'forget', value: id, text: words.reading.forget, key: 's' }
        : { name: 'save', value: id, text: words.reading.save, key: 's' },
    ],
  }
  const said = wishesOf(taste.rules, aboutArticle(article))
  const texts: Record<Wish, string> = {
    'watch-thread': words.scores.watchThread,
    'ignore-thread': words.scores.ignoreThread,
    'watch-author': words.scores.watchAuthor,
    'ignore-author': words.scores.ignoreAuthor,
  }
  const wishing = {
    ...shared,
    action: '/taste',
    id,
    buttons: (Object.keys(texts) as Wish[])
      .filter(wish => !said.includes(wish))
      .map(wish => ({
        name: 'as',
        value: wish,
        text: texts[wish],
        key: wish === 'ignore-thread' ? 'm' : '',
      })),
  }
  return [marking, saving, wishing]
}
