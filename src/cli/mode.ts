/** `tidings mode`: whether the running node takes articles and clients. */
import { Argument, type Command } from 'commander'
import { type Mode, type ModeState, modes } from '../feed/node-mode.ts'
import { printable } from '../printable.ts'
import { modeStateSchema } from '../server/control/mode-control.ts'
import { ControlFault } from '../server/control/node-control.ts'
import type { CliContext } from './context.ts'

interface Options {
  readonly reason?: string
  readonly json?: boolean
}

export function addMode(program: Command, context: CliContext): void {
  program
    .command('mode')
    .description(
      'Show whether the node takes articles and clients, or change it until the next start. "paused": posts and ' +
        'offers are put off, everything else goes on. "throttled": newsreaders and peers that call are sent away too.',
    )
    .addArgument(new Argument('[mode]').choices(modes))
    .option('--reason <TEXT>', 'what clients are told')
    .option('--json', 'print JSON')
    .action((mode: Mode | undefined, options: Options) => run(context, mode, options))
}

async function run(context: CliContext, mode: Mode | undefined, { reason, json }: Options): Promise<void> {
  if (mode === undefined && reason !== undefined)
    throw new ControlFault('usage', '--reason: say which mode it is for')
  if (mode === 'running' && reason !== undefined)
    throw new ControlFault('usage', '--reason: nobody is told anything while the node is running')
  const result = modeStateSchema
  const state =
    mode === undefined
      ? await context.ask('mode.show', {}, { result })
      : await context.ask('mode.set', { mode, reason }, { result })
  await (json === true ? context.printJson(state) : context.print(`${stateText(state)}\n`))
}

const stateText = ({ mode, reason }: ModeState): string =>
  reason === '' ? mode : `${mode}: ${printable(reason)}`
