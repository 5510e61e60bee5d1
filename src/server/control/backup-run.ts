/** Backups as the control socket and the program run them: over a running node or over its store at rest. */
import type { Clock } from '../../clock.ts'
import { type BackupProgress, backUp } from '../../storage/backup/backup.ts'
import { UnusableBackup } from '../../storage/backup/backup-files.ts'
import { openBackupPlace } from '../../storage/backup/backup-place.ts'
import type { Snapshot } from '../../storage/database/store.ts'
import { SnapshotLost, StoreClosed } from '../../storage/database/store-error.ts'
import { ControlFault } from './node-control.ts'

export interface BackupRun {
  readonly folder: string
  /** The data directory. */
  readonly data: string
  /** Path identity. */
  readonly node: string
  /** Seconds since 1970. */
  readonly time: number
  readonly signal: AbortSignal
  /** Where a node serves meanwhile. */
  readonly clock?: Clock
  /** `articles` and `state` of one moment. */
  readonly freeze: () => Promise<AsyncDisposable & { readonly articles: Snapshot; readonly state: Snapshot }>
}

/** Rejects with a `ControlFault` that names the next step; the backup before is as good as it was. */
export async function* runBackup({
  folder,
  data,
  freeze,
  ...run
}: BackupRun): AsyncGenerator<BackupProgress> {
  try {
    const disk = await openBackupPlace(folder, data)
    try {
      await using frozen = await freeze()
      yield* backUp(frozen, disk, run)
    } finally {
      await disk.close()
    }
  } catch (error) {
    throw faultOf(error, folder)
  }
}

function faultOf(cause: unknown, folder: string): unknown {
  if (cause instanceof UnusableBackup) return new ControlFault('create', cause.message, { cause })
  if (cause instanceof SnapshotLost || cause instanceof StoreClosed)
    return new ControlFault('retry', 'the database was opened again meanwhile: run it once more', { cause })
  if (cause instanceof Error && cause.name === 'AbortError') return new ControlFault('cancelled', 'cancelled')
  if (cause instanceof Error && 'code' in cause)
    return new ControlFault('io', `${folder}: ${cause.message}; the backup before it is as it was`, { cause })
  return cause
}
