/** What can go wrong with a database as a whole. */

/** Another process, or another handle of this one, has the database open. */
export class StoreLocked extends Error {
  readonly directory: string
  constructor(directory: string, cause: unknown) {
    super(`${directory}: the database is open elsewhere; stop the other program first`, { cause })
    this.name = 'StoreLocked'
    this.directory = directory
  }
}

/** A write failed before this one; nothing is written until `reopen`, or later writes could be lost unseen. */
export class WritesRefused extends Error {
  constructor(cause: unknown) {
    super('no writes until the database is reopened: an earlier one failed', { cause })
    this.name = 'WritesRefused'
  }
}

/**
 * After reopening it is not proved that everything written since the last flush is there. The journal has it:
 * open the store anew and replay.
 */
export class StoreIncomplete extends Error {
  constructor(directory: string, cause?: unknown) {
    super(`${directory}: recent writes may be missing; open it again and replay the journal`, { cause })
    this.name = 'StoreIncomplete'
  }
}

/** The store was closed, or could not be reopened. */
export class StoreClosed extends Error {
  constructor(cause?: unknown) {
    super('the database is not open', { cause })
    this.name = 'StoreClosed'
  }
}

/** A database takes no writes. What somebody waits for is not kept, or only once the database takes them again. */
export class StoreStuck extends Error {
  override readonly name = 'StoreStuck'
  constructor() {
    super('the store takes no writes: see "tidings status" and the log, and try again when it does')
  }
}

/** The snapshot was released, or the database was reopened or closed under it: take a new one. */
export class SnapshotLost extends Error {
  constructor() {
    super('the snapshot is not valid any more')
    this.name = 'SnapshotLost'
  }
}
