/** `tidings import`: old articles from mailboxes, spools and batches into the running node. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { type Command, Option } from 'commander'
import { parseNewsgroups } from '../newsgroup.ts'
import { printable } from '../printable.ts'
import {
  ControlFault,
  type ImportOptions,
  type ImportProgress,
  importFormats,
  importProgressSchema,
} from '../server/control/node-control.ts'
import { counted, thousands } from './amounts.ts'
import type { CliContext } from './context.ts'
import { exitCodes } from './exit-codes.ts'
import { progressBar } from './progress-bar.ts'

interface Options {
  readonly format: ImportOptions['format']
  readonly group?: string
  readonly createGroups?: boolean
  readonly keepNumbers?: boolean
  readonly dryRun?: boolean
  readonly rejects?: string
  readonly json?: boolean
}

export function addImport(program: Command, context: CliContext): void {
  program
    .command('import')
    .description('Import old articles. Importing again what is there already changes nothing.')
    .argument('<path...>', 'files and folders, read by the node')
    .addOption(new Option('--format <FORMAT>', 'what the files are').choices(importFormats).default('auto'))
    .option('--group <NAME>', 'newsgroup for articles that name none, such as mail')
    .option('--create-groups', 'create groups that are not there')
    .option('--keep-numbers', 'articles of a spool keep their numbers')
    .option('--dry-run', 'only say what would happen')
    .option('--rejects <FILE>', 'append refused articles here in rnews form, each with its reason')
    .option('--json', 'print the result as JSON')
    .action((paths: string[], options: Options) => run(context, paths, options))
}

async function run(context: CliContext, paths: readonly string[], options: Options): Promise<void> {
  for (const path of paths)
    if (!existsSync(path)) throw new ControlFault('data', `${path}: there is no such file or folder`)
  const bad = options.group === undefined ? undefined : parseNewsgroups(options.group).bad[0]
  if (bad !== undefined) throw new ControlFault('usage', `--group: ${printable(bad)} is no newsgroup name`)
  const request: ImportOptions = {
    paths: paths.map(path => resolve(path)),
    format: options.format,
    createGroups: options.createGroups === true,
    keepNumbers: options.keepNumbers === true,
    dryRun: options.dryRun === true,
    ...(options.group === undefined ? {} : { group: options.group }),
    ...(options.rejects === undefined ? {} : { rejects: resolve(options.rejects) }),
  }
  await using node = await context.connect()
  const bar = progressBar(context.around)
  let last: ImportProgress | undefined
  try {
    for await (const item of node.stream('import', request, context.interruption())) {
      last = importProgressSchema.parse(item)
      bar.update(
        last.octetsDone,
        last.octetsTotal,
        `${counted(last.articles, 'article')}, ${thousands(last.rate)}/s`,
      )
    }
  } finally {
    bar.stop()
  }
  if (last === undefined) throw new ControlFault('internal', 'the node said nothing of the import')
  if (last.refused > 0) context.exitCode = exitCodes.data
  if (options.json === true) return context.printJson(last)
  const would = options.dryRun === true ? 'would be ' : ''
  await context.print(
    `${counted(last.articles, 'article')}: ${thousands(last.accepted)} ${would}accepted, ${thousands(last.duplicates)} there already, ` +
      `${thousands(last.refused)} ${would}refused\n`,
  )
  explainRefusals(context, last, options)
}

function explainRefusals(
  context: CliContext,
  { refused, refusedFor }: ImportProgress,
  { rejects, createGroups = false }: Options,
): void {
  if (refused === 0) return
  const advice = new Set<string>()
  for (const { reason, text, articles, where } of refusedFor) {
    context.complain(`${thousands(articles).padStart(9)}  ${printable(text)}, first ${printable(where)}`)
    const remedy = remedyFor(reason, text, createGroups)
    if (remedy !== undefined) advice.add(remedy)
  }
  const others = refused - refusedFor.reduce((sum, { articles }) => sum + articles, 0)
  if (others > 0) context.complain(`${thousands(others).padStart(9)}  for other reasons`)
  for (const each of advice) context.complain(`${each}.`)
  if (rejects === undefined)
    context.complain('Run it again with --rejects FILE to keep the refused articles, each with its reason.')
}

/** The option or key that would let such articles in. */
function remedyFor(reason: string, text: string, createGroups: boolean): string | undefined {
  if (reason === 'missing-header' && text.includes(' Newsgroups '))
    return '--group NAME says where articles go that name no newsgroup, such as mail'
  if (reason === 'unwanted-newsgroup')
    return createGroups
      ? 'Some of these newsgroups have reserved names, such as example.* and to.*: --create-groups makes none of them' // RFC 5536 3.1.4
      : '--create-groups creates the newsgroups that are not there'
  if (reason === 'article-too-large') return 'limits.article_bytes says how large an article may be'
  return undefined
}
