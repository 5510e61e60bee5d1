/** `tidings rebuild`: the index made again from the articles, while the node is down; that of the search while it runs. */
import type { Command } from 'commander'
import { ControlFault } from '../server/control/node-control.ts'
import type { CliContext } from './context.ts'
import { openStopped } from './stopped-store.ts'

export function addRebuild(program: Command, context: CliContext): void {
  program
    .command('rebuild')
    .description(
      'Make history, overview and log again from the articles, while the node is down. Numbers stay.',
    )
    .option('--search', 'make the words of the search again instead, while the node runs')
    .action((options: { search?: true }) => (options.search ? runSearch(context) : run(context)))
}

async function runSearch(context: CliContext): Promise<void> {
  await using node = await context.connect()
  await node.call('search.rebuild', {})
  await context.print('the words of the search are made again: "tidings status" says how far that is\n')
}

async function run(context: CliContext): Promise<void> {
  const running = await context.connect().catch((error: unknown) => {
    if (error instanceof ControlFault && error.code === 'unavailable') return undefined
    throw error
  })
  if (running !== undefined) {
    await running[Symbol.asyncDispose]()
    throw new ControlFault(
      'unavailable',
      'the node is running: "tidings verify --repair" mends it as it is, or stop it first ("tidings stop")',
    )
  }
  await using _store = await openStopped(context, { rebuild: true })
  await context.print('the index was made again; the words of the search follow when the node runs\n')
}
