/** What the pages of administrators and moderators ask of the node: the same functions that the control socket has. */
import type { Refusals } from '../feed/trace/refusals.ts'

export interface Office {
  readonly control: Control
  readonly refusals: Pick<Refusals, 'latest'>
  /** What whoever asked shall read; undefined for a fault of ours. */
  readonly fault: (error: unknown) => Fault | undefined
}

export interface Fault {
  readonly code: string
  /** One sentence, with octets from outside. */
  readonly message: string
}

/** Rejects with what `Office.fault` knows. Times are seconds since 1970. */
export interface Control {
  status(): Promise<NodeState>
  /** In name order, in batches. */
  groups(wildmat: string): AsyncIterable<readonly GroupState[]>
  addGroup(change: GroupWish): Promise<unknown>
  setGroup(change: GroupWish): Promise<unknown>
  removeGroup(name: string): Promise<void>
  readonly peers: {
    list(): Promise<readonly PeerState[]>
    start(name: string): Promise<boolean>
    stop(name: string): Promise<boolean>
    flush(name: string): Promise<void>
  }
  readonly users: {
    /** By name, in batches. */
    list(): AsyncIterable<readonly AccountState[]>
    /** An empty password leaves the old one. */
    set(change: AccountWish, password: string): Promise<unknown>
  }
  readonly mail: {
    /** The oldest first. */
    list(): Promise<readonly MailState[]>
    /** At once: one, or all. */
    retry(id?: number): Promise<void>
    drop(id: number): Promise<void>
  }
  readonly held: {
    /** Oldest first, in batches. */
    list(): AsyncIterable<readonly HeldState[]>
    /** The text without stuffing. */
    find(messageId: string): Promise<{ readonly row: HeldState; readonly text: Buffer } | undefined>
    release(messageId: string): Promise<unknown>
    reject(messageId: string): Promise<void>
  }
}

export interface NodeState {
  readonly version: string
  /** Seconds. */
  readonly uptime: number
  readonly pathIdentity: string
  readonly groups: number
  readonly articles: number
  readonly newest?: { readonly time: number } | undefined
  readonly connections: number
  readonly held: number
  /** Octets, here and below. */
  readonly journalBytes: number
  readonly freeBytes: number
  readonly diskBytes: number
  readonly search: { readonly enabled: boolean; readonly behind: number; readonly articles: number }
  readonly warnings: readonly string[]
  /** Why nothing is taken now. */
  readonly troubles: readonly string[]
}

export interface GroupState {
  readonly name: string
  readonly status: string
  readonly description: string
  readonly low: number
  readonly high: number
  readonly count: number
}

export interface GroupWish {
  readonly name: string
  readonly status?: string
  readonly description?: string
}

export interface PeerState {
  readonly name: string
  readonly out?:
    | {
        readonly state: string
        readonly connections: number
        readonly waiting: number
        /** Of these, those that were put off. */
        readonly deferred: number
        /** Seconds. */
        readonly lag: number
        /** Articles a second. */
        readonly rate: number
        readonly lastError: string
        /** Seconds until it is called again. */
        readonly retryIn: number
      }
    | undefined
  readonly in: { readonly rate: number; readonly links: readonly unknown[] }
}

export interface AccountState {
  readonly name: string
  readonly roles: readonly string[]
  readonly disabled: boolean
  readonly created: number
}

export interface AccountWish {
  readonly name: string
  readonly roles?: readonly string[]
  readonly disabled?: boolean
}

export interface MailState {
  readonly id: number
  readonly to: string
  readonly subject: string
  readonly letter: boolean
  readonly time: number
  readonly tries: number
  /** Empty where there was none. */
  readonly lastError: string
  /** Seconds; absent where there is no mail server. */
  readonly retryIn?: number | undefined
}

export interface HeldState {
  readonly messageId: string
  /** Empty where the poster was not logged in. */
  readonly account: string
  readonly address: string
  readonly time: number
  readonly newsgroups: readonly string[]
  readonly from: string
  readonly subject: string
}
