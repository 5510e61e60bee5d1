/** `tidings peer backfill`: old articles of a subscription that was widened. */
import type { Command } from 'commander'
import { printable } from '../printable.ts'
import { ControlFault } from '../server/control/node-control.ts'
import { type BackfillProgress, backfillProgressSchema } from '../server/control/peer-control.ts'
import { thousands } from './amounts.ts'
import type { CliContext } from './context.ts'
import { exitCodes } from './exit-codes.ts'
import { progressBar } from './progress-bar.ts'
import { sinceDate } from './since.ts'

interface Options {
  readonly groups: string
  readonly since: number
  readonly json?: boolean
}

export function addPeerBackfill(peer: Command, context: CliContext): void {
  peer
    .command('backfill')
    .description(
      'Offer a peer again what it subscribes to and arrived since a date. May be stopped and repeated.',
    )
    .argument('<name>')
    .requiredOption('--groups <WILDMAT>', 'groups to offer, such as "comp.*"')
    .requiredOption(
      '--since <DATE>',
      'when the articles arrived here: 2026-11-01 or "2026-11-01 12:00"',
      sinceDate,
    )
    .option('--json', 'print the result as JSON')
    .action((name: string, options: Options) => backfill(context, name, options))
}

async function backfill(context: CliContext, name: string, { groups, since, json }: Options): Promise<void> {
  await using node = await context.connect()
  const bar = progressBar(context.around)
  let last: BackfillProgress | undefined
  try {
    for await (const item of node.stream('peer.backfill', { name, groups, since }, context.interruption())) {
      last = backfillProgressSchema.parse(item)
      bar.update(last.done, last.total, barText(last))
    }
  } finally {
    bar.stop()
  }
  if (last === undefined) throw new ControlFault('internal', 'the node said nothing of the backfill')
  if (!last.complete) context.exitCode = exitCodes.retry
  if (json === true) return context.printJson(last)
  await context.print(
    `${thousands(last.offered)} offered: ${thousands(last.accepted)} accepted, ${thousands(last.duplicate)} there already, ` +
      `${thousands(last.rejected)} refused, ${thousands(last.gone)} gone\n`,
  )
  if (!last.complete)
    context.complain(
      'The feed to the peer was stopped or changed: run it again, what the peer has is not sent twice.',
    )
}

function barText({ accepted, duplicate, waiting, lastError }: BackfillProgress): string {
  const trouble = lastError === '' || waiting === 0 ? '' : `; ${printable(lastError)}`
  return `${thousands(accepted)} accepted, ${thousands(duplicate)} there already, ${thousands(waiting)} waiting${trouble}`
}
