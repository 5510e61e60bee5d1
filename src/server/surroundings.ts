/** What an administrator should know of the machine a node starts on. */
import { stat, statfs } from 'node:fs/promises'

/** Magic numbers of statfs(2) that stand for storage which forgets or pretends. */
const fileSystems = new Map([
  [0x0102_1994, 'tmpfs: the store is lost when the machine stops'],
  [0x8584_58f6, 'ramfs: the store is lost when the machine stops'],
  [0x794c_7630, 'overlay: the store goes with its container; give node.data a volume'],
  [0x6969, 'NFS: its locks and syncs cannot be relied on'],
])

/** Sentences for the log and for `status`; none where all is as it should be. */
export async function startWarnings(data: string): Promise<readonly string[]> {
  const warnings: string[] = []
  if (process.getuid?.() === 0)
    warnings.push('running as root: a user of its own would limit what a fault can do')
  const kind = fileSystems.get((await statfs(data)).type)
  if (kind !== undefined) warnings.push(`node.data is on ${kind}`)
  if (((await stat(data)).mode & 0o077) !== 0)
    warnings.push(`${data} is open to other users: chmod 700 keeps private articles private`)
  return warnings
}
