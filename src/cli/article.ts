/** `tidings article`: show one, cancel one, tell its way. */
import type { Command } from 'commander'
import { z } from 'zod'
import { printable } from '../printable.ts'
import { traceSchema } from '../server/control/trace-report.ts'
import type { CliContext } from './context.ts'
import { exitCodes } from './exit-codes.ts'
import { pieceOf } from './pieces.ts'
import { traceText } from './trace-text.ts'

const headSchema = z.object({
  messageId: z.string(),
  filings: z.array(z.object({ group: z.string(), number: z.number() })),
})

export function addArticle(program: Command, context: CliContext): void {
  const article = program.command('article').description('Single articles of the running node.')
  article
    .command('show')
    .description('Print an article: octet for octet, or with control characters made visible on a terminal.')
    .argument('<message-id>')
    .option('--json', 'print JSON, the octets in base64')
    .action((id: string, options: { json?: boolean }) => show(context, withBrackets(id), options))
  article
    .command('cancel')
    .description('Remove an article from this node; peers are not told but with --send.')
    .argument('<message-id>')
    .option('--send', 'post a cancel with its Cancel-Key: for an article that was posted here')
    .action(async (id: string, { send = false }: { send?: boolean }) => {
      await context.ask('article.cancel', { messageId: withBrackets(id), send }, { result: z.unknown() })
      await context.print(`cancelled ${printable(withBrackets(id))}${send ? ' here and for peers' : ''}\n`)
    })
  article
    .command('trace')
    .description(
      'Say whence an article came, where it is filed, and for each peer whether it was sent and why not.',
    )
    .argument('<message-id>')
    .option('--json', 'print JSON')
    .action((id: string, options: { json?: boolean }) => trace(context, withBrackets(id), options))
}

/** Shells take angle brackets for themselves: an identifier may come without. */
const withBrackets = (id: string) => (id.startsWith('<') ? id : `<${id}>`)

async function show(context: CliContext, messageId: string, options: { json?: boolean }): Promise<void> {
  await using node = await context.connect()
  const pieces: Buffer[] = []
  let head: z.infer<typeof headSchema> | undefined
  for await (const item of node.stream('article.show', { messageId }, context.interruption())) {
    if (head === undefined) head = headSchema.parse(item)
    else pieces.push(pieceOf(item))
  }
  const octets = Buffer.concat(pieces)
  if (options.json === true) return context.printJson({ ...head, base64: octets.toString('base64') })
  await context.printOctets(octets)
}

async function trace(context: CliContext, messageId: string, options: { json?: boolean }): Promise<void> {
  const found = await context.ask('article.trace', { messageId }, { result: traceSchema })
  // Nothing whatever is known of it.
  if (found.known === 'new' && found.refusals.length === 0) context.exitCode = exitCodes.refused
  await (options.json === true ? context.printJson(found) : context.print(traceText(found)))
}
