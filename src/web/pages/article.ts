/** `/m/<message-id>/` and `/raw`: one article, as text for people and as the octets it is. */

import { visibleLine } from '../../article-text/visible.ts'
import {
  articleAddress,
  cancelAddress,
  editAddress,
  fileAddress,
  groupAddress,
  inGroup,
  nextAddress,
  postAddress,
  rawAddress,
  twinAddress,
} from '../addresses.ts'
import { articleTools, whyOf } from '../article/article-tools.ts'
import { blockSteps } from '../article/body-blocks.ts'
import { allHeaderLines, headerLines, identifierLines } from '../article/header-lines.ts'
import { languageOf, linesText } from '../article/line-texts.ts'
import { filledIn, isLong } from '../article/long-text.ts'
import { askedId, findAsked, messageIds, type ShownArticle } from '../article/shown-article.ts'
import { followThread } from '../follow.ts'
import { noArticleOf, noSuchArticle } from '../missing.ts'
import { trailTo } from '../navigation.ts'
import { isOwn } from '../posting/own.ts'
import { justOne } from '../read-state/number-ranges.ts'
import type { Link, Place } from '../render.ts'
import type { Answer, Site, Visit } from '../site.ts'
import { inSlices, type Slices, slicesOf } from '../slices.ts'
import { surroundingsOf } from '../surroundings.ts'
import { shownAuthor, shownSubject } from '../thread/conversation.ts'
import { fileLines, notesOf } from '../thread/told-article.ts'
import { whenOf } from '../wording.ts'

/** How this article is to be shown, as the address says it. */
interface Manner {
  readonly allHeaders: boolean
  readonly turned: boolean
  /** Of a long text. */
  readonly part?: number
}

function mannerOf(visit: Visit): Manner {
  return { allHeaders: visit.query.get('headers') === 'all', turned: visit.query.get('rot13') === '1' }
}

/** Of the article, in the group that it is read in. */
type Spot = Pick<ShownArticle, 'located' | 'carried'>

function mannerAddress({ located, carried }: Spot, { allHeaders, turned, part = 1 }: Manner): string {
  const query = [
    ...(allHeaders ? ['headers=all'] : []),
    ...(turned ? ['rot13=1'] : []),
    ...(part > 1 ? [`part=${part}`] : []),
  ].join('&')
  return inGroup(`${articleAddress(located.messageId)}${query === '' ? '' : `?${query}`}`, carried)
}

function mannerLink(text: string, spot: Spot, manner: Manner): Link {
  return { text, to: mannerAddress(spot, manner) }
}

/** `own`: the reader has written it. `parent`: message-ID of what it answers, or empty. */
function actions(
  article: ShownArticle,
  visit: Visit,
  { own, parent }: { readonly own: boolean; readonly parent: string },
): Link[] {
  const { messageId } = article.located
  const group = article.groups.find(({ group }) => visit.access.poster.mayPost(group.name))
  return [
    ...(group === undefined ? [] : [{ text: visit.words.article.reply, to: postAddress('', messageId) }]),
    ...(parent === ''
      ? []
      : [{ text: visit.words.article.parent, to: inGroup(articleAddress(parent), article.carried) }]),
    ...(own ? ownActions(messageId, visit) : []),
  ]
}

function ownActions(messageId: string, { words: { cancel } }: Visit): Link[] {
  return [
    { text: cancel.edit, to: editAddress(messageId) },
    { text: cancel.action, to: cancelAddress(messageId) },
  ]
}

function mannerLinks(article: ShownArticle, visit: Visit): Link[] {
  const words = visit.words.article
  const { allHeaders, turned } = mannerOf(visit)
  return [
    mannerLink(allHeaders ? words.fewerHeaders : words.allHeaders, article, {
      turned,
      allHeaders: !allHeaders,
    }),
    mannerLink(turned ? words.plain : words.rot13, article, { allHeaders, turned: !turned }),
    { text: words.raw, to: rawAddress(article.located.messageId) },
  ]
}

function articleData(article: ShownArticle, id: string, part: number): object {
  const fields = [
    'Subject',
    'From',
    'Date',
    'Newsgroups',
    'Followup-To',
    'References',
    'Organization',
  ] as const
  const present = fields.filter(name => article.header(name) !== '')
  return {
    messageId: id,
    headers: present.map(name => ({ name, value: article.header(name) })),
    filings: article.groups.map(({ group, number }) => ({ group: group.name, number })),
    body: linesText(article.body.part(part)),
    part,
    parts: article.body.parts,
    files: article.body.files.map(({ name, type, size }, at) => ({
      name,
      type,
      size,
      address: fileAddress(id, at + 1, name),
    })),
    raw: rawAddress(id),
  }
}

