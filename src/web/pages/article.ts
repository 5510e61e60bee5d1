/** `/m/<message-id>/` and `/raw`: one article, as text for people and as the octets it is. */

import { visibleLine } from '../../article-text/visible.ts'
import {
  articleAddress,
  cancelAddress,
  editAddress,
  fileAddress,
  groupAddress,
  postAddress,
  rawAddress,
  twinAddress,
} from '../addresses.ts'
import { bodyBlocks } from '../body-blocks.ts'
import { isOwn } from '../posting/own.ts'
import { justOne } from '../read-state/number-ranges.ts'
import type { FileLine, HeaderLine, Link } from '../render.ts'
import { findArticle, groupNames, messageIds, type ShownArticle } from '../shown-article.ts'
import type { Answer, Site, Visit } from '../site.ts'
import { authorName, whenOf } from '../wording.ts'
import type { Words } from '../words/english.ts'
import { trailTo } from './hierarchy.ts'
import { noArticleOf, noSuchArticle } from './missing.ts'

const shownHeaders = ['Organization', 'Keywords', 'Summary', 'Reply-To', 'Message-ID'] as const
/** More parents than these say little. */
const mostReferences = 8

export function findAsked(site: Site, visit: Visit): Promise<ShownArticle | undefined> {
  return findArticle(site, visit, `<${askedId(visit)}>`)
}

const askedId = (visit: Visit): string => visit.parameter('id').replace(/^<(.*)>$/s, '$1')

/** A group that this reader may not see is not named either. */
function groupLinks(value: string, article: ShownArticle, visit: Visit): Link[] {
  const filed = new Set<string>(article.groups.map(({ group }) => group.name))
  return groupNames(value)
    .filter(visit.access.mayRead)
    .map(name => ({ text: visibleLine(name), to: filed.has(name) ? groupAddress(name) : '' }))
}

function headerLines(article: ShownArticle, visit: Visit): HeaderLine[] {
  const lines: HeaderLine[] = [
    { name: 'From', parts: [{ text: visibleLine(article.header('From')), to: '' }] },
  ]
  for (const name of ['Newsgroups', 'Followup-To']) {
    const parts = groupLinks(article.header(name), article, visit)
    if (parts.length > 0) lines.push({ name, parts })
  }
  for (const name of shownHeaders) {
    const text = visibleLine(article.header(name))
    const repeats = name === 'Reply-To' && text === visibleLine(article.header('From'))
    if (text !== '' && !repeats) lines.push({ name, parts: [{ text, to: '' }] })
  }
  const references = messageIds(article.header('References')).slice(-mostReferences)
  const parts = references.map(id => ({ text: visibleLine(id), to: articleAddress(id) }))
  if (parts.length > 0) lines.push({ name: 'References', parts })
  return lines
}

function allHeaderLines(article: ShownArticle, visit: Visit): HeaderLine[] {
  return article.fields().map(({ name, value }) => ({
    name: visibleLine(name),
    parts: /^(?:newsgroups|followup-to)$/i.test(name)
      ? groupLinks(value, article, visit)
      : [{ text: visibleLine(value), to: '' }],
  }))
}

function fileLines({ body, located }: ShownArticle, words: Words): FileLine[] {
  return body.files.map(({ name, type, size }, at) => ({
    text: name,
    to: fileAddress(located.messageId, at + 1, name),
    about: `${visibleLine(type)}, ${words.size(size)}`,
  }))
}

function notesOf({ body }: ShownArticle, { article }: Words): string[] {
  return [...(body.html ? [article.html] : []), ...(body.cut ? [article.cut] : [])]
}

/** How this article is to be shown, as the address says it. */
interface Manner {
  readonly allHeaders: boolean
  readonly turned: boolean
}

function mannerOf(visit: Visit): Manner {
  return { allHeaders: visit.query.get('headers') === 'all', turned: visit.query.get('rot13') === '1' }
}

