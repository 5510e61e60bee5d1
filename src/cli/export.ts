/** `tidings export`: articles of the running node into a mailbox, a batch, a spool or JSON lines. */

import { once } from 'node:events'
import { createWriteStream, existsSync, mkdirSync, type WriteStream } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Command, Option } from 'commander'
import { z } from 'zod'
import { ControlFault, type ExportOptions, exportFormats } from '../server/control/node-control.ts'
import { counted } from './amounts.ts'
import type { CliContext } from './context.ts'
import { progressBar } from './progress-bar.ts'

interface Options {
  readonly format: ExportOptions['format']
  readonly groups: string
  readonly output?: string
}

const pieceSchema = z.object({
  /** Names of folders and file below the output, never upwards. */
  path: z.string().regex(/^$|^(?!\.\.?(\/|$))[^/\0]+(\/(?!\.\.?(\/|$))[^/\0]+)*$/),
  data: z.base64(),
  article: z.number(),
})

export function addExport(program: Command, context: CliContext): void {
  program
    .command('export')
    .description('Write articles to standard output, or to a new file or folder.')
    .addOption(new Option('--format <FORMAT>', 'how they are written').choices(exportFormats).default('mbox'))
    .option('--groups <WILDMAT>', 'groups to export', '*')
    .option('--output <PATH>', 'file, or folder for a spool; must not exist')
    .action((options: Options) => run(context, options))
}

async function run(context: CliContext, options: Options): Promise<void> {
  const { output } = options
  if (output === undefined && options.format === 'spool')
    throw new ControlFault('usage', 'a spool is a folder: name it with --output PATH')
  if (output !== undefined && existsSync(output))
    throw new ControlFault('create', `${output} exists; name another with --output PATH`)
  await using node = await context.connect()
  const bar = progressBar(context.around)
  const request: ExportOptions = { format: options.format, groups: options.groups }
  let articles = 0
  try {
    await using files = new ExportFiles(output)
    for await (const item of node.stream('export', request, context.interruption())) {
      const piece = pieceSchema.parse(item)
      const octets = Buffer.from(piece.data, 'base64')
      if (output === undefined) await context.print(octets)
      else await files.write(piece.path, octets)
      articles = piece.article
      bar.update(0, 0, counted(articles, 'article'))
    }
  } finally {
    bar.stop()
  }
  if (output !== undefined) await context.print(`${counted(articles, 'article')} written to ${output}\n`)
}

/** Files below the output, one open at a time. */
class ExportFiles implements AsyncDisposable {
  readonly #root: string
  #path: string | undefined
  #file: WriteStream | undefined

  constructor(root: string | undefined) {
    this.#root = root ?? ''
  }

  async write(path: string, octets: Buffer): Promise<void> {
    if (path !== this.#path || this.#file === undefined) {
      await this.#finish()
      const name = join(this.#root, path)
      mkdirSync(dirname(name), { recursive: true })
      this.#file = createWriteStream(name, { flags: 'wx' })
      this.#path = path
      await once(this.#file, 'open')
    }
    if (!this.#file.write(octets)) await once(this.#file, 'drain')
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#finish()
  }

  async #finish(): Promise<void> {
    const file = this.#file
    this.#file = undefined
    if (file === undefined) return
    file.end()
    await once(file, 'close')
  }
}
