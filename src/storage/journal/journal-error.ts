/** What can go wrong with the journal, and what the caller has to do about it. */

/** Octets that were acknowledged are damaged or missing: never skipped, a person has to decide. */
export class CorruptJournal extends Error {
  readonly file: string
  readonly offset: number
  constructor(file: string, offset: number, found: string) {
    super(`${file}: offset ${offset}: ${found}; restore the journal from a backup`)
    this.name = 'CorruptJournal'
    this.file = file
    this.offset = offset
  }
}

/** The databases hold something and there is no journal: a person took it away, or a restore forgot it. */
export class MissingJournal extends Error {
  constructor() {
    super(
      'the journal is missing: what was acknowledged last may be lost; restore the folder "journal" from a backup, or put an empty file 0000000000000001.journal there to go on without it',
    )
    this.name = 'MissingJournal'
  }
}

/** What was written may be gone whatever a later sync says: nothing may be acknowledged, end the process. */
export class SyncFailed extends Error {
  constructor(cause: unknown) {
    super('the journal could not be made durable', { cause })
    this.name = 'SyncFailed'
  }
}

/** The disk or the quota is full: nothing of the call was kept, and it may be tried again. */
export class NoSpace extends Error {
  constructor(cause: unknown) {
    super('no space for the journal', { cause })
    this.name = 'NoSpace'
  }
}

/** Another error of the disk: nothing of the call was kept, and it may be tried again. */
export class WriteFailed extends Error {
  constructor(cause: unknown) {
    super('the journal could not be written', { cause })
    this.name = 'WriteFailed'
  }
}

export function writeError(cause: unknown): NoSpace | WriteFailed {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  return code === 'ENOSPC' || code === 'EDQUOT' ? new NoSpace(cause) : new WriteFailed(cause)
}
