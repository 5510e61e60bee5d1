/** `tidings verify`: the store against itself while it serves, and repair from the articles. */
import type { Command } from 'commander'
import { printable } from '../printable.ts'
import { ControlFault } from '../server/control/node-control.ts'
import { type VerifyProgress, verifyProgressSchema } from '../server/control/verify-control.ts'
import { counted, thousands } from './amounts.ts'
import type { CliContext } from './context.ts'
import { exitCodes } from './exit-codes.ts'
import { progressBar } from './progress-bar.ts'

interface Options {
  readonly repair?: boolean
  readonly json?: boolean
}

export function addVerify(program: Command, context: CliContext): void {
  program
    .command('verify')
    .description('Compare articles, history, overview, log and marks of the running node.')
    .option('--repair', 'make again from the articles what is wrong, and set damaged articles aside')
    .option('--json', 'print the result as JSON')
    .action((options: Options) => run(context, options))
}

async function run(context: CliContext, { repair = false, json }: Options): Promise<void> {
  await using node = await context.connect()
  const bar = progressBar(context.around)
  let last: VerifyProgress | undefined
  try {
    for await (const item of node.stream('verify', { repair }, context.interruption())) {
      last = verifyProgressSchema.parse(item)
      bar.update(0, 0, counted(last.checked, 'value'))
    }
  } finally {
    bar.stop()
  }
  if (last === undefined) throw new ControlFault('internal', 'the node said nothing of the verification')
  if (!last.sound) context.exitCode = exitCodes.data
  if (json === true) return context.printJson(last)
  await context.print(verifyText(last))
  if (!last.sound && !repair)
    context.complain('Run it again with --repair to put right what can be made again.')
}

function verifyText({ checked, kinds, fetched, sound }: VerifyProgress): string {
  const lines = kinds.flatMap(({ kind, found, mended, examples }) => [
    `${kind}: ${thousands(found)} wrong, ${thousands(mended)} put right`,
    ...examples.map(text => `  ${printable(text)}`),
  ])
  const verdict = sound ? (kinds.length === 0 ? 'all is well' : 'all is well now') : 'the store is damaged'
  if (fetched > 0) lines.push(`${counted(fetched, 'lost article')} fetched from peers`)
  return [...lines, `${counted(checked, 'value')} looked at: ${verdict}`, ''].join('\n')
}
