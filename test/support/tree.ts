/** Everything below a directory as one value, to see whether anything was touched. */
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** Path, time of change and content of each file, sorted. */
export async function tree(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  const found = entries.map(async entry => {
    const path = join(entry.parentPath, entry.name)
    const { mtimeMs } = await stat(path)
    return `${path} ${mtimeMs} ${entry.isFile() ? (await readFile(path)).toString('hex') : ''}`
  })
  return (await Promise.all(found)).sort()
}
