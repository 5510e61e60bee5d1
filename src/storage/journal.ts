/** The synced journal in front of the databases: one frame a commit group, written and fdatasynced before anything. */
import type { Disk } from './disk.ts'
import type { Change, DatabaseName } from './store.ts'

/** What one applied entry does, as absolute values: replaying it twice is replaying it once. */
export type RecordChanges = readonly (Change & { readonly database: DatabaseName })[]

export interface Recovery {
  readonly records: number
  readonly frames: number
  /** Octets of a torn, unacknowledged last frame that were cut off. */
  readonly cut: number
  readonly milliseconds: number
}

export class Journal {
  /**
   * Opens the journal in `disk`, hands every intact record to `replay` frame by frame (in order), cuts a torn
   * last frame, and refuses with `CorruptJournal` where a damaged frame has a valid later one behind it.
   */
  static open(
    _disk: Disk,
    _replay: (changes: RecordChanges) => Promise<void>,
  ): Promise<{ journal: Journal; recovery: Recovery }> {
    throw new Error('not yet')
  }
  /** Writes one frame and syncs it. One call at a time. A failed sync rejects with `SyncFailed`: end the process. */
  append(_records: readonly RecordChanges[]): Promise<void> {
    throw new Error('not yet')
  }
  /** Sequence of the last durable record; grows by one with each record. */
  get sequence(): number {
    throw new Error('not yet')
  }
  /** Octets in files that a checkpoint could remove. */
  get size(): number {
    throw new Error('not yet')
  }
  /** Records durably that everything up to `sequence` is in the databases, then removes files wholly below it. */
  checkpoint(_sequence: number): Promise<void> {
    throw new Error('not yet')
  }
  close(): Promise<void> {
    throw new Error('not yet')
  }
}
