/** `tidings group`: list, add, remove, set, and import from an `active` file. */
import type { Command } from 'commander'
import { z } from 'zod'
import { readActive } from '../feed/import/active.ts'
import { printable } from '../printable.ts'
import {
  type ActiveOutcome,
  type ActiveRow,
  activeOutcomeSchema,
  ControlFault,
  type GroupRow,
  groupRowSchema,
} from '../server/control/node-control.ts'
import { thousands } from './amounts.ts'
import type { CliContext } from './context.ts'
import { exitCodes } from './exit-codes.ts'
import { givenFile } from './given-file.ts'

interface Options {
  readonly json?: boolean
  readonly status?: string
  readonly description?: string
  readonly descriptions?: string
}

/** Rows of an active file in one request. */
const batch = 500

const statusHelp = 'y posting, m moderated, n no local posting, j junk, x closed, =other.group alias'

export function addGroup(program: Command, context: CliContext): void {
  const group = program.command('group').description('Newsgroups of the running node.')
  group
    .command('list')
    .description('List groups: name, status, articles, low and high mark, description.')
    .argument('[wildmat]', 'groups to list', '*')
    .option('--json', 'print JSON')
    .action((wildmat: string, options: Options) => list(context, wildmat, options))
  group
    .command('add')
    .description('Create a group, or bring a removed one back.')
    .argument('<name>')
    .option('--status <STATUS>', statusHelp, 'y')
    .option('--description <TEXT>', 'one line for readers', '')
    .option('--json', 'print JSON')
    .action(async (name: string, { status, description, json }: Options) => {
      const made = await context.ask('group.add', { name, status, description }, { result: groupRowSchema })
      await shown(context, made, { json, done: 'created' })
    })
  group
    .command('remove')
    .description('Hide a group; its numbers are kept, should it come back.')
    .argument('<name>')
    .action(async (name: string) => {
      await context.ask('group.remove', { name }, { result: z.unknown() })
      await context.print(`removed ${printable(name)}\n`)
    })
  group
    .command('set')
    .description('Change status or description of a group.')
    .argument('<name>')
    .option('--status <STATUS>', statusHelp)
    .option('--description <TEXT>', 'one line for readers')
    .option('--json', 'print JSON')
    .action(async (name: string, { status, description, json }: Options) => {
      if (status === undefined && description === undefined)
        throw new ControlFault('usage', 'nothing to change: give --status or --description')
      const changed = await context.ask(
        'group.set',
        { name, status, description },
        { result: groupRowSchema },
      )
      await shown(context, changed, { json, done: 'changed' })
    })
  group
    .command('import')
    .description('Create the groups of an INN active file, with their numbers.')
    .argument('<active>', 'lines of: name high low status')
    .option('--descriptions <FILE>', 'newsgroups file, lines of: name, tab, description')
    .option('--json', 'print JSON')
    .action((active: string, options: Options) => importActive(context, active, options))
}

async function list(context: CliContext, wildmat: string, options: Options): Promise<void> {
  await using node = await context.connect()
  let count = 0
  for await (const rows of node.stream('group.list', { wildmat }, context.interruption()))
    for (const row of z.array(groupRowSchema).parse(rows)) {
      if (options.json === true) await context.print(`${count === 0 ? '[' : ','}${JSON.stringify(row)}\n`)
      else await context.print(`${rowText(row)}\n`)
      count++
    }
  if (options.json === true) await context.print(count === 0 ? '[]\n' : ']\n')
}

function rowText(row: GroupRow): string {
  // RFC 3977 6.1.1.2: high is less than low only where nothing is there.
  const marks = row.high < row.low ? 'empty' : `${row.low}-${row.high}`
  const numbers = `${thousands(row.count).padStart(9)}  ${marks.padEnd(15)}`
  return `${row.name.padEnd(32)}  ${row.status.padEnd(1)}  ${numbers}  ${printable(row.description)}`.trimEnd()
}

function shown(
  context: CliContext,
  row: GroupRow,
  { json, done }: { json: boolean | undefined; done: string },
): Promise<void> {
  return json === true ? context.printJson(row) : context.print(`${done} ${row.name} (${row.status})\n`)
}

async function importActive(context: CliContext, file: string, options: Options): Promise<void> {
  const rows: ActiveRow[] = []
  const faults: { line: number; reason: string }[] = []
  const files = {
    active: givenFile(file),
    ...(options.descriptions === undefined ? {} : { descriptions: givenFile(options.descriptions) }),
  }
  for (const read of readActive(files)) {
    if (read.kind === 'group') rows.push(read.group)
    else faults.push({ line: read.line, reason: read.reason })
  }
  const total: ActiveOutcome = { created: 0, changed: 0, unchanged: 0, refused: [] }
  await using node = await context.connect()
  for (let at = 0; at < rows.length; at += batch) {
    const outcome = activeOutcomeSchema.parse(
      await node.call('group.import', { rows: rows.slice(at, at + batch) }),
    )
    total.created += outcome.created
    total.changed += outcome.changed
    total.unchanged += outcome.unchanged
    total.refused.push(...outcome.refused)
  }
  for (const { line, reason } of faults) context.complain(`${file}: line ${line}: ${reason}`)
  for (const { name, reason } of total.refused) context.complain(`${printable(name)}: ${printable(reason)}`)
  if (faults.length + total.refused.length > 0) context.exitCode = exitCodes.data
  if (options.json === true) return context.printJson({ ...total, faults })
  await context.print(
    `${thousands(total.created)} created, ${thousands(total.changed)} changed, ${thousands(total.unchanged)} there already, ` +
      `${thousands(total.refused.length + faults.length)} refused\n`,
  )
}
