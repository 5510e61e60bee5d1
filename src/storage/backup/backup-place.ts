/** The folder that a backup goes to. */
import { readdir, realpath } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { NodeDisk } from '../disk/node-disk.ts'
import { isBackupFile, UnusableBackup } from './backup-files.ts'

/** Made where absent. Throws `UnusableBackup` where it lies in the data directory or holds something else. */
export async function openBackupPlace(folder: string, data: string): Promise<NodeDisk> {
  const path = await real(folder)
  const way = relative(await real(data), path)
  if (way === '' || !(way === '..' || way.startsWith(`..${sep}`)))
    throw new UnusableBackup(
      `${folder} lies in the data directory ${data}: nothing was changed; name a folder elsewhere, best on another disk`,
    )
  const names = await readdir(path).catch(() => [])
  const foreign = names.filter(name => !isBackupFile(name) && !name.startsWith('.') && name !== 'lost+found')
  if (foreign.length > 0)
    throw new UnusableBackup(
      `${folder} holds something else (${foreign.slice(0, 3).join(', ')}): nothing was changed; name an empty or new folder`,
    )
  return NodeDisk.open(path)
}

/** Also of what is not there yet. */
async function real(path: string): Promise<string> {
  const absolute = resolve(path)
  try {
    return await realpath(absolute)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
    if (dirname(absolute) === absolute) return absolute
    return join(await real(dirname(absolute)), basename(absolute))
  }
}
