/** `tidings stop`: asks the node to stop and waits until it has. */
import type { Command } from 'commander'
import { ControlFault } from '../server/control/node-control.ts'
import type { CliContext } from './context.ts'

export function addStop(program: Command, context: CliContext): void {
  program
    .command('stop')
    .description('Stop the running node; returns when it has stopped.')
    .action(async () => {
      await using node = await context.connect()
      await node.call('stop', {}).catch((error: unknown) => {
        // A node with nothing to finish may be gone before its answer.
        if (!(error instanceof ControlFault) || error.code !== 'unavailable') throw error
      })
      await node.closed
      await context.print('The node has stopped.\n')
    })
}
