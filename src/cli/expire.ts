/** `tidings expire`: what the rules let go, now; or only counted, by the files, so that new rules can be tried. */
import type { Command } from 'commander'
import { printable } from '../printable.ts'
import { type ExpireProgress, expireProgressSchema } from '../server/control/expiry-control.ts'
import { ControlFault } from '../server/control/node-control.ts'
import { counted, octets, table, thousands } from './amounts.ts'
import type { CliContext } from './context.ts'
import { progressBar } from './progress-bar.ts'

interface Options {
  readonly dryRun?: boolean
  readonly groups?: string
  readonly json?: boolean
}

export function addExpire(program: Command, context: CliContext): void {
  program
    .command('expire')
    .description('Remove now what the [[expire]] rules let go, instead of within a minute.')
    .option('--dry-run', 'only say what would go by the rules in the files, before or after "reload"')
    .option('--groups <WILDMAT>', 'only articles filed in these groups')
    .option('--json', 'print the result as JSON')
    .action((options: Options) => run(context, options))
}

async function run(context: CliContext, { dryRun = false, groups, json }: Options): Promise<void> {
  // The node may not have read them yet.
  const rules = dryRun ? context.loadConfig().config.expire : undefined
  await using node = await context.connect()
  const bar = progressBar(context.around)
  const groupsDone: ExpireProgress['groups'][number][] = []
  let last: ExpireProgress | undefined
  try {
    const request = { dryRun, ...(groups !== undefined && { groups }), ...(rules && { rules }) }
    for await (const item of node.stream('expire', request, context.interruption())) {
      last = expireProgressSchema.parse(item)
      groupsDone.push(...last.groups)
      bar.update(0, 0, `${counted(last.articles, 'article')}, ${octets(last.octets)}`)
    }
  } finally {
    bar.stop()
  }
  if (last === undefined) throw new ControlFault('internal', 'the node said nothing of expiry')
  const { articles, octets: size } = last
  if (json === true) return context.printJson({ articles, octets: size, groups: groupsDone })
  const rows = groupsDone.map(group => [
    printable(group.name),
    thousands(group.articles).padStart(9),
    octets(group.octets).padStart(8),
  ])
  await context.print(table(rows))
  const what = dryRun ? 'would go' : 'removed'
  await context.print(`${counted(articles, 'article')} ${what}, ${octets(size)}\n`)
}
