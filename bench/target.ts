/** A server that is measured: how it is prepared, started and stopped. */
import type { Articles } from './articles.ts'
import type { Usage } from './proc.ts'

export type TargetName = 'tidings' | 'inn' | 'inn-cnfs' | 'public-inbox'

export interface Target {
  readonly name: TargetName
  readonly title: string
  /** What a reader of the figures must know of its configuration. */
  readonly settings: string
  /** When an article that was acknowledged survives a power cut. */
  readonly durable: string
  /** It takes no articles from peers, and is measured as a reader finds it. */
  readonly readsOnly?: boolean
  /** Why it cannot be measured here, if so. */
  readonly missing?: string
  /** A server of its own in `directory`, not started. */
  prepare(directory: string, groups: readonly string[]): Promise<Server>
}

export interface Server {
  readonly target: Target
  /** All its files. */
  readonly directory: string
  /** Takes articles of a peer; undefined where it takes none. */
  readonly feedPort: number | undefined
  /** Answers readers. */
  readonly readerPort: number
  /** Answers browsers; undefined where none is. */
  readonly webPort?: number
  /** Resolves when both ports greet. */
  start(): Promise<void>
  /** Resolves when its processes are gone. */
  stop(): Promise<void>
  usage(): Usage
  /** Gives it the first articles of a series, where it takes none from a peer. */
  readonly fill?: (articles: Articles, count: number) => Promise<void>
  /** Runs its own program with these words; undefined where there is none such. */
  readonly command?: (words: readonly string[]) => Promise<void>
  /** Reads an rnews batch into the store by the server's own program; undefined where there is none such. */
  readonly import?: (file: string) => Promise<void>
}
