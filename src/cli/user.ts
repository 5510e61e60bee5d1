/** `tidings user`: accounts of the running node. Passwords go neither over the command line nor into any log. */
import { randomBytes } from 'node:crypto'
import type { Command } from 'commander'
import { z } from 'zod'
import { mostOfAccount } from '../account.ts'
import { roles } from '../client.ts'
import { printable } from '../printable.ts'
import { ControlFault } from '../server/control/node-control.ts'
import { roleOf } from '../server/control/user-administration.ts'
import { type UserRow, userRowSchema } from '../server/control/user-control.ts'
import { table } from './amounts.ts'
import type { CliContext } from './context.ts'
import { askPassword } from './password.ts'

interface Options {
  readonly json?: boolean
  readonly role?: readonly string[]
  readonly group?: readonly string[]
  readonly certificate?: readonly string[]
  readonly passwordStdin?: boolean
  readonly generate?: boolean
  readonly password?: boolean
  readonly disable?: boolean
  readonly enable?: boolean
}

const usualRoles = ['reader', 'poster']

const collect = (value: string, before: readonly string[] = []) => [...before, value]

export function addUser(program: Command, context: CliContext): void {
  const user = program.command('user').description('Accounts of the running node.')
  user
    .command('list')
    .description('List accounts: name, roles, groups, how they log in.')
    .option('--json', 'print JSON')
    .action((options: Options) => list(context, options))
  described(user.command('add').description('Make an account; asks twice for its password.'))
    .option('--no-password', 'none: it logs in with a certificate')
    .action((name: string, options: Options) => add(context, name, options))
  described(user.command('set').description('Change what is given of an account.'))
    .option('--password', 'ask for a new password')
    .option('--disable', 'no login any more')
    .option('--enable', 'logins again')
    .action((name: string, options: Options) => set(context, name, options))
  user
    .command('remove')
    .description('Remove an account.')
    .argument('<name>')
    .action(async (name: string) => {
      await context.ask('user.remove', { name }, { result: z.unknown() })
      await context.print(`removed ${printable(name)}\n`)
    })
}

/** What `add` and `set` have in common. */
function described(command: Command): Command {
  return command
    .argument('<name>')
    .option(
      '--role <ROLE>',
      `${roles.join(', ')}; may be repeated (usual: ${usualRoles.join(', ')})`,
      collect,
    )
    .option('--group <GROUP>', `group of accounts; may be repeated, up to ${mostOfAccount}`, collect)
    .option('--certificate <ID>', 'host name or sha256:FINGERPRINT that proves it; may be repeated', collect)
    .option('--password-stdin', 'read the password from standard input, one line')
    .option('--generate', 'make a password and print it once')
    .option('--json', 'print JSON')
}

async function add(context: CliContext, name: string, options: Options): Promise<void> {
  for (const role of options.role ?? []) roleOf(role)
  const password = options.password === false ? '' : await newPassword(context, options)
  const change = { name, ...changeOf({ ...options, role: options.role ?? usualRoles }) }
  await made(context, 'user.add', { change, password, options, done: 'added' })
}

async function set(context: CliContext, name: string, options: Options): Promise<void> {
  for (const role of options.role ?? []) roleOf(role)
  const wanted = options.passwordStdin === true || options.generate === true || options.password === true
  const password = wanted ? await newPassword(context, options) : ''
  if (options.disable === true && options.enable === true)
    throw new ControlFault('usage', '--disable and --enable contradict each other')
  const disabled = options.disable === true ? true : options.enable === true ? false : undefined
  const { role, group, certificate } = options
  if (!wanted && [role, group, certificate, disabled].every(given => given === undefined))
    throw new ControlFault('usage', 'nothing to change: --help shows what can be given')
  await made(context, 'user.set', {
    change: { name, ...changeOf(options), disabled },
    password,
    options,
    done: 'changed',
  })
}

const changeOf = ({ role, group, certificate }: Options) => ({
  roles: role,
  groups: group,
  certificates: certificate,
})

async function newPassword(context: CliContext, options: Options): Promise<string> {
  if (options.generate === true) return randomBytes(15).toString('base64url')
  return askPassword(context, { fromInput: options.passwordStdin === true })
}

interface Made {
  readonly change: object
  readonly password: string
  readonly options: Options
  readonly done: string
}

async function made(
  context: CliContext,
  cmd: string,
  { change, password, options, done }: Made,
): Promise<void> {
  const blob = Buffer.from(password)
  const row = await context.ask(cmd, change, { result: userRowSchema, ...(blob.length > 0 && { blob }) })
  const generated = options.generate === true ? password : undefined
  if (options.json === true) return context.printJson({ ...row, ...(generated && { generated }) })
  await context.print(`${done} ${printable(row.name)} (${row.roles.join(', ') || 'no role'})\n`)
  if (generated !== undefined) await context.print(`password ${generated}\n`)
}

async function list(context: CliContext, { json }: Options): Promise<void> {
  await using node = await context.connect()
  const all: UserRow[] = []
  for await (const rows of node.stream('user.list', {}, context.interruption()))
    all.push(...z.array(userRowSchema).parse(rows))
  if (json === true) return context.printJson(all)
  await context.print(table(all.map(cellsOf)))
}

function cellsOf({ name, roles, groups, certificates, disabled, password, scram }: UserRow): string[] {
  const logins = [
    ...(password ? ['password'] : []),
    ...(scram ? ['scram'] : []),
    ...(certificates.length > 0 ? ['certificate'] : []),
    ...(disabled ? ['disabled'] : []),
  ]
  return [name, roles.join(','), groups.join(','), logins.join(',')].map(printable)
}
