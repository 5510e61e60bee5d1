/** `tidings rebuild`: the index made again from the articles, while the node is down. */
import type { Command } from 'commander'
import { ControlFault } from '../server/node-control.ts'
import type { CliContext } from './context.ts'
import { openStopped } from './stopped-store.ts'

export function addRebuild(program: Command, context: CliContext): void {
  program
    .command('rebuild')
    .description(
      'Make history, overview and log again from the articles, while the node is down. Numbers stay.',
    )
    .action(() => run(context))
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
  await context.print('the index was made again\n')
}
