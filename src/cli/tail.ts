/** `tidings tail`: articles as they arrive. */
import { type Command, InvalidArgumentError } from 'commander'
import { printable } from '../printable.ts'
import { type TailEvent, tailEventSchema } from '../server/control/node-control.ts'
import { moment } from './amounts.ts'
import type { CliContext } from './context.ts'

export function addTail(program: Command, context: CliContext): void {
  program
    .command('tail')
    .description('Print articles as they arrive, until Ctrl-C.')
    .argument('<wildmat>', 'groups to watch, such as "comp.*"')
    .option('--since <ARRIVAL>', 'begin behind this arrival instead of now', wholeNumber)
    .option('--json', 'print a line of JSON for each')
    .action(async (wildmat: string, options: { since?: number; json?: boolean }) => {
      await using node = await context.connect()
      const args = { wildmat, ...(options.since === undefined ? {} : { since: options.since }) }
      for await (const item of node.stream('tail', args, context.interruption())) {
        const event = tailEventSchema.parse(item)
        if (options.json === true) await context.printJson(event)
        else await context.print(`${eventText(event)}\n`)
      }
    })
}

function eventText(event: TailEvent): string {
  const groups = event.filings.map(filing => `${filing.group}:${filing.number}`).join(' ')
  const what = event.kind === 'article' ? groups : `${event.kind} ${groups}`
  const from = [event.from, event.subject].filter(text => text !== '').join('  ')
  return printable(`${moment(event.time)}  ${event.arrival}  ${what}  ${event.messageId}  ${from}`.trimEnd())
}

function wholeNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('expected a whole number.')
  return Number(text)
}
