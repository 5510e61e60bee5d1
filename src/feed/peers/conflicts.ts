/**
 * Two articles under one message-ID: the first that was durable stays, and a copy with other contents that was sent
 * all the same is named in the log. RFC 5536 3.1.3: a message-ID stands for one article for ever.
 */
import { createHash } from 'node:crypto'
import type { Article } from '../../article.ts'
import type { Log } from '../../log.ts'
import type { MessageId } from '../../message-id.ts'
import { articleIn } from '../../storage/article/stored-article.ts'
import type { Reading } from '../../storage/reading.ts'

/** RFC 5537 3.2, 3.7, 3.4.2: what relaying agents change, and what differs where one article is injected twice. */
const fleeting = ['Path', 'Xref', 'Injection-Date', 'Injection-Info']

export interface ConflictsParts {
  readonly reading: Pick<Reading, 'locateId' | 'article'>
  readonly log: Log
}

export class Conflicts {
  readonly #parts: ConflictsParts
  #looking: Promise<void> | undefined

  constructor(parts: ConflictsParts) {
    this.#parts = parts
  }

  /**
   * Compares a late copy from `peer` with the article that is here. One at a time, and those that come meanwhile are
   * passed over: whoever sends many copies costs no more than one.
   */
  look(messageId: MessageId, late: Article, peer: string): void {
    if (this.#looking !== undefined) return
    this.#looking = this.#compare(messageId, late, peer)
      .catch((error: unknown) => this.#parts.log.debug({ err: error, messageId }, 'late copy not compared'))
      .finally(() => {
        this.#looking = undefined
      })
  }

  /** Resolves when nothing is being compared. */
  get idle(): Promise<void> {
    return this.#looking ?? Promise.resolve()
  }

  async #compare(messageId: MessageId, late: Article, peer: string): Promise<void> {
    const { reading, log } = this.#parts
    const located = await reading.locateId(messageId)
    const stored = located && (await reading.article(located.arrival))
    const article = stored && articleIn(stored)
    if (article === undefined) return
    const [here, there] = [digestOf(article), digestOf(late)]
    if (here !== there) log.warn({ messageId, peer, stored: here, refused: there }, 'conflict')
  }
}

function digestOf(article: Article): string {
  return createHash('sha256')
    .update(article.edit({ remove: fleeting }).wire)
    .digest('hex')
}
