/** What a node has promised about articles that wait for release. */
import type { Verdict } from '../../src/feed/feed.ts'
import type { Node } from '../../src/feed/node.ts'
import type { Storage } from '../../src/storage/storage.ts'

type Fate =
  /** Acknowledged, and nothing was done about it since. */
  | 'held'
  /** Its release was acknowledged. */
  | 'released'
  /** It was being released: both is right, but never neither. */
  | 'unknown'

export class HeldModel {
  readonly #fates = new Map<string, Fate>()

  copy(): HeldModel {
    const copy = new HeldModel()
    for (const [id, fate] of this.#fates) copy.#fates.set(id, fate)
    return copy
  }

  acknowledged(id: string): void {
    this.#fates.set(id, 'held')
  }

  released(id: string): void {
    this.#fates.set(id, 'released')
  }

  get waiting(): string[] {
    return [...this.#fates].filter(([, fate]) => fate === 'held').map(([id]) => id)
  }

  /** Undefined where the store answers nobody. */
  async release({ storage, feed }: Node, id: string): Promise<Verdict | undefined> {
    this.#fates.set(id, 'unknown')
    const post = await storage.held.find(id).catch(() => undefined)
    return post && feed.releaseHeld(post)
  }

  /**
   * Throws what is wrong. An old copy that took its place, was filed and has expired, need not be remembered. RFC 5537
   * 3.6
   */
  async check(storage: Storage, mayExpire: (id: string) => Promise<boolean>): Promise<void> {
    const waiting = new Set<string>()
    for await (const posts of storage.held.list()) for (const { messageId } of posts) waiting.add(messageId)
    if (waiting.size !== storage.held.count)
      throw new Error(`${waiting.size} are held, ${storage.held.count} counted`)
    for (const [id, fate] of this.#fates) {
      const known = await storage.history.lookup(id)
      if (fate === 'held' && !waiting.has(id)) throw new Error(`${id} was held and is lost`)
      if (fate === 'released' && waiting.has(id)) throw new Error(`${id} was released and is held`)
      if (waiting.has(id) || known !== 'new') continue
      if (!(await mayExpire(id))) throw new Error(`${id} is neither held nor filed`)
      this.#fates.delete(id)
    }
  }
}
