/** `tidings access explain`: the rule that counts for a client and a newsgroup. A running node knows its accounts. */
import { isIP } from 'node:net'
import type { Command } from 'commander'
import { z } from 'zod'
import { type Client, type Role, roles } from '../client.ts'
import type { LoadedConfig } from '../config/file.ts'
import { parseNewsgroup } from '../newsgroup.ts'
import { printable } from '../printable.ts'
import { type AccessReport, type AccessVerdict, reportAccess } from '../server/control/access-report.ts'
import { ControlFault } from '../server/control/node-control.ts'
import { type UserRow, userRowSchema } from '../server/control/user-control.ts'
import type { CliContext } from './context.ts'

interface Options {
  readonly from: string
  readonly user?: string
  readonly groups?: string
  readonly roles?: string
  readonly secure?: boolean
  readonly json?: boolean
}

export function addAccess(program: Command, context: CliContext): void {
  const access = program.command('access').description('Who may do what, by the files of the configuration.')
  access
    .command('explain')
    .description('Print the rule that counts for a client and a newsgroup, and what it comes to.')
    .argument('<group>', 'a newsgroup, whether it is here or not')
    .requiredOption('--from <IP>', 'the address of the client')
    .option('--user <NAME>', 'its account; not logged in where absent')
    .option('--groups <NAMES>', 'groups of the account, with commas, instead of those it has')
    .option('--roles <NAMES>', `roles of the account, instead of those it has: ${roles.join(', ')}`)
    .option('--secure', 'under TLS')
    .option('--json', 'print JSON')
    .action((group: string, options: Options) => explain(context, group, options))
}

async function explain(context: CliContext, group: string, options: Options): Promise<void> {
  if (parseNewsgroup(group) === undefined)
    throw new ControlFault(
      'usage',
      `${group} is no newsgroup name: components of A-Z a-z 0-9 + _ - joined by dots`,
    )
  const { client, note } = await clientOf(context, options)
  const loaded = context.loadConfig()
  const report = reportAccess(loaded.config, client, group)
  const places = {
    rule: placed(loaded, 'access', report.rule),
    hierarchy: placed(loaded, 'hierarchy', report.hierarchy),
  }
  if (options.json === true)
    return context.printJson({ group, ...(note !== '' && { note }), ...report, ...places })
  await context.print(`${reportText(group, report, places)}${note === '' ? '' : `note          ${note}\n`}`)
}

interface Asking {
  readonly client: Client
  /** What the answer cannot take into account; empty where nothing. */
  readonly note: string
}

async function clientOf(context: CliContext, options: Options): Promise<Asking> {
  const { from, user, secure = false } = options
  if (isIP(from) === 0) throw new ControlFault('usage', `--from ${from}: expected an address`)
  const wrong = list(options.roles).find(role => !roles.some(each => each === role))
  if (wrong !== undefined)
    throw new ControlFault('usage', `--roles: there is no role ${wrong}; expected ${roles.join(', ')}`)
  const given = options.groups !== undefined || options.roles !== undefined
  if (user === undefined && given)
    throw new ControlFault('usage', '--groups and --roles are of an account: name it with --user')
  if (user === undefined) return { client: { address: from, secure }, note: '' }
  const { row, note } = given ? { row: undefined, note: '' } : await stored(context, user)
  const has = options.roles === undefined ? (row?.roles ?? usualRoles) : list(options.roles)
  const groups = options.groups === undefined ? (row?.groups ?? []) : list(options.groups)
  const account = { name: user, roles: new Set(roles.filter((role: Role) => has.includes(role))), groups }
  return { client: { address: from, secure, account }, note }
}

/** The account as the running node has it. */
async function stored(
  context: CliContext,
  name: string,
): Promise<{ readonly row: UserRow | undefined; readonly note: string }> {
  try {
    await using node = await context.connect()
    for await (const item of node.stream('user.list', {}, context.interruption())) {
      const row = z
        .array(userRowSchema)
        .parse(item)
        .find(each => each.name === name)
      if (row !== undefined) return { row, note: row.disabled ? 'the account is disabled' : '' }
    }
    return {
      row: undefined,
      note: 'there is no such account here: taken to have no groups and the usual roles',
    }
  } catch (error) {
    if (!(error instanceof ControlFault) || error.code !== 'unavailable') throw error
    return {
      row: undefined,
      note: 'no node runs: the account is taken to have no groups and the usual roles',
    }
  }
}

/** As `tidings user add` gives them. */
const usualRoles = ['reader', 'poster']

const list = (text = ''): string[] => text.split(',').filter(part => part !== '')

interface Place {
  readonly number: number
  readonly file: string
  readonly line?: number
}

/** Undefined where no rule counts. */
function placed({ place }: LoadedConfig, section: string, index: number): Place | undefined {
  if (index < 0) return undefined
  const { file, line } = place([section, index])
  return { number: index + 1, file, ...(line !== undefined && { line }) }
}

function placeText(section: string, place: Place | undefined): string {
  if (place === undefined) return `no [[${section}]] rule matches`
  const line = place.line === undefined ? '' : `, line ${place.line}`
  return `${printable(place.file)}${line}: [[${section}]] number ${place.number}`
}

interface Places {
  readonly rule: Place | undefined
  readonly hierarchy: Place | undefined
}

function reportText(group: string, report: AccessReport, places: Places): string {
  const limits = Object.entries(report.limits).map(([name, value]) => `${name} = ${value}`)
  const rows: [string, string][] = [
    ['group', group],
    ['rule', placeText('access', places.rule)],
    ['read', verdictText(report.read)],
    ['post', verdictText(report.post)],
    ['approve', verdictText(report.approve)],
    ['held', report.held ? 'yes: what is posted waits for release' : 'no'],
    ['limits', limits.length === 0 ? 'as in [limits]' : limits.join(', ')],
    ['hierarchy', placeText('hierarchy', places.hierarchy)],
    ['labels', report.labels.length === 0 ? 'none' : report.labels.join(', ')],
    ['private', report.private ? 'yes: its articles leave by no feed' : 'no'],
    ['peer', report.peer === '' ? 'none' : printable(report.peer)],
  ]
  if (report.loginHelps) rows.push(['login', 'would give more'])
  return rows.map(([name, text]) => `${name.padEnd(12)}  ${text}\n`).join('')
}

const verdictText = ({ allowed, why }: AccessVerdict): string =>
  `${allowed ? 'yes' : 'no'}: ${printable(why)}`
