/** The regular files under a path, in an order that a spool's numbers ascend in. */
import { opendir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'

export interface WalkedFile {
  readonly path: string
  /** Names of the directories between the root and the file. */
  readonly within: readonly string[]
  readonly name: string
}

/**
 * A file itself, or what a directory holds: numbers first and ascending, then other names. Links to files are
 * followed (spools on several disks have them), links to directories are not. Hidden files are left out.
 */
export async function* walk(root: string): AsyncGenerator<WalkedFile> {
  if ((await stat(root)).isFile()) yield { path: root, within: [], name: basename(root) }
  else yield* walkDirectory(root, [])
}

/** Of a file; 0 where it is gone. */
export async function octetsOf({ path }: WalkedFile): Promise<number> {
  const found = await stat(path).catch(() => undefined)
  return found?.size ?? 0
}

async function* walkDirectory(directory: string, within: readonly string[]): AsyncGenerator<WalkedFile> {
  const directories: string[] = []
  const files: string[] = []
  for await (const entry of await opendir(directory, { bufferSize: 1024 })) {
    if (entry.name.startsWith('.')) continue
    if (entry.isDirectory()) directories.push(entry.name)
    else if (entry.isFile() || (entry.isSymbolicLink() && (await isFile(join(directory, entry.name)))))
      files.push(entry.name)
  }
  for (const name of files.sort(byNumber)) yield { path: join(directory, name), within, name }
  for (const name of directories.sort(byNumber))
    yield* walkDirectory(join(directory, name), [...within, name])
}

async function isFile(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined)
  return found?.isFile() === true
}

const digits = /^\d{1,15}$/

function byNumber(a: string, b: string): number {
  const left = digits.test(a) ? Number(a) : Number.POSITIVE_INFINITY
  const right = digits.test(b) ? Number(b) : Number.POSITIVE_INFINITY
  if (left !== right) return left - right
  return a < b ? -1 : a > b ? 1 : 0
}
