/** `tidings post`: an article from a file or standard input. */
import type { Command } from 'commander'
import { printable } from '../printable.ts'
import { ControlFault, type PostOutcome, postOutcomeSchema } from '../server/control/node-control.ts'
import type { CliContext } from './context.ts'
import { givenFile } from './given-file.ts'

export function addPost(program: Command, context: CliContext): void {
  program
    .command('post')
    .description('Post an article: header lines, an empty line, the text.')
    .argument('[file]', 'the article; "-" or nothing = standard input', '-')
    .option('--json', 'print JSON')
    .action(async (file: string, options: { json?: boolean }) => {
      const article = file === '-' ? await everything(context) : givenFile(file)
      if (article.length === 0) throw new ControlFault('data', 'the article is empty')
      const posted = await context.ask('post', {}, { result: postOutcomeSchema, blob: article })
      if (options.json === true) await context.printJson(posted)
      else await context.print(outcomeText(posted))
      if (posted.outcome === 'rejected') throw new ControlFault('refused', posted.reason)
      if (posted.outcome === 'deferred') throw new ControlFault('retry', `${posted.reason}; try again later`)
    })
}

async function everything(context: CliContext): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of context.around.stdin) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks)
}

function outcomeText(posted: PostOutcome): string {
  const id = printable(posted.messageId)
  if (posted.outcome === 'mailed') return `sent to the moderator: ${id}\n`
  if (posted.outcome === 'held') return `held for release: ${id}\n`
  if (posted.outcome !== 'accepted') return ''
  return `posted ${id} to ${posted.filings.map(filing => `${filing.group}:${filing.number}`).join(' ')}\n`
}
