/** The regular files under a path, in an order that a spool's numbers ascend in. */
import { opendir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'

export interface WalkedFile {
  readonly path: string
  /** Names of the directories between the root and the file. */
  readonly within: readonly string[]
  readonly name: string
  readonly octets: number
}

/**
 * A file itself, or what a directory holds: numbers first and ascending, then other names. Links to files are
 * followed (spools on several disks have them), links to directories are not. Hidden files are left out.
 */
export async function* walk(root: string): AsyncGenerator<WalkedFile> {
  const found = await stat(root)
  if (found.isFile()) yield { path: root, within: [], name: basename(root), octets: found.size }
  else yield* walkDirectory(root, [])
}

async function* walkDirectory(directory: string, within: readonly string[]): AsyncGenerator<WalkedFile> {
  const directories: string[] = []
  const files: string[] = []
  for await (const entry of await opendir(directory)) {
    if (entry.name.startsWith('.')) continue
    if (entry.isDirectory()) directories.push(entry.name)
    else if (entry.isFile() || entry.isSymbolicLink()) files.push(entry.name)
  }
  for (const name of files.sort(byNumber)) {
    const path = join(directory, name)
    const found = await stat(path).catch(() => undefined)
    if (found?.isFile()) yield { path, within, name, octets: found.size }
  }
  for (const name of directories.sort(byNumber))
    yield* walkDirectory(join(directory, name), [...within, name])
}

const digits = /^\d{1,15}$/

function byNumber(a: string, b: string): number {
  const left = digits.test(a) ? Number(a) : Number.POSITIVE_INFINITY
  const right = digits.test(b) ? Number(b) : Number.POSITIVE_INFINITY
  if (left !== right) return left - right
  return a < b ? -1 : a > b ? 1 : 0
}
