/** `tidings moderate`: articles that are held for release. */
import type { Command } from 'commander'
import { z } from 'zod'
import { printable } from '../printable.ts'
import { type HeldRow, heldRowSchema, releasedSchema } from '../server/control/moderate-control.ts'
import { ControlFault } from '../server/control/node-control.ts'
import { moment, octets, table } from './amounts.ts'
import type { CliContext } from './context.ts'
import { exitCodes } from './exit-codes.ts'
import { pieceOf } from './pieces.ts'

interface Options {
  readonly json?: boolean
}

export function addModerate(program: Command, context: CliContext): void {
  const moderate = program
    .command('moderate')
    .description('Articles that wait for release: those that "hold" of an [[access]] rule keeps back.')
  moderate
    .command('list')
    .description('List them, oldest first: when and by whom each was posted, where to, what about.')
    .option('--json', 'print JSON')
    .action((options: Options) => list(context, options))
  moderate
    .command('show')
    .description('Print one, octet for octet, or with control characters made visible on a terminal.')
    .argument('<message-id>')
    .option('--json', 'print JSON, the octets in base64')
    .action((id: string, options: Options) => show(context, withBrackets(id), options))
  moderate
    .command('release')
    .description('Let them go to their newsgroups, or to the moderator where one is moderated.')
    .argument('<message-id...>')
    .action((ids: readonly string[]) => each(context, ids, id => release(context, id)))
  moderate
    .command('reject')
    .description('Remove them; the reason goes into the audit log, and nobody is told.')
    .argument('<message-id...>')
    .option('--reason <text>', 'why')
    .action((ids: readonly string[], { reason }: { reason?: string }) =>
      each(context, ids, id => reject(context, id, reason)),
    )
}

/** Shells take angle brackets for themselves: an identifier may come without. */
const withBrackets = (id: string) => (id.startsWith('<') ? id : `<${id}>`)

/** What is refused for one does not keep the others back; the first fault is what the program ends with. */
async function each(
  context: CliContext,
  ids: readonly string[],
  work: (id: string) => Promise<void>,
): Promise<void> {
  for (const id of ids.map(withBrackets))
    try {
      await work(id)
    } catch (error) {
      if (!(error instanceof ControlFault) || (error.code !== 'refused' && error.code !== 'retry'))
        throw error
      context.complain(`tidings: ${printable(error.message)}`)
      if (context.exitCode === exitCodes.done) context.exitCode = exitCodes[error.code]
    }
}

async function release(context: CliContext, messageId: string): Promise<void> {
  const released = await context.ask('moderate.release', { messageId }, { result: releasedSchema })
  const to = released.filings.map(({ group, number }) => `${group}:${number}`).join(' ')
  const text = released.outcome === 'mailed' ? 'sent to the moderator' : `released to ${to}`
  await context.print(`${printable(messageId)} ${text}\n`)
}

async function reject(context: CliContext, messageId: string, reason: string | undefined): Promise<void> {
  await context.ask('moderate.reject', { messageId, reason }, { result: z.unknown() })
  await context.print(`${printable(messageId)} rejected\n`)
}

async function list(context: CliContext, { json }: Options): Promise<void> {
  await using node = await context.connect()
  const all: HeldRow[] = []
  for await (const rows of node.stream('moderate.list', {}, context.interruption()))
    all.push(...z.array(heldRowSchema).parse(rows))
  if (json === true) return context.printJson(all)
  if (all.length === 0) return context.print('no article is held for release\n')
  await context.print(table(all.map(cells)))
}

function cells({ messageId, account, address, time, newsgroups, subject, octets: size }: HeldRow): string[] {
  const who = account === '' ? address : `${account} (${address})`
  const texts = [moment(time), messageId, who, newsgroups.join(','), octets(size), visible(subject)]
  return texts.map(printable)
}

/** Octets of a header as the text they most likely are. */
const visible = (header: string) => new TextDecoder().decode(Buffer.from(header, 'latin1'))

async function show(context: CliContext, messageId: string, { json }: Options): Promise<void> {
  await using node = await context.connect()
  const pieces: Buffer[] = []
  let head: HeldRow | undefined
  for await (const item of node.stream('moderate.show', { messageId }, context.interruption())) {
    if (head === undefined) head = heldRowSchema.parse(item)
    else pieces.push(pieceOf(item))
  }
  const text = Buffer.concat(pieces)
  if (json === true) return context.printJson({ ...head, base64: text.toString('base64') })
  await context.printOctets(text)
}
