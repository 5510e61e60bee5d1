/** One article: ARTICLE, HEAD, BODY, STAT. RFC 3977 6.2 */

import type { ArticleNumber, Located, StoredArticle } from '../../storage/reading.ts'
import { terminator } from '../../wire.ts'
import { type Command, line, type Response } from '../command.ts'
import { NntpError } from '../nntp-error.ts'
import type { Session } from '../session.ts'
import { isNumberOrId } from '../syntax.ts'
import { currentNumber, locateVisible, selectedGroup } from '../visible.ts'

export const articleCommands: readonly Command[] = [
  fetching('ARTICLE', 'RFC 3977 6.2.1', (article, text) => ({
    kind: 'block',
    code: 220,
    text,
    block: article.served,
  })),
  fetching('HEAD', 'RFC 3977 6.2.2', (article, text) => ({
    kind: 'block',
    code: 221,
    text,
    block: Buffer.concat([article.head, terminator]),
  })),
  fetching('BODY', 'RFC 3977 6.2.3', (article, text) => ({
    kind: 'block',
    code: 222,
    text,
    block: article.body,
  })),
  {
    ...shape('STAT', 'RFC 3977 6.2.4'),
    concurrent: ([which]) => which?.startsWith('<') === true,
    async run(session, [which]) {
      const { number, located } = await find(session, which)
      point(session, number)
      return line(223, `${number} ${located.messageId}`)
    },
  },
]

function shape(name: string, rfc: string) {
  return {
    name,
    args: [0, 1],
    needs: ['reader'],
    syntax: `${name} [message-id|number]`,
    rfc,
    capability: 'READER',
    valid: ([which]: readonly string[]) => which === undefined || isNumberOrId(which),
  } as const
}

function fetching(
  name: string,
  rfc: string,
  answer: (article: StoredArticle, text: string) => Response,
): Command {
  return {
    ...shape(name, rfc),
    async run(session, [which]) {
      const { number, located } = await find(session, which)
      const article = await session.services.reading.article(located.arrival)
      if (article === undefined) throw new NntpError(missing(which))
      point(session, number)
      return answer(article, `${number} ${located.messageId}`)
    },
  }
}

interface Found {
  /** 0 for an article that was asked for by message-ID. */
  readonly number: number
  readonly located: Located
}

async function find(session: Session, which: string | undefined): Promise<Found> {
  if (which?.startsWith('<')) return { number: 0, located: await locateVisible(session, which) }
  const group = selectedGroup(session)
  const number = which === undefined ? currentNumber(session) : Number(which)
  const located = await session.services.reading.locateNumber(group, number)
  if (located === undefined) throw new NntpError(missing(which))
  return { number, located }
}

/** RFC 3977 6.2.1.1: the code for an article that is not there, by the form of the argument. */
function missing(which: string | undefined): 420 | 423 | 430 {
  if (which === undefined) return 420
  return which.startsWith('<') ? 430 : 423
}

/** RFC 3977 6.2.1.2: a number that was found becomes the current one, a message-ID changes nothing. */
function point(session: Session, number: number): void {
  if (number > 0) session.number = number as ArticleNumber
}
