/** `tidings pull`: articles from another server, read as a newsreader reads them. */
import { resolve } from 'node:path'
import { type Command, InvalidArgumentError } from 'commander'
import { isKeyFingerprint } from '../config/values.ts'
import { parseAddress } from '../feed/link/peer-dial.ts'
import { printable } from '../printable.ts'
import {
  ControlFault,
  type PullOptions,
  type PullProgress,
  pullProgressSchema,
} from '../server/control/node-control.ts'
import { counted, octets, thousands } from './amounts.ts'
import type { CliContext } from './context.ts'
import { exitCodes } from './exit-codes.ts'
import { progressBar } from './progress-bar.ts'
import { sinceDate } from './since.ts'

interface Options {
  readonly groups: string
  readonly since?: number
  readonly createGroups?: boolean
  readonly user?: string
  readonly passwordFile?: string
  readonly tls?: boolean
  readonly starttls?: boolean
  readonly pin?: readonly string[]
  readonly caFile?: string
  readonly json?: boolean
}

export function addPull(program: Command, context: CliContext): void {
  program
    .command('pull')
    .description('Fetch articles from another server as a newsreader. Again it goes on where it ended.')
    .argument('<host[:port]>', 'the other server; port 119 where none is named, with --tls 563', checked)
    .requiredOption('--groups <WILDMAT>', 'groups to fetch, such as "comp.*"')
    .option('--since <DATE>', 'leave out what is dated earlier, and look at every number again', sinceDate)
    .option('--create-groups', 'create matching groups that are not here')
    .option('--tls', 'TLS from the first octet')
    .option('--starttls', 'ask for TLS, and go on with nothing else')
    .option(
      '--pin <FINGERPRINT>',
      'key of the other server, "sha256:..."; may be given more than once',
      collect,
    )
    .option(
      '--ca-file <FILE>',
      'PEM file with the authorities that may certify it, instead of the usual ones',
    )
    .option('--user <NAME>', 'account at the other server')
    .option('--password-file <FILE>', 'file with its password, readable by the user of the node alone')
    .option('--json', 'print the result as JSON')
    .action((address: string, options: Options) => pull(context, address, options))
}

const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value]

function checked(text: string): string {
  if (parseAddress(text) === undefined) throw new InvalidArgumentError('expected host or host:port.')
  return text
}

function requested(address: string, options: Options): PullOptions {
  const { groups, since, user, passwordFile, tls = false, starttls = false, pin = [], caFile } = options
  // RFC 8143 4: port 563 is TLS from the first octet.
  const { host = address, port = 0 } = parseAddress(address, tls ? 563 : 119) ?? {}
  if (tls && starttls) throw new ControlFault('usage', 'either --tls or --starttls')
  const wrong = pin.find(each => !isKeyFingerprint(each))
  if (wrong !== undefined)
    throw new ControlFault('usage', `--pin: expected "sha256:" and 64 hex digits, found "${wrong}"`)
  if ((user === undefined) !== (passwordFile === undefined))
    throw new ControlFault('usage', '--user and --password-file go together')
  return {
    host,
    port,
    groups,
    createGroups: options.createGroups === true,
    ...(since !== undefined && { since }),
    ...(user !== undefined &&
      passwordFile !== undefined && { account: { user, passwordFile: resolve(passwordFile) } }),
    tls: tls ? 'implicit' : starttls ? 'starttls' : 'off',
    pin: [...pin],
    ...(caFile !== undefined && { caFile: resolve(caFile) }),
  }
}

async function pull(context: CliContext, address: string, options: Options): Promise<void> {
  const request = requested(address, options)
  await using node = await context.connect()
  const bar = progressBar(context.around)
  let last: PullProgress | undefined
  try {
    for await (const item of node.stream('pull', request, context.interruption())) {
      last = pullProgressSchema.parse(item)
      bar.update(last.done, last.total, `${counted(last.fetched, 'article')}, ${thousands(last.rate)}/s`)
    }
  } catch (error) {
    if (error instanceof ControlFault && error.code === 'unavailable')
      throw new ControlFault(error.code, `${error.message}; run it again: it goes on where it ended`, {
        cause: error,
      })
    throw error
  } finally {
    bar.stop()
  }
  if (last === undefined) throw new ControlFault('internal', 'the node said nothing of the pull')
  await told(context, last, options)
}

async function told(context: CliContext, last: PullProgress, { json, groups }: Options): Promise<void> {
  if (last.refused > 0) context.exitCode = exitCodes.data
  if (json === true) return context.printJson(last)
  const older = last.older === 0 ? '' : `, ${thousands(last.older)} too old`
  const missing = last.missing === 0 ? '' : `, ${thousands(last.missing)} gone there`
  await context.print(
    `${counted(last.groups, 'group')}: ${thousands(last.accepted)} accepted, ${thousands(last.known)} there already, ` +
      `${thousands(last.refused)} refused${older}${missing}; ${octets(last.octets)} fetched\n`,
  )
  if (last.unknownGroups > 0)
    context.complain(
      `${counted(last.unknownGroups, 'group')} of the other server match ${printable(groups)} and are not here; --create-groups creates them`,
    )
  if (last.refused > 0)
    context.complain('"tidings article trace MESSAGE-ID" tells why an article was refused.')
}
