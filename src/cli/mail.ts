/** `tidings mail`: mails that wait for the mail server. */
import { type Command, InvalidArgumentError } from 'commander'
import { z } from 'zod'
import { printable } from '../printable.ts'
import { type MailRow, mailRowSchema } from '../server/control/mail-control.ts'
import { duration, moment, table } from './amounts.ts'
import type { CliContext } from './context.ts'
import { pieceOf } from './pieces.ts'

interface Options {
  readonly json?: boolean
}

export function addMail(program: Command, context: CliContext): void {
  const mail = program
    .command('mail')
    .description('Mails that wait for the mail server: submissions to moderators, and letters to people.')
  mail
    .command('list')
    .description('List them, oldest first: number, since when, to whom, tries, next try, what went wrong.')
    .option('--json', 'print JSON')
    .action((options: Options) => list(context, options))
  mail
    .command('show')
    .description(
      'Print a submission, octet for octet, or with control characters made visible on a terminal.',
    )
    .argument('<number>', 'as "list" shows it', numberOf)
    .action((id: number) => show(context, id))
  mail
    .command('retry')
    .description('Try one, or all of them, at once.')
    .argument('[number]', 'as "list" shows it', numberOf)
    .action(async (id?: number) => {
      await context.ask('mail.retry', { id }, { result: z.unknown() })
      await context.print(id === undefined ? 'all are tried again\n' : `mail ${id} is tried again\n`)
    })
  mail
    .command('drop')
    .description('Take one away: it is not sent, and nobody is told.')
    .argument('<number>', 'as "list" shows it', numberOf)
    .action(async (id: number) => {
      await context.ask('mail.drop', { id }, { result: z.unknown() })
      await context.print(`mail ${id} dropped\n`)
    })
}

function numberOf(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('expected the number of a mail')
  return Number(text)
}

async function show(context: CliContext, id: number): Promise<void> {
  await using node = await context.connect()
  const pieces: Buffer[] = []
  for await (const item of node.stream('mail.show', { id }, context.interruption()))
    pieces.push(pieceOf(item))
  await context.printOctets(Buffer.concat(pieces))
}

async function list(context: CliContext, { json }: Options): Promise<void> {
  const mails = await context.ask('mail.list', {}, { result: z.array(mailRowSchema) })
  if (json === true) return context.printJson(mails)
  if (mails.length === 0) return context.print('no mail waits\n')
  await context.print(table(mails.map(cells)))
}

function cells({ id, time, to, subject, tries, retryIn, lastError }: MailRow): string[] {
  const next = retryIn === undefined ? 'no mail server' : retryIn === 0 ? 'now' : `in ${duration(retryIn)}`
  const failed = tries === 1 ? '1 try' : `${tries} tries`
  return [String(id), moment(time), to, subject, failed, next, lastError].map(printable)
}
