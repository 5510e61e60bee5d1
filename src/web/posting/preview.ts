/** The article that a form would become, as it will be read: composed, parsed and decoded like any other. */
import { Article } from '../../article.ts'
import { visibleLine } from '../../article-text/visible.ts'
import { bodyBlocks } from '../article/body-blocks.ts'
import { contentOf } from '../article/shown-article.ts'
import type { Preview } from '../render.ts'
import type { Site, Visit } from '../site.ts'
import { authorName } from '../wording.ts'

/** Undefined where it is no article: injecting it says why. Path, Date and what else the server adds is not in it. */
export function previewOf(wire: Buffer, site: Site, { words }: Visit): Preview | undefined {
  const article = Article.parse(wire, site.config().limits)
  if (!(article instanceof Article)) return undefined
  const { header, fields, body } = contentOf(article)
  return {
    subject: visibleLine(header('Subject')),
    author: visibleLine(authorName(header('From'))),
    headers: fields().map(({ name, value }) => ({
      name: visibleLine(name),
      parts: [{ text: visibleLine(value), to: '' }],
    })),
    blocks: bodyBlocks(body.lines, false, words),
  }
}
