/** What an administrator should know of the machine a node starts on. */
import { stat, statfs } from 'node:fs/promises'
import { reservedDescriptors } from '../listen.ts'
import type { Descriptors } from '../storage/disk/descriptors.ts'

/** Magic numbers of statfs(2) that stand for storage which forgets or pretends. */
const fileSystems = new Map([
  [0x0102_1994, 'tmpfs: the store is lost when the machine stops'],
  [0x8584_58f6, 'ramfs: the store is lost when the machine stops'],
  [0x794c_7630, 'overlay: the store goes with its container; give node.data a volume'],
  [0x6969, 'NFS: its locks and syncs cannot be relied on'],
])

export interface Surroundings {
  /** `node.data` */
  readonly data: string
  /** `limits.connections` */
  readonly connections: number
  readonly descriptors: Descriptors
}

/** Sentences for the log and for `status`; none where all is as it should be. */
export async function startWarnings({
  data,
  connections,
  descriptors,
}: Surroundings): Promise<readonly string[]> {
  const warnings: string[] = []
  if (process.getuid?.() === 0)
    warnings.push('running as root: a user of its own would limit what a fault can do')
  const kind = fileSystems.get((await statfs(data)).type)
  if (kind !== undefined) warnings.push(`node.data is on ${kind}`)
  if (((await stat(data)).mode & 0o077) !== 0)
    warnings.push(`${data} is open to other users: chmod 700 keeps private articles private`)
  const few = fewDescriptors(connections, descriptors)
  if (few !== undefined) warnings.push(few)
  return warnings
}

/** The configuration promises more connections than this process can have. */
export function fewDescriptors(connections: number, { limit, used }: Descriptors): string | undefined {
  const possible = limit - used - reservedDescriptors
  if (possible >= connections) return undefined
  return `limits.connections is ${connections}, but ${limit} file descriptors allow for ${possible}: raise "ulimit -n", or LimitNOFILE= of the systemd unit`
}
