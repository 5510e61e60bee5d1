/** A file system in a file of its own, mounted for a test: it can be filled, and its power can be cut. */
import { spawnSync } from 'node:child_process'
import { mkdir, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface LoopDiskOptions {
  /** A folder on another disk. */
  readonly home: string
  readonly kind: 'ext4' | 'xfs'
  readonly octets: number
}

export class LoopDisk implements AsyncDisposable {
  readonly path: string
  readonly #image: string

  private constructor(home: string) {
    this.path = join(home, 'disk')
    this.#image = join(home, 'image')
  }

  /** Undefined, with a line that says what is missing, where this machine cannot do it. */
  static async make({ home, kind, octets }: LoopDiskOptions): Promise<LoopDisk | undefined> {
    const disk = new LoopDisk(home)
    await mkdir(disk.path)
    await writeFile(disk.#image, '')
    await truncate(disk.#image, octets)
    // No room kept back for root, who runs this.
    const options = kind === 'ext4' ? ['-q', '-F', '-m', '0'] : ['-q', '-f']
    const works =
      succeeds('xfs_io', '-V') && succeeds(`mkfs.${kind}`, ...options, disk.#image) && disk.#mount()
    if (works) return disk
    console.log(
      '      skipped: needs root, loop devices, mkfs and xfs_io: apt-get install xfsprogs e2fsprogs',
    )
    return undefined
  }

  /** From now on nothing more reaches the disk, what was not synced included. */
  cutPower(): void {
    run('xfs_io', '-x', '-c', 'shutdown', this.path)
  }

  /** What was written until now is safe. */
  sync(): void {
    run('sync', '-f', this.path)
  }

  /** As a machine does that starts again. No file of the disk may be open any more. */
  remount(): void {
    run('umount', this.path)
    if (!this.#mount()) throw new Error(`${this.path} cannot be mounted again`)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    run('umount', this.path)
  }

  #mount(): boolean {
    return succeeds('mount', '-o', 'loop', this.#image, this.path)
  }
}

const succeeds = (command: string, ...words: string[]) => spawnSync(command, words).status === 0

function run(command: string, ...words: string[]): void {
  const { status, stderr, error } = spawnSync(command, words, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command} ${words.join(' ')}: ${error?.message ?? stderr}`)
}
