/** The synced journal in front of the databases: one frame a commit group, written and fdatasynced before anything. */
import { type Clock, systemClock } from '../../clock.ts'
import type { RecordChanges } from '../database/store.ts'
import type { Disk, DiskFile } from '../disk/disk.ts'
import { Turns } from '../turns.ts'
import { FrameEncoder } from './frame.ts'
import { SyncFailed, writeError } from './journal-error.ts'
import type { Replay } from './journal-files.ts'
import { fileName, findFiles, type JournalFile, replayFile } from './journal-files.ts'

export interface Recovery {
  readonly records: number
  readonly frames: number
  /** Octets of a torn, unacknowledged last frame that were cut off. */
  readonly cut: number
  readonly milliseconds: number
}

export interface JournalOptions {
  /** Octets after which a new file begins; 64 MiB where absent. */
  readonly fileLength?: number
  readonly clock?: Clock
}

/** The file that is written to. */
interface Current {
  readonly entry: JournalFile
  readonly file: DiskFile
  /** Its name is durable. */
  listed: boolean
  /** A write failed, and what it left behind is not cut off yet. */
  torn: boolean
}

const usualFileLength = 64 * 1024 * 1024

export class Journal {
  readonly #disk: Disk
  readonly #fileLength: number
  readonly #turns = new Turns()
  readonly #encoder = new FrameEncoder()
  /** Ascending; the last one is the current one. */
  readonly #files: JournalFile[]
  #current: Current | undefined
  #sequence: number
  #covered: number
  #closed = false
  #dead: SyncFailed | undefined

  private constructor(disk: Disk, fileLength: number, found: Awaited<ReturnType<typeof findFiles>>) {
    this.#disk = disk
    this.#fileLength = fileLength
    this.#files = found.files
    this.#sequence = found.sequence
    this.#covered = found.covered
  }

  /**
   * Opens the journal in `disk`, hands every intact record to `replay` frame by frame (in order), cuts a torn
   * last frame, and refuses with `CorruptJournal` where a damaged frame has a valid later one behind it. All
   * files are checked before the first record is handed out. One process at a time: open the databases, which
   * are locked, first.
   */
  static async open(
    disk: Disk,
    replay: Replay,
    options: JournalOptions = {},
  ): Promise<{ journal: Journal; recovery: Recovery }> {
    const { fileLength = usualFileLength, clock = systemClock } = options
    const start = clock.monotonic()
    const found = await findFiles(disk)
    const journal = new Journal(disk, fileLength, found)
    try {
      await journal.#settle()
      await journal.replay(replay)
    } catch (error) {
      await journal.close()
      throw error
    }
    const { records, frames, cut } = found
    return {
      journal,
      recovery: { records, frames, cut, milliseconds: Math.round(100 * (clock.monotonic() - start)) / 100 },
    }
  }

  /** Sequence of the last durable record; grows by one with each record. */
  get sequence(): number {
    return this.#sequence
  }

  /** There was not a single file. */
  get isNew(): boolean {
    return this.#files.length === 0
  }

  /** Octets in files that a checkpoint could remove. */
  get size(): number {
    return this.#files.reduce((sum, file) => sum + file.size, 0)
  }

