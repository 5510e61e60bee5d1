/** The `tidings` program: its commands, how it fails, and what it ends with. */
import { Command, CommanderError } from 'commander'
import { printable, printableLines } from '../printable.ts'
import { ControlFault } from '../server/control/node-control.ts'
import { addAccess } from './access.ts'
import { addArticle } from './article.ts'
import { addAudit } from './audit.ts'
import { addBackup } from './backup.ts'
import { addConfig } from './config.ts'
import { CliContext } from './context.ts'
import { addDemo } from './demo.ts'
import { exitCodes } from './exit-codes.ts'
import { addExpire } from './expire.ts'
import { addExport } from './export.ts'
import { addGroup } from './group.ts'
import { addImport } from './import.ts'
import { addInit } from './init.ts'
import { addMail } from './mail.ts'
import { addMode } from './mode.ts'
import { addModerate } from './moderate.ts'
import { addPeer } from './peer.ts'
import { addPost } from './post.ts'
import { addPull } from './pull.ts'
import { addRebuild } from './rebuild.ts'
import { addReload } from './reload.ts'
import { addRestore } from './restore.ts'
import { addStart } from './start.ts'
import { addStatus } from './status.ts'
import { addStop } from './stop.ts'
import type { Surroundings } from './surroundings.ts'
import { addTail } from './tail.ts'
import { addUser } from './user.ts'
import { addVerify } from './verify.ts'

export function createProgram(context: CliContext): Command {
  const { around } = context
  const program = new Command('tidings')
    .description('A Usenet/NNTP news server.')
    .version(around.version)
    .option(
      '--config <FILE>',
      'configuration file (else $TIDINGS_CONFIG, conf/tidings.toml, /etc/tidings/tidings.toml)',
    )
    .on('option:config', (file: string) => {
      context.configFile = file
    })
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: text => void around.stdout.write(text),
      writeErr: text => void around.stderr.write(text),
      // What a user typed comes back in these texts.
      outputError: (text, write) => write(printableLines(text)),
    })
    .showHelpAfterError('Run it with --help for what it takes.')
    .exitOverride()
  for (const add of [
    addInit,
    addStart,
    addDemo,
    addStop,
    addReload,
    addMode,
    addStatus,
    addGroup,
    addUser,
    addPeer,
    addTail,
    addPost,
    addArticle,
    addModerate,
    addMail,
    addAccess,
    addImport,
    addPull,
    addExport,
    addExpire,
    addVerify,
    addBackup,
    addRestore,
    addRebuild,
    addAudit,
    addConfig,
  ])
    add(program, context)
  return program
}

/** Runs one command line (without node and script) and gives the exit code. Never rejects. */
export async function runProgram(words: readonly string[], around: Surroundings): Promise<number> {
  const context = new CliContext(around)
  try {
    await createProgram(context).parseAsync(words, { from: 'user' })
    return context.exitCode
  } catch (error) {
    return fail(context, error)
  } finally {
    context.close()
  }
}

function fail(context: CliContext, error: unknown): number {
  // Commander has written its own text.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage
  if (error instanceof ControlFault) {
    if (error.code !== 'cancelled')
      for (const line of error.message.split('\n')) context.complain(`tidings: ${printable(line)}`)
    return exitCodes[error.code]
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const text = error instanceof Error ? error.message : String(error)
  if (/^E[A-Z]+$/.test(code)) {
    context.complain(`tidings: ${printable(text)}`)
    return code === 'EACCES' || code === 'EPERM' ? exitCodes.permission : exitCodes.io
  }
  context.complain(`tidings: internal fault: ${printable(text)}`)
  context.complain(printableLines(error instanceof Error ? (error.stack ?? '') : ''))
  return exitCodes.internal
}
