/** What is around an article: its conversation, and where one reads on from it. */
import { articleAddress, inGroup } from './addresses.ts'
import { messageIds, type ShownArticle } from './article/shown-article.ts'
import type { KeyLink, ThreadBox } from './render.ts'
import type { Site, Visit } from './site.ts'
import { type Conversation, conversationOf } from './thread/conversation.ts'
import { noThread, threadBox } from './thread/thread-box.ts'
import { none } from './threading/links.ts'

/** Lines of the tree, around the article. */
const mostLines = 120
/** Of an article in many groups, those whose conversations are looked at. */
const mostGroups = 3
/** Places behind the article that are looked at for one that is not read. */
const mostLookedAt = 5000

export interface Surroundings {
  readonly thread: ThreadBox
  readonly neighbours: readonly KeyLink[]
  /** Message-ID of what it answers; empty where it answers nothing. */
  readonly parent: string
}

export async function surroundingsOf(site: Site, visit: Visit, article: ShownArticle): Promise<Surroundings> {
  // What takes the place of another names that last, and does not answer it.
  const answered =
    article.header('Supersedes') === '' ? (messageIds(article.header('References')).at(-1) ?? '') : ''
  for (const { group, number } of article.groups.slice(0, mostGroups)) {
    const conversation = await conversationOf(site, group, number)
    const place = conversation?.placeOf(number) ?? none
    if (conversation === undefined || place === none || conversation.length < 2) continue
    const above = conversation.parentOf(place)
    return {
      thread: threadBox(conversation, {
        visit,
        around: place,
        most: mostLines,
        current: number,
        carried: article.carried,
      }),
      neighbours: neighboursIn(conversation, { place, carried: article.carried, visit }),
      parent: above === none ? answered : conversation.messageId(above),
    }
  }
  return { thread: noThread, neighbours: await inOrder(site, visit, article), parent: answered }
}

interface Standing {
  readonly place: number
  readonly carried: string
  readonly visit: Visit
}

function neighboursIn(conversation: Conversation, { place, carried, visit }: Standing): KeyLink[] {
  const { words, reader } = visit
  const { threads } = words
  const link = (text: string, at: number, key: KeyLink['key']): KeyLink[] =>
    at < 0 || at >= conversation.length
      ? []
      : [{ text, to: inGroup(articleAddress(conversation.messageId(at)), carried), key }]
  let unread = place + 1
  const end = Math.min(conversation.length, place + mostLookedAt)
  while (unread < end && reader.isRead(conversation.group, conversation.number(unread))) unread++
  return [
    ...link(threads.before, place - 1, 'k'),
    ...link(threads.behind, place + 1, 'j'),
    // Where it is the next anyway, one link says it.
    ...(unread > place + 1 && unread < end ? link(threads.nextUnread, unread, 'Space') : []),
  ]
}

/** Of an article that stands alone. */
async function inOrder(
  { reading }: Site,
  { words }: Visit,
  { groups, carried }: ShownArticle,
): Promise<KeyLink[]> {
  const [filed] = groups
  if (filed === undefined) return []
  const { group, number } = filed
  const link = async (text: string, found: number | undefined, key: KeyLink['key']): Promise<KeyLink[]> => {
    const located = found === undefined ? undefined : await reading.locateNumber(group.id, found)
    return located === undefined
      ? []
      : [{ text, to: inGroup(articleAddress(located.messageId), carried), key }]
  }
  return [
    ...(await link(words.article.older, await reading.previous(group.id, number), 'k')),
    ...(await link(words.article.newer, await reading.next(group.id, number), 'j')),
  ]
}
