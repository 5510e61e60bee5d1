/** `/m/<message-id>/t/`: the conversation that an article is in, its tree and its texts, twenty a page. */
import { articleAddress, inGroup, threadAddress, twinAddress } from '../addresses.ts'
import { linesText } from '../article/line-texts.ts'
import type { ShownArticle } from '../article/shown-article.ts'
import { justOne } from '../read-state/number-ranges.ts'
import type { KeyLink, ToldArticle } from '../render.ts'
import type { Answer, Site, Visit } from '../site.ts'
import { slicesOf } from '../slices.ts'
import { type Conversation, shownSubject } from '../thread/conversation.ts'
import { articleAt, findThread, type Spot, threadTrail } from '../thread/found-thread.ts'
import { threadBox } from '../thread/thread-box.ts'
import { anchorOf, toldArticle } from '../thread/told-article.ts'

const bodiesPerPage = 20
/** Lines of the tree, around the page. */
const mostLines = 500
/** Characters of all texts of a page, of one, and of one when those are used up. */
const roomOf = { page: 120_000, article: 16_000, least: 600 } as const

function pageAsked(visit: Visit, pages: number): number {
  const asked = visit.query.get('page') ?? ''
  return /^[1-9]\d{0,6}$/.test(asked) ? Math.min(Number(asked), pages) : 1
}

const pageOf = (at: number): number => Math.floor(at / bodiesPerPage) + 1

export async function threadPage(site: Site, visit: Visit): Promise<Answer> {
  const found = await findThread(site, visit)
  if ('kind' in found) return found
  const {
    conversation,
    article: { carried },
  } = found
  const { words } = visit
  const pages = pageOf(conversation.length - 1)
  const page = pageAsked(visit, pages)
  const from = (page - 1) * bodiesPerPage
  const told = await toldFrom(site, visit, { conversation, at: from })
  const root = conversation.messageId(0)
  const subject = shownSubject(conversation.article(0).subject, words)
  return {
    kind: 'page',
    html: () =>
      site.render(
        'conversation',
        {
          frame: site.frame(visit, subject, twinAddress(threadAddress(root))),
          trail: threadTrail(conversation, visit),
          subject,
          thread: threadBox(conversation, {
            visit,
            around: from + bodiesPerPage / 2,
            most: mostLines,
            carried,
            address: (at, { number }) =>
              inGroup(`${threadAddress(root, pageOf(at))}#${anchorOf(number)}`, carried),
          }),
          told: told.map(({ shown }) => shown),
          pager: pagerOf(conversation, { page, pages, carried, visit }),
        },
        words,
      ),
    data: {
      messageId: root,
      subject: conversation.article(0).subject,
      group: conversation.group.name,
      articles: conversation.length,
      page,
      pages,
      told: told.map(({ article, at }) => ({
        messageId: article.located.messageId,
        number: conversation.number(at),
        depth: conversation.depth(at),
        subject: article.header('Subject'),
        from: article.header('From'),
        date: article.header('Date'),
        body: linesText(article.body.part(1)),
        parts: article.body.parts,
        address: articleAddress(article.located.messageId),
      })),
    },
  }
}

interface Told {
  readonly at: number
  readonly article: ShownArticle
  readonly shown: ToldArticle
}

async function toldFrom(site: Site, visit: Visit, { conversation, at: from }: Spot): Promise<Told[]> {
  const slices = slicesOf(site.clock, site.turnstile.passFor(visit))
  const now = site.clock.now()
  const told: Told[] = []
  let left: number = roomOf.page
  for (let at = from; at < Math.min(from + bodiesPerPage, conversation.length); at++) {
    const article = await articleAt(site, visit, { conversation, at })
    if (article === undefined) continue
    await slices.rest()
    if (visit.opened) visit.reader.mark(conversation.group, justOne(conversation.number(at)))
    const before = told.at(-1)?.article.header('Subject')
    const room = Math.max(Math.min(left, roomOf.article), roomOf.least)
    const shown = toldArticle(article, { conversation, at }, { visit, now, room, indented: true, before })
    left -= Math.min(article.octets.length, room)
    told.push({ at, article, shown })
    await slices.rest()
  }
  return told
}

interface Turning {
  readonly page: number
  readonly pages: number
  readonly carried: string
  readonly visit: Visit
}

function pagerOf(conversation: Conversation, { page, pages, carried, visit: { words } }: Turning): KeyLink[] {
  const root = conversation.messageId(0)
  const place = words.threads.at(words.number(page), words.number(pages))
  if (pages === 1) return []
  return [
    ...(page > 1
      ? [
          {
            text: words.threads.pageBefore,
            to: inGroup(threadAddress(root, page - 1), carried),
            key: '',
          } as const,
        ]
      : []),
    ...(page < pages
      ? [
          {
            text: `${words.threads.pageBehind} (${place})`,
            to: inGroup(threadAddress(root, page + 1), carried),
            key: 'Space',
          } as const,
        ]
      : []),
  ]
}
