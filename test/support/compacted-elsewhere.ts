/** LevelDB compacts tables in a process of its own, which an assertion may end. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** Writes both keys, because tables are compacted where they overlap, and compacts all; the signal that ended it. */
export async function compactedElsewhere(
  directory: string,
  [first, last]: readonly [string, string],
): Promise<NodeJS.Signals | null> {
  const program = `
    import { Level } from 'level'
    const database = new Level(${JSON.stringify(directory)})
    await database.put(${JSON.stringify(first)}, '')
    await database.put(${JSON.stringify(last)}, '')
    await database.compactRange('', '~')
    await database.close()`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: 'ignore' })
  const [code, signal] = await once(child, 'exit')
  if (code !== 0 && signal === null) throw new Error(`the process that compacts ended with ${code}`)
  return signal
}
