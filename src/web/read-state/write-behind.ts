/**
 * Small values on their way to the shelves: gathered for a moment and written together, so that a page that is looked
 * at costs no commit of its own. What is on its way is lost when the machine stops dead; nobody is told that it was kept.
 */
import type { Clock, Timer } from '../../clock.ts'
import type { Log } from '../../log.ts'
import type { Kept, Shelves } from '../../storage/state/shelves.ts'

/** Values in one commit: others wait for it. */
const mostTogether = 256

type Changes = Map<string, Buffer | undefined>

export interface WriteBehindOptions {
  readonly shelves: Shelves
  readonly clock: Clock
  readonly log: Log
  /** How long values wait for company, milliseconds. */
  readonly delay: number
}

export class WriteBehind {
  readonly #options: WriteBehindOptions
  /** By owner: what no write has taken along yet. */
  #waiting = new Map<string, Changes>()
  /** What is being written. */
  #leaving: ReadonlyMap<string, Changes> = new Map()
  #timer: Timer | undefined
  #writing: Promise<void> = Promise.resolve()

  constructor(options: WriteBehindOptions) {
    this.#options = options
  }

  /** Undefined takes a value away. */
  set(owner: string, name: string, value: Buffer | undefined): void {
    const changes = this.#waiting.get(owner) ?? new Map()
    this.#waiting.set(owner, changes.set(name, value))
    this.#timer ??= this.#options.clock.timer(this.#options.delay, () => void this.flush())
  }

  /** As the shelves will have it. */
  async load(owner: string, name: string): Promise<Buffer | undefined> {
    for (const changes of [this.#waiting.get(owner), this.#leaving.get(owner)])
      if (changes?.has(name)) return changes.get(name)
    return this.#options.shelves.load(owner, name)
  }

  /** As the shelves will have them, in no order. */
  async list(owner: string, beginning: string): Promise<Kept[]> {
    const ahead = () => [this.#leaving.get(owner) ?? [], this.#waiting.get(owner) ?? []]
    const found = new Map<string, Buffer | undefined>()
    // What is written while the list is read is in neither of them afterwards.
    const before = ahead().flatMap(changes => [...changes])
    for await (const batch of this.#options.shelves.list(owner, beginning))
      for (const { name, value } of batch) found.set(name, value)
    for (const [name, value] of [...before, ...ahead().flatMap(changes => [...changes])])
      if (name.startsWith(beginning)) found.set(name, value)
    return [...found].flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]))
  }

  /** What waits of this owner is not written any more; resolves when nothing is being written. */
  forget(owner: string): Promise<void> {
    this.#waiting.delete(owner)
    return this.#writing
  }

  /** Resolves when what was set before is written, or its failure is logged; then it is tried again later. */
  flush(): Promise<void> {
    this.#timer?.cancel()
    this.#timer = undefined
    this.#writing = this.#writing.then(() => this.#write())
    return this.#writing
  }

  async #write(): Promise<void> {
    const leaving = this.#waiting
    this.#leaving = leaving
    this.#waiting = new Map()
    for (const [owner, changes] of leaving)
      for (const part of parted([...changes])) await this.#save(owner, new Map(part))
    this.#leaving = new Map()
  }

  /** What could not be saved waits for the next time, but for what has changed again. */
  async #save(owner: string, changes: Changes): Promise<void> {
    const { shelves, log } = this.#options
    try {
      await shelves.save(owner, changes)
    } catch (error) {
      log.error({ err: error }, 'read marks not written')
      for (const [name, value] of changes)
        if (!this.#waiting.get(owner)?.has(name)) this.set(owner, name, value)
    }
  }
}

function* parted<Item>(items: readonly Item[]): Generator<readonly Item[]> {
  for (let at = 0; at < items.length; at += mostTogether) yield items.slice(at, at + mostTogether)
}
