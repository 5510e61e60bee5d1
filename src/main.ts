/** The composition root: the one place that makes the parts of a node and joins them. */
import type { Config } from './config.ts'
import type { ConfigErrors, LoadedConfig } from './config-file.ts'
import type { Log } from './log.ts'
import type { ReloadOutcome } from './server/node-control.ts'

export interface NodeOptions {
  readonly config: Config
  /** The configuration file, for messages. */
  readonly file: string
  readonly log: Log
  /** Reads the configuration again. */
  readonly reload: () => LoadedConfig | ConfigErrors
}

/** `host:port` each, with the ports that the system chose. */
export interface Listening {
  readonly nntp: readonly string[]
  readonly web: readonly string[]
  readonly admin: readonly string[]
}

export interface RunningNode {
  readonly listening: Listening
  /** The exit code, once the node has stopped, by `stop`, by the control socket or by a fault. Never rejects. */
  readonly finished: Promise<number>
  /** Finishes the commit in flight and closes everything. */
  stop(): Promise<void>
  /** Rejects with a `ControlFault`, and then nothing has changed. */
  reload(): Promise<ReloadOutcome>
}

/** Rejects with a `ControlFault` that names the next step where the node cannot start. */
export async function runNode(_options: NodeOptions): Promise<RunningNode> {
  throw new Error('not yet')
}
