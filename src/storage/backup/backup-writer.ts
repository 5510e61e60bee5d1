/** A file of a backup while it is written: in slices, each waited for, and synced before it is done. */
import { crc32 } from 'node:zlib'
import type { Disk, DiskFile } from '../disk/disk.ts'

/** Octets that are written at once; a file grows by little, so that no sync of the journal waits for much of it. */
const slice = 256 * 1024
/** Octets after which they are synced. */
const syncEvery = 1024 * 1024

export class BackupWriter {
  octets = 0
  checksum = 0
  readonly #file: DiskFile
  #waiting: Buffer[] = []
  #held = 0
  #unsynced = 0

  private constructor(file: DiskFile) {
    this.#file = file
  }

  static async open(disk: Disk, name: string): Promise<BackupWriter> {
    const file = await disk.open(name)
    await file.truncate(0)
    return new BackupWriter(file)
  }

  async append(...chunks: readonly Buffer[]): Promise<void> {
    for (const chunk of chunks) {
      this.checksum = crc32(chunk, this.checksum)
      this.octets += chunk.length
      this.#held += chunk.length
      this.#waiting.push(chunk)
    }
    if (this.#held >= slice) await this.#write()
  }

  /** Everything is durable then, but for the name of the file. */
  async finish(): Promise<void> {
    await this.#write()
    await this.#file.sync()
    await this.#file.close()
  }

  /** Closes it as it is. */
  async abandon(): Promise<void> {
    await this.#file.close()
  }

  async #write(): Promise<void> {
    const chunks = this.#waiting
    this.#unsynced += this.#held
    this.#waiting = []
    this.#held = 0
    if (chunks.length > 0) await this.#file.append([Buffer.concat(chunks)])
    if (this.#unsynced < syncEvery) return
    this.#unsynced = 0
    await this.#file.sync()
  }
}
