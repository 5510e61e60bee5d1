/** One article: ARTICLE, HEAD, BODY, STAT. RFC 3977 6.2 */

import type { ArticleNumber, Located, StoredArticle } from '../../storage/reading.ts'
import { terminator } from '../../wire.ts'
import { type Command, line, type Response } from '../command.ts'
import { visibleArticle } from '../narrowed.ts'
import { NntpError } from '../nntp-error.ts'
import type { Session } from '../session.ts'
import { isNumberOrId } from '../syntax.ts'
import { currentNumber, isVisible, locateVisible, selectedGroup } from '../visible.ts'

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
    async run(session, [which]) {
      const point = pointer(session)
      const { number, located } = await find(session, which)
      point(number)
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
    // Without an argument it is the current article, which the commands before it decide.
    concurrent: ([which]: readonly string[]) => which !== undefined,
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
    holdsArticle: true,
    async run(session, [which]) {
      const point = pointer(session)
      const { number, article } = await fetch(session, which)
      point(number)
      return answer(visibleArticle(session, article), `${number} ${article.messageId}`)
    },
  }
}

async function fetch(session: Session, which: string | undefined) {
  const { reading } = session.services
  if (which?.startsWith('<')) {
    const article = await reading.articleById(which)
    if (article === undefined || !(await isVisible(session, article))) throw new NntpError(430)
    return { number: 0, article }
  }
  const group = selectedGroup(session)
  const number = which === undefined ? currentNumber(session) : Number(which)
  const article = await reading.articleByNumber(group, number)
  if (article === undefined) throw new NntpError(missing(which))
  return { number, article }
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

/**
 * RFC 3977 6.2.1.2: a number that was found becomes the current one, a message-ID changes nothing. What is looked for
 * at the same time may be found in any order: the command that came last counts.
 */
function pointer(session: Session): (number: number) => void {
  const turn = (session.turns ?? 0) + 1
  session.turns = turn
  return number => {
    if (number === 0 || turn < (session.pointed ?? 0)) return
    session.pointed = turn
    session.number = number as ArticleNumber
  }
}
