/** `tidings reload`: the node reads its configuration again. */
import type { Command } from 'commander'
import { printable } from '../printable.ts'
import { reloadOutcomeSchema } from '../server/node-control.ts'
import type { CliContext } from './context.ts'

export function addReload(program: Command, context: CliContext): void {
  program
    .command('reload')
    .description('Read the configuration again, show what changed, and apply it without dropping a session.')
    .option('--json', 'print JSON')
    .action(async (options: { json?: boolean }) => {
      const outcome = await context.ask('reload', {}, { result: reloadOutcomeSchema })
      if (options.json === true) return context.printJson(outcome)
      for (const warning of outcome.warnings) context.complain(`warning: ${printable(warning)}`)
      for (const key of outcome.applied) await context.print(`applied        ${printable(key)}\n`)
      for (const key of outcome.restart) await context.print(`needs restart  ${printable(key)}\n`)
      if (outcome.applied.length + outcome.restart.length === 0) await context.print('Nothing has changed.\n')
    })
}
