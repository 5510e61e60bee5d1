/** What the control socket may ask about articles that are held for release, done over feed and storage. */
import type { Clock } from '../../clock.ts'
import type { Node } from '../../feed/node.ts'
import { heldArticle } from '../../storage/article/stored-article.ts'
import type { HeldPost } from '../../storage/state/held.ts'
import { unstuff } from '../../wire.ts'
import type { HeldCopy, HeldRow, ModerateControl, Released } from './moderate-control.ts'
import { ControlFault } from './node-control.ts'

export interface ModerateParts {
  readonly node: Pick<Node, 'storage' | 'feed'>
  readonly clock: Clock
}

/** In one message of the control socket. */
const rowsAtOnce = 100
/** Characters of a header that are shown in a list. */
const longestText = 200

export class ModerateAdministration implements ModerateControl {
  readonly #parts: ModerateParts

  constructor(parts: ModerateParts) {
    this.#parts = parts
  }

  async *list(): AsyncGenerator<readonly HeldRow[]> {
    const rows: HeldRow[] = []
    for await (const posts of this.#parts.node.storage.held.list()) rows.push(...posts.map(rowOf))
    rows.sort((one, other) => one.time - other.time || (one.messageId < other.messageId ? -1 : 1))
    for (let at = 0; at < rows.length; at += rowsAtOnce) yield rows.slice(at, at + rowsAtOnce)
  }

  async find(messageId: string): Promise<HeldCopy | undefined> {
    const post = await this.#parts.node.storage.held.find(messageId)
    return post && { row: rowOf(post), text: unstuff(post.article) }
  }

  async release(messageId: string): Promise<Released> {
    const { storage, feed } = this.#parts.node
    const verdict = await feed.releaseHeld(await this.#held(messageId))
    switch (verdict.kind) {
      case 'accepted': {
        const filings = verdict.filings.map(({ group, number }) => ({
          group: storage.active.withId(group)?.name ?? '',
          number,
        }))
        return { outcome: 'accepted', filings }
      }
      case 'mailed':
        return { outcome: 'mailed', filings: [] }
      case 'deferred':
        throw new ControlFault('retry', `${messageId} stays held: ${verdict.reason.text}`)
      case 'rejected':
        if (verdict.reason.name === 'duplicate') throw goneMeanwhile(messageId)
        throw new ControlFault('refused', `${messageId} stays held: ${verdict.reason.text}`)
      case 'held':
        throw new ControlFault('internal', `${messageId} is held again`)
    }
  }

  async reject(messageId: string): Promise<void> {
    const { storage } = this.#parts.node
    const { messageId: id } = await this.#held(messageId)
    const time = Math.floor(this.#parts.clock.now() / 1000)
    const outcome = await storage.submit({ kind: 'unhold', messageId: id, time, source: 'admin' })
    if (outcome.kind === 'duplicate') throw goneMeanwhile(messageId)
    if (outcome.kind !== 'stored') throw new ControlFault('retry', outcome.reason.text)
  }

  async #held(messageId: string): Promise<HeldPost> {
    const post = await this.#parts.node.storage.held.find(messageId)
    if (post === undefined) throw new ControlFault('refused', `no article ${messageId} is held for release`)
    return post
  }
}

const goneMeanwhile = (messageId: string) =>
  new ControlFault(
    'refused',
    `${messageId} waits no more: it is here already, or somebody released or rejected it meanwhile`,
  )

function rowOf(post: HeldPost): HeldRow {
  const { messageId, account, address, time, newsgroups } = post
  const article = heldArticle(post)
  const header = (name: string) => (article?.header(name) ?? '').slice(0, longestText)
  const octets = article?.octets ?? 0
  const shown = { from: header('From'), subject: header('Subject'), octets }
  return { messageId, account, address, time, newsgroups, ...shown }
}
