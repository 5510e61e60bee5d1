/** `/m/<message-id>/` and `/raw`: one article, as text for people and as the octets it is. */
import { articleAddress, groupAddress, postAddress, rawAddress, twinAddress } from '../addresses.ts'
import { textRuns } from '../quotes.ts'
import type { BodyRun, HeaderLine, Link } from '../render.ts'
import { findArticle, groupNames, messageIds, type ShownArticle } from '../shown-article.ts'
import type { Answer, Site, Visit } from '../site.ts'
import { visibleLine, visibleText } from '../visible.ts'
import { authorName, whenOf } from '../wording.ts'
import { trailTo } from './hierarchy.ts'
import { noSuchArticle } from './missing.ts'

const shownHeaders = ['Organization', 'Keywords', 'Summary', 'Reply-To', 'Message-ID'] as const
/** More parents than these say little. */
const mostReferences = 8

function find(site: Site, visit: Visit): Promise<ShownArticle | undefined> {
  const id = visit.parameter('id').replace(/^<(.*)>$/s, '$1')
  return findArticle(site, visit, `<${id}>`)
}

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

function bodyRuns(article: ShownArticle): BodyRun[] {
  const quoted = ['own', 'q1', 'q2', 'q3', 'q4'] as const
  return textRuns(visibleText(article.body.text)).map(({ depth, signature, text }) => ({
    style: signature ? 'signature' : (quoted[depth] ?? 'q4'),
    text,
  }))
}

function actions(article: ShownArticle, visit: Visit): Link[] {
  const { messageId } = article.located
  const group = article.groups.find(({ group }) => visit.access.poster.mayPost(group.name))
  const parent = messageIds(article.header('References')).at(-1)
  return [
    ...(group === undefined ? [] : [{ text: 'Reply', to: postAddress('', messageId) }]),
    ...(parent === undefined ? [] : [{ text: 'Parent', to: articleAddress(parent) }]),
    { text: 'Raw', to: rawAddress(messageId) },
  ]
}

async function neighbours(site: Site, article: ShownArticle): Promise<Link[]> {
  const filed = article.groups[0]
  if (filed === undefined) return []
  const { group, number } = filed
  const link = async (text: string, found: number | undefined): Promise<Link[]> => {
    const located = found === undefined ? undefined : await site.reading.locateNumber(group.id, found)
    return located === undefined ? [] : [{ text, to: articleAddress(located.messageId) }]
  }
  return [
    ...(await link('‹ Older', await site.reading.previous(group.id, number))),
    ...(await link('Newer ›', await site.reading.next(group.id, number))),
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
    omitted: article.body.omitted,
    raw: rawAddress(id),
  }
}

export async function articlePage(site: Site, visit: Visit): Promise<Answer> {
  const article = await find(site, visit)
  if (article === undefined) return noSuchArticle
  const id = article.located.messageId
  const subject = visibleLine(article.header('Subject')) || '(no subject)'
  const group = article.groups[0]?.group.name
  const up = group === undefined ? [] : [{ text: visibleLine(group), to: groupAddress(group) }]
  const around = await neighbours(site, article)
  return {
    kind: 'page',
    html: () =>
      site.render('article', {
        frame: site.frame(subject, twinAddress(articleAddress(id))),
        trail: [...trailTo(group ?? ''), ...up],
        subject,
        author: visibleLine(authorName(article.header('From'))),
        when: whenOf(article.header('Date'), site.clock.now()),
        headers: headerLines(article, visit),
        runs: bodyRuns(article),
        note: article.body.html
          ? 'This article has no plain text: what follows is the source of its HTML.'
          : '',
        omitted: article.body.omitted.map(visibleLine),
        actions: actions(article, visit),
        neighbours: around,
      }),
    data: articleData(article, id),
  }
}

/** What was posted, octet for octet. */
export async function rawPage(site: Site, visit: Visit): Promise<Answer> {
  const article = await find(site, visit)
  if (article === undefined) return noSuchArticle
  return { kind: 'octets', type: 'text/plain; charset=utf-8', body: article.octets }
}
