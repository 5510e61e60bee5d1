/** `tidings backup`: a copy of the store of one moment, while the node serves or while it is down. */
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { backupProgressSchema } from '../server/control/backup-control.ts'
import { runBackup } from '../server/control/backup-run.ts'
import { ControlFault } from '../server/control/node-control.ts'
import type { BackupProgress } from '../storage/backup/backup.ts'
import { counted, octets, thousands } from './amounts.ts'
import type { CliContext } from './context.ts'
import { exitCodes } from './exit-codes.ts'
import { progressBar } from './progress-bar.ts'
import { openStopped } from './stopped-store.ts'

interface Options {
  readonly json?: boolean
}

export function addBackup(program: Command, context: CliContext): void {
  program
    .command('backup')
    .description(
      'Back the store up, also while the node serves. Again into the same folder copies only what is new.',
    )
    .argument('<folder>', 'where to, written by the node; absent, empty, or with an older backup')
    .option('--json', 'print the result as JSON')
    .action((folder: string, options: Options) => run(context, resolve(folder), options))
}

async function run(context: CliContext, folder: string, { json }: Options): Promise<void> {
  const bar = progressBar(context.around)
  let last: BackupProgress | undefined
  try {
    for await (const progress of progressOf(context, folder)) {
      last = progress
      bar.update(last.arrival, last.newest, counted(last.articles, 'article'))
    }
  } finally {
    bar.stop()
  }
  if (last?.done !== true) throw new ControlFault('internal', 'the backup was not finished')
  if (last.damaged > 0) {
    context.exitCode = exitCodes.data
    context.complain(
      `${thousands(last.damaged)} values are damaged in the store and not whole in the backup, unless an older one had them: run "tidings verify"`,
    )
  }
  if (json === true) return context.printJson(last)
  await context.print(
    `${counted(last.articles, 'article')}, ${octets(last.octets)}: ${thousands(last.copied)} copied, ${octets(last.copiedOctets)}; the rest was there\n`,
  )
}

async function* progressOf(context: CliContext, folder: string): AsyncGenerator<BackupProgress> {
  const signal = context.interruption()
  const running = await context.connect().catch((error: unknown) => {
    if (error instanceof ControlFault && error.code === 'unavailable') return undefined
    throw error
  })
  if (running === undefined) return yield* ofStopped(context, folder, signal)
  await using node = running
  for await (const item of node.stream('backup', { folder }, signal)) yield backupProgressSchema.parse(item)
}

async function* ofStopped(
  context: CliContext,
  folder: string,
  signal: AbortSignal,
): AsyncGenerator<BackupProgress> {
  const { data, path_identity } = context.loadConfig().config.node
  await using store = await openStopped(context)
  const { articles, state } = store.stores
  const freeze = async () => {
    const frozen = { articles: articles.snapshot(), state: state.snapshot() }
    const dispose = async () => {
      for (const each of [frozen.articles, frozen.state]) await each[Symbol.asyncDispose]()
    }
    return { ...frozen, [Symbol.asyncDispose]: dispose }
  }
  const time = Math.floor(context.around.clock.now() / 1000)
  yield* runBackup({ folder, data, node: path_identity, time, signal, freeze })
}