export async function articlePage(site: Site, visit: Visit): Promise<Answer> {
  const { place } = site.live
  const article = await findAsked(site, visit)
  if (article === undefined) return noArticleOf(`<${askedId(visit)}>`)
  const { words } = visit
  const slices = slicesOf(site.clock, site.turnstile.passFor(visit))
  if (visit.opened) for (const { group, number } of article.groups) visit.reader.mark(group, justOne(number))
  const id = article.located.messageId
  const subject = shownSubject(article.header('Subject'), words)
  const group = article.groups[0]?.group.name
  const up = group === undefined ? [] : [{ text: visibleLine(group), to: groupAddress(group) }]
  const own = await isOwn(site, visit, id)
  const around = await surroundingsOf(site, visit, article)
  const { allHeaders } = mannerOf(visit)
  const { part, lines, blocks } = await textAsked(article, visit, slices)
  const why = whyOf(article, visit)
  const tools = await articleTools(site, visit, { article, back: hereIn(article, visit) })
  const seam = isLong(blocks) ? site.random(16).toString('hex') : ''
  return {
    kind: 'page',
    keepsCookie: tools.length > 0,
    html: async () => {
      const page = site.render(
        'article',
        {
          frame: {
            ...site.frame(visit, subject, twinAddress(articleAddress(id))),
            ...followThread(group ?? '', messageIds(article.header('References'))[0] ?? id, { words, place }),
          },
          trail: [...trailTo(group ?? '', words), ...up],
          subject,
          author: shownAuthor(article.header('From')),
          when: whenOf(article.header('Date'), site.clock.now(), words),
          headers: allHeaders ? allHeaderLines(article, visit) : headerLines(article, visit),
          identifiers: allHeaders ? [] : identifierLines(article),
          language: languageOf(lines),
          blocks: seam === '' ? blocks : [],
          seam,
          notes: [...notesOf(article, words), ...(why === '' ? [] : [why])],
          parts: partLinks(article, visit, { part, parts: article.body.parts }),
          files: fileLines(article, words),
          actions: actions(article, visit, { own, parent: around.parent }),
          manners: mannerLinks(article, visit),
          neighbours: around.neighbours,
          thread: around.thread,
          next: nextAddress(id, article.carried),
          tools,
        },
        words,
      )
      if (seam === '') return page
      return inSlices(filledIn(page, blocks, { render: site.render, words, seam }), slices)
    },
    data: () => articleData(article, id, part),
  }
}

/** This page in the group that the article is read in, also where only the referrer has told it. */
function hereIn({ carried }: ShownArticle, { here, query }: Visit): string {
  return query.has('group') ? here : inGroup(here, carried)
}

/** The part of the text that was asked for, and the blocks it is shown in. */
async function textAsked({ body }: ShownArticle, visit: Visit, slices: Slices) {
  const part = partAsked(visit, body.parts)
  await slices.rest()
  const lines = body.part(part)
  await slices.rest()
  const blocks = await inSlices(blockSteps(lines, mannerOf(visit).turned, visit.words), slices)
  await slices.rest()
  return { part, lines, blocks }
}

function partAsked(visit: Visit, parts: number): number {
  const asked = visit.query.get('part') ?? ''
  return /^[1-9]\d{0,5}$/.test(asked) ? Math.min(Number(asked), parts) : 1
}

function partLinks(
  article: ShownArticle,
  visit: Visit,
  { part, parts }: { readonly part: number; readonly parts: number },
): Place[] {
  if (parts === 1) return []
  return Array.from({ length: parts }, (_, at) => ({
    text: visit.words.article.part(visit.words.number(at + 1)),
    to: mannerAddress(article, { ...mannerOf(visit), part: at + 1 }),
    current: at + 1 === part ? 'true' : '',
  }))
}

/** What was posted, octet for octet. */
export async function rawPage(site: Site, visit: Visit): Promise<Answer> {
  const article = await findAsked(site, visit)
  if (article === undefined) return noSuchArticle
  return { kind: 'octets', type: 'text/plain; charset=utf-8', body: article.octets }
}
