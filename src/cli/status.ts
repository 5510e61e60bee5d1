/** `tidings status`: one look, a running display, or a check for Nagios and its kin. */
import type { Command } from 'commander'
import { printable } from '../printable.ts'
import { ControlFault, type Status, statusSchema } from '../server/control/node-control.ts'
import { counted, duration, octets, table, thousands } from './amounts.ts'
import type { CliContext } from './context.ts'

interface Options {
  readonly json?: boolean
  readonly watch?: boolean
  readonly check?: boolean
}

/** Milliseconds between two looks of --watch. */
const watchEvery = 2_000
/** Arrivals behind which a peer is worth a warning of --check. */
const longLag = 10_000

export function addStatus(program: Command, context: CliContext): void {
  program
    .command('status')
    .description('Show the running node: groups, articles, connections, peers, space, warnings.')
    .option('--watch', 'look again every 2 seconds until Ctrl-C')
    .option(
      '--check',
      'one line, and the exit codes of a Nagios plug-in: 0 ok, 1 warning, 2 critical, 3 unknown',
    )
    .option('--json', 'print JSON')
    .action(async (options: Options) => {
      if (options.check === true) return check(context)
      if (options.watch === true) return watch(context, options)
      await show(context, await look(context), options)
    })
}

const look = (context: CliContext) => context.ask('status', {}, { result: statusSchema })

function show(context: CliContext, status: Status, options: Options): Promise<void> {
  return options.json === true ? context.printJson(status) : context.print(statusText(status, context))
}

async function watch(context: CliContext, options: Options): Promise<void> {
  const interrupted = context.interruption()
  const clear = context.around.stdout.isTTY === true && options.json !== true
  await using node = await context.connect()
  while (!interrupted.aborted) {
    const status = statusSchema.parse(await node.call('status', {}))
    if (clear) await context.print('\x1b[H\x1b[2J')
    await show(context, status, options)
    await context.around.clock.sleep(watchEvery, interrupted)
  }
  throw new ControlFault('cancelled', 'cancelled')
}

async function check(context: CliContext): Promise<void> {
  try {
    const status = await look(context)
    const { level, text } = judge(status)
    context.exitCode = level
    const word = ['OK', 'WARNING', 'CRITICAL'][level]
    const figures = `articles=${status.articles} connections=${status.connections} free=${status.freeBytes}B`
    await context.print(`TIDINGS ${word}: ${printable(text)} | ${figures}\n`)
  } catch (error) {
    if (!(error instanceof ControlFault)) throw error
    context.exitCode = error.code === 'unavailable' ? 2 : 3
    const word = context.exitCode === 2 ? 'CRITICAL' : 'UNKNOWN'
    await context.print(`TIDINGS ${word}: ${printable(error.message)}\n`)
  }
}

function judge(status: Status): { level: 0 | 1 | 2; text: string } {
  const late = status.peers.filter(peer => peer.behind > longLag).map(peer => `peer ${peer.name} is behind`)
  const warnings = [...late, ...status.warnings]
  if (status.troubles.length > 0) return { level: 2, text: status.troubles.join(', ') }
  if (warnings.length > 0) return { level: 1, text: warnings.join(', ') }
  return { level: 0, text: `${counted(status.articles, 'article')} in ${counted(status.groups, 'group')}` }
}

function statusText(status: Status, context: CliContext): string {
  const { colors, around } = context
  const { listening } = status
  const rows = [
    [
      'listening',
      listed('nntp', listening.nntp),
      listed('nntps', listening.nntps),
      listed('web', listening.web),
      listed('webs', listening.webs),
      listed('admin', listening.admin),
    ],
    ['groups', thousands(status.groups)],
    [
      'articles',
      `${thousands(status.articles)} (crossposts count in each group)`,
      newestCell(status, around.clock.now() / 1000),
    ],
    ['connections', thousands(status.connections)],
    ...(status.held === 0
      ? []
      : [['held', `${thousands(status.held)} for release: see "tidings moderate list"`]]),
    ['expiry', ...expiryCells(status, around.clock.now() / 1000)],
    ['search', ...searchCells(status)],
    ['journal', octets(status.journalBytes)],
    ['disk', `${octets(status.freeBytes)} free of ${octets(status.diskBytes)}`],
  ]
  const head = `${colors.bold(status.pathIdentity)}  tidings ${status.version}, pid ${status.pid}, up ${duration(status.uptime)}\n`
  const peers = status.peers.map(peer => [
    'peer',
    printable(peer.name),
    peer.state,
    `${thousands(peer.behind)} behind, lag ${duration(peer.lag)}, ${thousands(peer.deferred)} deferred`,
    printable(peer.lastError),
  ])
  return [
    head,
    table(
      rows.map(row => [
        row[0] ?? '',
        row
          .slice(1)
          .filter(cell => cell !== '')
          .join('  '),
      ]),
    ),
    table(peers),
    ...status.warnings.map(text => `${colors.yellow('warning')}  ${printable(text)}\n`),
    ...status.troubles.map(text => `${colors.red('trouble')}  ${printable(text)}\n`),
  ].join('')
}

/** Newsgroups that were made are arrivals too; without an index the newest is not known. */
function newestCell({ articles, newest }: Status, now: number): string {
  if (articles === 0) return 'none is here'
  return newest === undefined ? '' : `newest ${duration(now - newest.time)} ago (arrival ${newest.arrival})`
}

function expiryCells({ expiry }: Status, now: number): string[] {
  const { articles, octets: size, lastRun, oldest, waits } = expiry
  const age = oldest === undefined ? '' : `oldest article ${duration(now - oldest)} old`
  if (lastRun === 0) return ['everything is kept', age]
  const removed = `${counted(articles, 'article')} removed since the start, ${octets(size)}`
  return [waits === '' ? `ran ${duration(now - lastRun)} ago` : 'waits', removed, age]
}

function searchCells({ search }: Status): string[] {
  if (!search.enabled) return ['off']
  const { articles, octets: size, behind } = search
  const lag = behind === 0 ? '' : `${thousands(behind)} arrivals not found yet`
  return [`${counted(articles, 'article')} can be found`, octets(size), lag]
}

function listed(name: string, addresses: readonly string[]): string {
  return addresses.length === 0 ? '' : `${name} ${addresses.join(' ')}`
}
