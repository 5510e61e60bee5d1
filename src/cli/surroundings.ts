/** Everything of the process that commands may touch, so that a test can be the process. */
import type { Readable, Writable } from 'node:stream'
import type { Clock } from '../clock.ts'

export type SignalName = 'SIGINT' | 'SIGTERM' | 'SIGHUP'

export interface Surroundings {
  /** `setRawMode` is there where it is a terminal. */
  readonly stdin: Readable & { readonly isTTY?: boolean; setRawMode?(on: boolean): unknown }
  readonly stdout: Writable & { readonly isTTY?: boolean; readonly columns?: number }
  readonly stderr: Writable & { readonly isTTY?: boolean; readonly columns?: number }
  readonly env: Record<string, string | undefined>
  readonly pid: number
  readonly clock: Clock
  readonly version: string
  /** Until the returned function is called. */
  onSignal(name: SignalName, action: () => void): () => void
  /** Exceptions and rejections that nobody caught. */
  onFault(action: (error: unknown) => void): () => void
  /** Ends the process at once. */
  exit(code: number): void
}