  /**
   * Writes one frame and syncs it; calls wait for each other. `NoSpace` and `WriteFailed`: nothing was kept, try
   * again later. A failed sync rejects with `SyncFailed`, and so does every call after it: end the process.
   */
  append(records: readonly RecordChanges[]): Promise<void> {
    return this.#turns.run(async () => {
      if (records.length === 0) return
      const current = await this.#writable()
      await this.#write(current, this.#encoder.records(this.#sequence + 1, records))
      this.#sequence += records.length
    })
  }

  /**
   * Records durably that everything up to `sequence` is in the databases, then removes files wholly below it.
   * Begins a new file, so that the next checkpoint can remove all before. Errors as of `append`.
   */
  checkpoint(sequence: number): Promise<void> {
    return this.#turns.run(async () => {
      if (sequence > this.#sequence) throw new RangeError(`journal: checkpoint ${sequence} is in the future`)
      const current = await this.#writable()
      if (sequence > this.#covered) {
        const hasRecords = current.entry.first <= this.#sequence
        const target = hasRecords ? await this.#begin() : current
        await this.#write(target, this.#encoder.checkpoint(this.#sequence + 1, sequence))
        this.#covered = sequence
      }
      await this.#removeCovered()
    })
  }

  /**
   * Hands out every record that is still kept once more: after a database was opened again. Appends wait; what
   * it writes must not cross newer writes to the same database.
   */
  replay(replay: Replay): Promise<void> {
    return this.#turns.run(async () => {
      this.#alive()
      for (const file of this.#files) await replayFile(this.#disk, file, replay)
    })
  }

  /** After the call that is under way. Closing twice is harmless. */
  close(): Promise<void> {
    return this.#turns.run(async () => {
      if (this.#closed) return
      this.#closed = true
      await this.#current?.file.close()
    })
  }

  /** What a process before us wrote and did not live to sync counts from now on: so it has to be durable. */
  async #settle(): Promise<void> {
    const entry = this.#files.at(-1)
    if (entry === undefined) return
    const file = await this.#disk.open(entry.name)
    this.#current = { entry, file, listed: true, torn: false }
    if ((await file.size()) > entry.size) await file.truncate(entry.size)
    await this.#durable(() => file.sync())
    await this.#durable(() => this.#disk.syncDirectory())
  }

  /** The current file, begun where there is none or it is full, and without remains of a failed write. */
  async #writable(): Promise<Current> {
    this.#alive()
    const current = this.#current
    if (current === undefined) return this.#begin()
    if (current.torn) await this.#mend(current)
    return current.entry.size >= this.#fileLength ? this.#begin() : current
  }

  async #begin(): Promise<Current> {
    const first = this.#sequence + 1
    const entry = { name: fileName(first), first, size: 0 }
    const before = this.#current
    try {
      const file = await this.#disk.open(entry.name)
      this.#files.push(entry)
      this.#current = { entry, file, listed: false, torn: false }
      await before?.file.close()
      return this.#current
    } catch (error) {
      throw writeError(error)
    }
  }

  async #write(current: Current, chunks: readonly Buffer[]): Promise<void> {
    try {
      await current.file.append(chunks)
    } catch (error) {
      current.torn = true
      await this.#mend(current)
      throw writeError(error)
    }
    await this.#durable(() => current.file.sync())
    if (!current.listed) await this.#durable(() => this.#disk.syncDirectory())
    current.listed = true
    for (const chunk of chunks) current.entry.size += chunk.length
  }

  /** Synced, because a later file must never have a torn one before it. */
  async #mend(current: Current): Promise<void> {
    try {
      await current.file.truncate(current.entry.size)
    } catch (error) {
      throw writeError(error)
    }
    await this.#durable(() => current.file.sync())
    current.torn = false
  }

  /** Oldest first and each durably, so that a crash in between leaves no gap. */
  async #removeCovered(): Promise<void> {
    for (;;) {
      const [oldest, next] = this.#files
      if (oldest === undefined || next === undefined || next.first - 1 > this.#covered) return
      try {
        await this.#disk.remove(oldest.name)
      } catch (error) {
        throw writeError(error)
      }
      this.#files.shift()
      await this.#durable(() => this.#disk.syncDirectory())
    }
  }

  async #durable(sync: () => Promise<void>): Promise<void> {
    try {
      await sync()
    } catch (error) {
      this.#dead = new SyncFailed(error)
      throw this.#dead
    }
  }

  #alive(): void {
    if (this.#dead !== undefined) throw this.#dead
    if (this.#closed) throw new Error('the journal is closed')
  }
}
