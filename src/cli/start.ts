/** `tidings start`: the node in the foreground, with its signals. */
import type { Command } from 'commander'
import { type LoadedConfig, loadConfig } from '../config/file.ts'
import { type LogOutput, openLog } from '../log-output.ts'
import type { NodeOptions, RunningNode } from '../main.ts'
import type { CliContext } from './context.ts'
import { exitCodes } from './exit-codes.ts'
import { takeHandedOver } from './handed-over.ts'
import { shellWord } from './shell-word.ts'

export type RunNode = (options: NodeOptions) => Promise<RunningNode>

/** The parts of a node are loaded when one starts: a command that only asks a running one does not wait for them. */
export const runNode: RunNode = async options => (await import('../main.ts')).runNode(options)

/** Signals within this time are the same Ctrl-C, milliseconds. */
const echoTime = 1000

export function addStart(program: Command, context: CliContext, run: RunNode = runNode): void {
  program
    .command('start')
    .description('Run the node in the foreground until Ctrl-C.')
    .action(() => start(context, run))
}

export async function start(context: CliContext, run: RunNode): Promise<void> {
  const { around } = context
  const loaded = context.loadConfig()
  const output = openOutput(context, loaded)
  const { log } = output
  const leave: (() => void)[] = []
  leave.push(
    around.onFault(error => {
      log.error({ err: error }, 'unexpected fault; the node ends')
      around.exit(exitCodes.internal)
    }),
  )
  try {
    for (const warning of loaded.warnings) log.warn({ file: loaded.file }, warning)
    const reload = () => {
      const next = loadConfig(loaded.file, around.env)
      if (next.ok) output.setLevel(next.config.log.level)
      return next
    }
    const { config, file } = loaded
    const handedOver = takeHandedOver(around.env, { pid: around.pid, listen: config.listen })
    const node = await run({ config, file, log, reload, handedOver })
    leave.push(...handleSignals(context, { node, output }))
    await context.print(welcome(context, { loaded, node }))
    context.exitCode = await node.finished
  } finally {
    for (const each of leave) each()
  }
}

function openOutput(context: CliContext, { config }: LoadedConfig): LogOutput {
  const { stderr } = context.around
  const { level, file } = config.log
  const to = file === '' ? { write: (line: string) => void stderr.write(line) } : file
  return openLog({ level, to, plain: file === '' && stderr.isTTY === true })
}

function handleSignals(
  { around }: CliContext,
  { node, output }: { node: RunningNode; output: LogOutput },
): (() => void)[] {
  const { log } = output
  let stopped: number | undefined
  const stop = (signal: string) => {
    const now = around.clock.monotonic()
    // A second one: whoever sends it does not want to wait. But npm passes on the Ctrl-C that the terminal has
    // sent to every process.
    if (stopped !== undefined) return now - stopped < echoTime ? undefined : around.exit(exitCodes.cancelled)
    stopped = now
    log.info({ signal }, 'stopping')
    node.stop().catch((error: unknown) => {
      log.error({ err: error }, 'stopping failed')
      around.exit(exitCodes.internal)
    })
  }
  const reload = () => {
    output.reopen()
    node.reload().then(
      outcome => log.info(outcome, 'configuration read again'),
      (error: unknown) =>
        log.error(
          { reason: error instanceof Error ? error.message : String(error) },
          'configuration not changed',
        ),
    )
  }
  return [
    around.onSignal('SIGINT', () => stop('SIGINT')),
    around.onSignal('SIGTERM', () => stop('SIGTERM')),
    around.onSignal('SIGHUP', reload),
  ]
}

function welcome(
  { colors, around, configFile, program }: CliContext,
  { loaded, node: { listening, firstLink } }: { loaded: LoadedConfig; node: RunningNode },
): string {
  const lines = [`${colors.bold(`Tidings ${around.version}`)} runs as ${loaded.config.node.path_identity}.`]
  const add = (what: string, how: string) => lines.push(`  ${what.padEnd(14)}${how}`)
  for (const address of listening.web) add('Web reader', `http://${reachable(address)}/`)
  for (const address of listening.webs) add('Web reader', `https://${reachable(address)}/`)
  for (const address of listening.nntp) {
    const [host, port] = hostAndPort(reachable(address))
    add('Newsreaders', `server ${host}, port ${port}; with tin: rtin -g ${host} -p ${port}`)
  }
  for (const address of listening.nntps) {
    const [host, port] = hostAndPort(reachable(address))
    add('With TLS', `server ${host}, port ${port}`)
  }
  for (const address of listening.admin) add('Metrics', `http://${reachable(address)}/metrics`)
  add('Store', loaded.config.node.data)
  // To the terminal alone: it is in no log.
  if (firstLink !== undefined) add('First account', `${firstLink} makes you the administrator, once`)
  // Without it the other commands would look elsewhere.
  const named = configFile === undefined ? '' : ` --config ${shellWord(configFile)}`
  lines.push(`"${program} status${named}" shows how it is, Ctrl-C stops it.`)
  return `${lines.join('\n')}\n`
}

/** An address that listens everywhere is opened by the name of this machine. */
const reachable = (address: string) => address.replace(/^(0\.0\.0\.0|\[::\])(?=:\d+$)/, 'localhost')

function hostAndPort(address: string): [string, string] {
  const at = address.lastIndexOf(':')
  return [address.slice(0, at).replace(/^\[|\]$/g, ''), address.slice(at + 1)]
}
