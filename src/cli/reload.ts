/** `tidings reload`: the node reads its configuration again. */
import type { Command } from 'commander'
import { printable } from '../printable.ts'
import { type ReloadOutcome, reloadOutcomeSchema } from '../server/control/node-control.ts'
import type { CliContext } from './context.ts'

export function addReload(program: Command, context: CliContext): void {
  program
    .command('reload')
    .description('Read the configuration again, show what changed, and apply it without dropping a session.')
    .option('--json', 'print JSON')
    .action(async (options: { json?: boolean }) => {
      const outcome = await context.ask('reload', {}, { result: reloadOutcomeSchema })
      if (options.json === true) return context.printJson(outcome)
      await context.print(outcomeText(outcome, context))
    })
}

/** What changed; warnings go to standard error at once. */
export function outcomeText(outcome: ReloadOutcome, context: CliContext): string {
  for (const warning of outcome.warnings) context.complain(`warning: ${printable(warning)}`)
  const lines = [
    ...outcome.applied.map(key => `applied        ${printable(key)}\n`),
    ...outcome.restart.map(key => `needs restart  ${printable(key)}\n`),
  ]
  return lines.length === 0 ? 'Nothing has changed.\n' : lines.join('')
}