function mannerLink(text: string, messageId: string, { allHeaders, turned }: Manner): Link {
  const query = [...(allHeaders ? ['headers=all'] : []), ...(turned ? ['rot13=1'] : [])].join('&')
  return { text, to: `${articleAddress(messageId)}${query === '' ? '' : `?${query}`}` }
}

/** `own`: the reader has written it. */
function actions(article: ShownArticle, visit: Visit, own: boolean): Link[] {
  const { messageId } = article.located
  const group = article.groups.find(({ group }) => visit.access.poster.mayPost(group.name))
  const parent = messageIds(article.header('References')).at(-1)
  return [
    ...(group === undefined ? [] : [{ text: visit.words.article.reply, to: postAddress('', messageId) }]),
    ...(parent === undefined ? [] : [{ text: visit.words.article.parent, to: articleAddress(parent) }]),
    ...(own ? ownActions(messageId, visit) : []),
  ]
}

function ownActions(messageId: string, { words: { cancel } }: Visit): Link[] {
  return [
    { text: cancel.edit, to: editAddress(messageId) },
    { text: cancel.action, to: cancelAddress(messageId) },
  ]
}

function mannerLinks({ located: { messageId } }: ShownArticle, visit: Visit): Link[] {
  const words = visit.words.article
  const { allHeaders, turned } = mannerOf(visit)
  return [
    mannerLink(allHeaders ? words.fewerHeaders : words.allHeaders, messageId, {
      turned,
      allHeaders: !allHeaders,
    }),
    mannerLink(turned ? words.plain : words.rot13, messageId, { allHeaders, turned: !turned }),
    { text: words.raw, to: rawAddress(messageId) },
  ]
}

async function neighbours(site: Site, article: ShownArticle, words: Words): Promise<Link[]> {
  const filed = article.groups[0]
  if (filed === undefined) return []
  const { group, number } = filed
  const link = async (text: string, found: number | undefined): Promise<Link[]> => {
    const located = found === undefined ? undefined : await site.reading.locateNumber(group.id, found)
    return located === undefined ? [] : [{ text, to: articleAddress(located.messageId) }]
  }
  return [
    ...(await link(words.article.older, await site.reading.previous(group.id, number))),
    ...(await link(words.article.newer, await site.reading.next(group.id, number))),
  ]
}

function articleData(article: ShownArticle, id: string): object {
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
    body: article.body.text,
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
  const article = await findAsked(site, visit)
  if (article === undefined) return noArticleOf(`<${askedId(visit)}>`)
  const { words } = visit
  if (visit.opened) for (const { group, number } of article.groups) visit.reader.mark(group, justOne(number))
  const id = article.located.messageId
  const subject = visibleLine(article.header('Subject')) || words.page.noSubject
  const group = article.groups[0]?.group.name
  const up = group === undefined ? [] : [{ text: visibleLine(group), to: groupAddress(group) }]
  const own = await isOwn(site, visit, id)
  const around = await neighbours(site, article, words)
  const { allHeaders, turned } = mannerOf(visit)
  return {
    kind: 'page',
    html: () =>
      site.render(
        'article',
        {
          frame: site.frame(visit, subject, twinAddress(articleAddress(id))),
          trail: [...trailTo(group ?? '', words), ...up],
          subject,
          author: visibleLine(authorName(article.header('From'))),
          when: whenOf(article.header('Date'), site.clock.now(), words),
          headers: allHeaders ? allHeaderLines(article, visit) : headerLines(article, visit),
          blocks: bodyBlocks(article.body.lines, turned, words),
          notes: notesOf(article, words),
          files: fileLines(article, words),
          actions: actions(article, visit, own),
          manners: mannerLinks(article, visit),
          neighbours: around,
        },
        words,
      ),
    data: articleData(article, id),
  }
}

/** What was posted, octet for octet. */
export async function rawPage(site: Site, visit: Visit): Promise<Answer> {
  const article = await findAsked(site, visit)
  if (article === undefined) return noSuchArticle
  return { kind: 'octets', type: 'text/plain; charset=utf-8', body: article.octets }
}
