/** The disk of the machine. */
import { constants } from 'node:fs'
import { type FileHandle, mkdir, open, readdir, statfs, unlink } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { Disk, DiskFile } from './disk.ts'

export class NodeDisk implements Disk {
  readonly #directory: string
  /** Open from the start, so that a lack of descriptors cannot fail a sync. */
  readonly #handle: FileHandle

  private constructor(directory: string, handle: FileHandle) {
    this.#directory = directory
    this.#handle = handle
  }

  /** Creates the directory durably where absent. */
  static async open(directory: string): Promise<NodeDisk> {
    const path = resolve(directory)
    await makeDirectory(path)
    return new NodeDisk(path, await open(path))
  }

  async open(name: string): Promise<DiskFile> {
    const flags = constants.O_RDWR | constants.O_CREAT | constants.O_APPEND
    return new NodeFile(await open(join(this.#directory, name), flags, 0o600))
  }

  async list(): Promise<string[]> {
    return (await readdir(this.#directory)).sort()
  }

  remove(name: string): Promise<void> {
    return unlink(join(this.#directory, name))
  }

  syncDirectory(): Promise<void> {
    return this.#handle.sync()
  }

  async space(): Promise<{ free: number; total: number }> {
    const { bavail, blocks, bsize } = await statfs(this.#directory)
    return { free: bavail * bsize, total: blocks * bsize }
  }

  close(): Promise<void> {
    return this.#handle.close()
  }
}

class NodeFile implements DiskFile {
  readonly #handle: FileHandle

  constructor(handle: FileHandle) {
    this.#handle = handle
  }

  async append(chunks: readonly Buffer[]): Promise<void> {
    let rest = chunks.filter(chunk => chunk.length > 0)
    while (rest.length > 0) {
      const { bytesWritten } = await this.#handle.writev(rest)
      rest = behind(rest, bytesWritten)
    }
  }

  sync(): Promise<void> {
    return this.#handle.datasync()
  }

  truncate(length: number): Promise<void> {
    return this.#handle.truncate(length)
  }

  async read(position: number, length: number): Promise<Buffer> {
    const buffer = Buffer.allocUnsafeSlow(length)
    let filled = 0
    while (filled < length) {
      const { bytesRead } = await this.#handle.read(buffer, filled, length - filled, position + filled)
      if (bytesRead === 0) break
      filled += bytesRead
    }
    return buffer.subarray(0, filled)
  }

  async size(): Promise<number> {
    return (await this.#handle.stat()).size
  }

  close(): Promise<void> {
    return this.#handle.close()
  }
}

/** What is left of `chunks` after a short write: the next one tells the error, or goes on. */
function behind(chunks: readonly Buffer[], written: number): Buffer[] {
  const rest: Buffer[] = []
  for (const chunk of chunks) {
    if (written >= chunk.length) {
      written -= chunk.length
      continue
    }
    rest.push(chunk.subarray(written))
    written = 0
  }
  return rest
}

/** Makes what was created and removed in the directory durable. */
export async function syncDirectory(directory: string): Promise<void> {
  await using handle = await open(directory)
  await handle.sync()
}

/**
 * Creates the directory, private to its user, and makes its name durable; also where it is there already, because
 * whoever created it may not have lived to do so.
 */
export async function makeDirectory(directory: string): Promise<void> {
  const path = resolve(directory)
  const created = (await mkdir(path, { recursive: true, mode: 0o700 })) ?? path
  for (let child = path; child.length >= created.length; child = dirname(child)) {
    if (child === dirname(child)) return
    await syncDirectory(dirname(child)).catch(error => {
      // Above what is ours we may not be allowed to look; others have made that durable.
      if (!isForbidden(error)) throw error
    })
  }
}

const isForbidden = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'EACCES' || error.code === 'EPERM')
