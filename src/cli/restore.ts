/** `tidings restore`: the data directory from a backup, while the node is down. */
import { randomInt } from 'node:crypto'
import { resolve } from 'node:path'
import { type Command, InvalidArgumentError } from 'commander'
import { ControlFault } from '../server/control/node-control.ts'
import { UnusableBackup } from '../storage/backup/backup-files.ts'
import { Occupied, type RestoreProgress, restore } from '../storage/backup/restore.ts'
import { counted } from './amounts.ts'
import type { CliContext } from './context.ts'
import { progressBar } from './progress-bar.ts'
import { openStopped } from './stopped-store.ts'

interface Options {
  readonly json?: boolean
  readonly numberGap: number
}

/** More than a group gets between two backups, in most. */
const usualGap = 10_000
const largestGap = 10_000_000

export function addRestore(program: Command, context: CliContext): void {
  program
    .command('restore')
    .description('Make an empty data directory again from a backup, while the node is down.')
    .argument('<folder>', 'what was given to "tidings backup"')
    .option(
      '--number-gap <numbers>',
      'numbers that each newsgroup passes over: those given after the backup must not be given again',
      gapOf,
      usualGap,
    )
    .option('--json', 'print the result as JSON')
    .action((folder: string, options: Options) => run(context, resolve(folder), options))
}

function gapOf(text: string): number {
  const gap = /^\d{1,8}$/.test(text) ? Number(text) : largestGap + 1
  if (gap > largestGap) throw new InvalidArgumentError(`expected a number from 0 to ${largestGap}`)
  return gap
}

async function run(context: CliContext, from: string, { json, numberGap: gap }: Options): Promise<void> {
  const { data: to, compress } = context.loadConfig().config.node
  const signal = context.interruption()
  const now = context.around.clock.now()
  const random = randomInt(2 ** 32) / 2 ** 32
  const bar = progressBar(context.around)
  let last: RestoreProgress | undefined
  try {
    for await (const progress of restore({ from, to, now, random, gap, compress, signal })) {
      last = progress
      bar.update(last.articles, last.total, counted(last.articles, 'article'))
    }
  } catch (error) {
    throw faultOf(error)
  } finally {
    bar.stop()
  }
  if (last === undefined) throw new ControlFault('internal', 'the restore was not finished')
  // The store is whole by now: where this is interrupted, the next start makes the index.
  await using _store = await openStopped(context)
  const { articles, node, time: backedUp } = last
  if (json === true) return context.printJson({ articles, node, time: backedUp })
  const when = new Date(backedUp * 1000).toISOString().slice(0, 19)
  await context.print(
    `${counted(articles, 'article')} of ${node} as they were on ${when.replace('T', ' at ')} UTC are in ${to}; "tidings start" serves them\n`,
  )
}

function faultOf(cause: unknown): unknown {
  if (cause instanceof UnusableBackup) return new ControlFault('data', cause.message, { cause })
  if (cause instanceof Occupied) return new ControlFault('create', cause.message, { cause })
  if (cause instanceof Error && cause.name === 'AbortError') return new ControlFault('cancelled', 'cancelled')
  return cause
}
