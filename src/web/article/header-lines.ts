/** The header of an article as pages show it: the fields that people ask for, or all. RFC 5536 3 */

import { visibleLine } from '../../article-text/visible.ts'
import { articleAddress, groupAddress } from '../addresses.ts'
import type { HeaderLine, Link } from '../render.ts'
import type { Visit } from '../site.ts'
import { groupNames, messageIds, type ShownArticle } from './shown-article.ts'

const shownHeaders = ['Organization', 'Keywords', 'Summary', 'Reply-To'] as const
/** More parents than these say little. */
const mostReferences = 8

/** A group that this reader may not see is not named either. */
function groupLinks(value: string, article: ShownArticle, visit: Visit): Link[] {
  const filed = new Set<string>(article.groups.map(({ group }) => group.name))
  return groupNames(value)
    .filter(visit.access.mayRead)
    .map(name => ({ text: visibleLine(name), to: filed.has(name) ? groupAddress(name) : '' }))
}

export function headerLines(article: ShownArticle, visit: Visit): HeaderLine[] {
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
  return lines
}

/** What names the article and those it answers. RFC 5536 3.1.3, 3.2.10 */
export function identifierLines(article: ShownArticle): HeaderLine[] {
  const own = visibleLine(article.header('Message-ID'))
  const references = messageIds(article.header('References')).slice(-mostReferences)
  const parts = references.map(id => ({ text: visibleLine(id), to: articleAddress(id) }))
  return [
    ...(own === '' ? [] : [{ name: 'Message-ID', parts: [{ text: own, to: '' }] }]),
    ...(parts.length === 0 ? [] : [{ name: 'References', parts }]),
  ]
}

export function allHeaderLines(article: ShownArticle, visit: Visit): HeaderLine[] {
  return article.fields().map(({ name, value }) => ({
    name: visibleLine(name),
    parts: /^(?:newsgroups|followup-to)$/i.test(name)
      ? groupLinks(value, article, visit)
      : [{ text: visibleLine(value), to: '' }],
  }))
}
