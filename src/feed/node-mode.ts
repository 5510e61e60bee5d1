/** Whether the node takes articles and clients, as its administrator wants it. It runs again after a start. */
import { Reason } from '../reason.ts'
import { onlyArticles } from '../storage/commit/committer.ts'
import type { Storage } from '../storage/storage.ts'

/** `paused` takes no articles; `throttled` lets no new client in either. */
export const modes = ['running', 'paused', 'throttled'] as const
export type Mode = (typeof modes)[number]

export interface ModeState {
  readonly mode: Mode
  /** What clients are told; empty while it is running. */
  readonly reason: string
}

const usualReason = 'by its administrator'

export class NodeMode {
  readonly #storage: Pick<Storage, 'pause'>
  #state: ModeState = { mode: 'running', reason: '' }

  constructor(storage: Pick<Storage, 'pause'>) {
    this.#storage = storage
  }

  get state(): ModeState {
    return this.#state
  }

  /** Why nobody new is let in, if so. RFC 3977 5.1.1 */
  get closed(): Reason | undefined {
    const { mode, reason } = this.#state
    return mode === 'throttled' ? new Reason('throttled', reason) : undefined
  }

  set(mode: Mode, reason = usualReason): void {
    const running = mode === 'running'
    this.#storage.pause(onlyArticles, running ? undefined : new Reason('paused', reason))
    this.#state = { mode, reason: running ? '' : reason }
  }
}
