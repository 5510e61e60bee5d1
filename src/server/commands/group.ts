/** Groups and the current article: GROUP, LISTGROUP, NEXT, LAST. RFC 3977 6.1 */

import type { ArticleNumber, Group } from '../../storage/reading.ts'
import { body, type Command, line, type Response } from '../command.ts'
import { NntpError } from '../nntp-error.ts'
import { linesOf } from '../pace.ts'
import type { Session } from '../session.ts'
import { parseRange } from '../syntax.ts'
import { currentNumber, selectedGroup, visibleGroup } from '../visible.ts'

export const groupCommands: readonly Command[] = [
  {
    name: 'GROUP',
    args: [1, 1],
    needs: ['reader'],
    syntax: 'GROUP newsgroup',
    rfc: 'RFC 3977 6.1.1',
    capability: 'READER',
    async run(session, [name = '']) {
      const group = await visibleGroup(session, name)
      select(session, group)
      return line(211, marks(group))
    },
  },
  {
    name: 'LISTGROUP',
    args: [0, 2],
    needs: ['reader'],
    syntax: 'LISTGROUP [newsgroup [range]]',
    rfc: 'RFC 3977 6.1.2',
    capability: 'READER',
    valid: ([, range]) => range === undefined || parseRange(range) !== undefined,
    async run(session, [name, text]) {
      selectedGroupUnless(session, name)
      const group = await visibleGroup(session, name ?? session.group?.name ?? '')
      select(session, group)
      const asked = (text === undefined ? undefined : parseRange(text)) ?? group
      // RFC 3977 6.1.1.2: nothing beyond the marks that the status line gives.
      const range = { low: Math.max(asked.low, group.low), high: Math.min(asked.high, group.high) }
      const numbers = range.high < range.low ? [] : session.services.reading.numbers(group.id, range)
      return body(211, `${marks(group)} list follows`, linesOf(session, numbers, { render: String }))
    },
  },
  {
    name: 'NEXT',
    args: [0, 0],
    needs: ['group', 'reader'],
    syntax: 'NEXT',
    rfc: 'RFC 3977 6.1.4',
    capability: 'READER',
    run: session => step(session, 'next'),
  },
  {
    name: 'LAST',
    args: [0, 0],
    needs: ['group', 'reader'],
    syntax: 'LAST',
    rfc: 'RFC 3977 6.1.3',
    capability: 'READER',
    run: session => step(session, 'previous'),
  },
]

/** RFC 3977 6.1.2.2: without a name the selected group, 412 where there is none. */
function selectedGroupUnless(session: Session, name: string | undefined): void {
  if (name === undefined) selectedGroup(session)
}

/** RFC 3977 6.1.1.2: the first article becomes the current one, and marks are exact; in an empty group there is none. */
function select(session: Session, group: Group): void {
  session.group = { id: group.id, name: group.name }
  session.number = group.count === 0 ? undefined : (group.low as ArticleNumber)
}

function marks({ count, low, high, name }: Group): string {
  return `${count} ${low} ${high} ${name}`
}

/** RFC 3977 6.1.3.2, 6.1.4.2: holes are passed over; on failure the current article stays. */
async function step(session: Session, direction: 'next' | 'previous'): Promise<Response> {
  const { reading } = session.services
  const group = selectedGroup(session)
  let number: number | undefined = currentNumber(session)
  for (;;) {
    number = await reading[direction](group, number)
    if (number === undefined) throw new NntpError(direction === 'next' ? 421 : 422)
    const located = await reading.locateNumber(group, number)
    if (located === undefined) continue // it went while we looked
    session.number = number as ArticleNumber
    return line(223, `${number} ${located.messageId}`)
  }
}
