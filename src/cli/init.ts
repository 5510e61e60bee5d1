/** `tidings init`: a folder for a node of one's own, with its configuration, a certificate and a unit for systemd. */
import { randomBytes } from 'node:crypto'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import { partFolder } from '../config/file.ts'
import { configFrom } from '../config/template.ts'
import { isPathIdentity } from '../config/values.ts'
import { isMailAddress } from '../mail-address.ts'
import { printableLines } from '../printable.ts'
import { ControlFault } from '../server/control/node-control.ts'
import { readKeyPair, UnusableKeyPair } from '../tls/key-pair.ts'
import { issueCertificate } from '../tls/self-signed.ts'
import type { CliContext } from './context.ts'
import { shellWord } from './shell-word.ts'

interface Options {
  readonly dir: string
  readonly admin?: string
  readonly cert?: string
  readonly key?: string
}

// Compiled this stands in dist/src/cli; the templates are sources.
const root = new URL('../../../', import.meta.url)

export function addInit(program: Command, context: CliContext): void {
  program
    .command('init')
    .description(
      'Make a folder for a node: its configuration with every key explained, a certificate, a unit for systemd.',
    )
    .argument('<path-identity>', 'name of the node: its host name, unique in the world')
    .option('--dir <DIR>', 'the folder; it is made where it is absent', '.')
    .option('--admin <ADDRESS>', 'where complaints go; usenet@ and the name where absent')
    .option('--cert <FILE>', 'certificate for TLS, PEM; one that signs itself is made where absent')
    .option('--key <FILE>', 'its key, PEM')
    .action((name: string, options: Options) => init(context, name, options))
}

async function init(context: CliContext, name: string, options: Options): Promise<void> {
  if (!isPathIdentity(name))
    throw new ControlFault('usage', `${name}: expected a path identity such as "news.example.org"`)
  const admin = options.admin ?? `usenet@${name}`
  if (!isMailAddress(admin)) throw new ControlFault('usage', `--admin ${admin}: expected a mail address`)
  const folder = resolve(options.dir)
  const given = pairOf(options)
  const tls = given ?? { cert: join(folder, 'secrets', 'tls.pem'), key: join(folder, 'secrets', 'tls.key') }
  const config = join(folder, 'conf', 'tidings.toml')
  const unit = join(folder, 'tidings.service')
  const files: NewFile[] = [
    {
      path: config,
      text: configFrom(new URL('conf/tidings.toml', root), {
        'node.path_identity': name,
        'node.admin': admin,
        'tls.cert': tls.cert,
        'tls.key': tls.key,
        'moderator.address': admin,
      }),
    },
    { path: unit, text: unitFor(folder, config) },
    ...(given === undefined ? pairFiles(tls, name, context) : []),
  ]
  writeNew(files)
  mkdirSync(partFolder(config), { recursive: true })
  const written = files.map(({ path }) => `Written: ${path}\n`).join('')
  const next = nextSteps({ config, unit, selfSigned: given === undefined, program: context.program })
  await context.print(printableLines(`${written}\n${next}`))
}

interface NewFile {
  readonly path: string
  readonly text: string
  /** Readable by its owner alone. */
  readonly secret?: boolean
}

/** All, or none where one of them is there already or cannot be written: half a configuration would pass for one. */
function writeNew(files: readonly NewFile[]): void {
  const there = files.find(({ path }) => existsSync(path))
  if (there !== undefined) throw new ControlFault('create', `${there.path} exists; it is left as it is`)
  const made: string[] = []
  for (const { path, text, secret = false } of files)
    try {
      mkdirSync(dirname(path), { recursive: true, ...(secret && { mode: 0o700 }) })
      // One that came meanwhile, or a link, is nobody's to take away.
      closeSync(openSync(path, 'wx', secret ? 0o600 : 0o644))
      made.push(path)
      writeFileSync(path, text)
    } catch (error) {
      for (const begun of made) rmSync(begun, { force: true })
      throw new ControlFault(
        'create',
        `cannot write ${path}: ${error instanceof Error ? error.message : error}`,
      )
    }
}

/** For ten years: nobody looks after it. */
const certificateDays = 3650

function pairFiles(tls: Pair, name: string, { around }: CliContext): NewFile[] {
  const { cert, key } = issueCertificate({
    names: [name, 'localhost', '127.0.0.1', '::1'],
    from: around.clock.now(),
    days: certificateDays,
    serial: randomBytes(16),
  })
  return [
    { path: tls.key, text: key, secret: true },
    { path: tls.cert, text: cert, secret: true },
  ]
}

/** Paths. */
interface Pair {
  readonly cert: string
  readonly key: string
}

/** Absolute, and known to fit each other. */
function pairOf({ cert, key }: Options): Pair | undefined {
  if (cert === undefined && key === undefined) return undefined
  if (cert === undefined || key === undefined) throw new ControlFault('usage', '--cert and --key go together')
  const pair = { cert: resolve(cert), key: resolve(key) }
  try {
    readKeyPair({ ...pair, client_ca: '' })
  } catch (error) {
    if (error instanceof UnusableKeyPair) throw new ControlFault('usage', `--${error.key}: ${error.message}`)
    throw error
  }
  return pair
}

/** The hardened unit that comes with Tidings, for this folder, user and program. systemd.exec(5) */
function unitFor(folder: string, config: string): string {
  const program = fileURLToPath(new URL('bin/tidings.cjs', root))
  const start = [process.execPath, '--disable-proto=delete', program, 'start', '--config', config]
  const replaced: Readonly<Record<string, readonly string[]>> = {
    Documentation: [`Documentation=${new URL('docs/operations.md', root).href}`],
    After: ['After=network-online.target'],
    User: [`User=${userInfo().username}`],
    Group: [],
    // systemd.service(5): a dollar begins the name of a variable.
    ExecStart: [`ExecStart=${start.map(quoted).join(' ').replaceAll('$', '$$$$')}`],
    StateDirectory: [`ReadWritePaths=${quoted(folder)}`],
    StateDirectoryMode: [],
    RuntimeDirectory: [],
    RuntimeDirectoryMode: [],
    LogsDirectory: [],
    LoadCredential: [],
    // The folder, Node and this program may lie below /home.
    ProtectHome: [],
  }
  const lines = readFileSync(new URL('conf/tidings.service', root), 'utf8').split('\n')
  const begin = lines.indexOf('[Unit]')
  const unit = lines.slice(begin).flatMap(line => replaced[/^(\w+)=/.exec(line)?.[1] ?? ''] ?? [line])
  return unit.join('\n')
}

/** systemd.syntax(7): specifiers doubled, and what is more than a plain word in quotes, escaped as JSON does it. */
function quoted(word: string): string {
  const text = word.replaceAll('%', '%%')
  return /^[\w./%=@+:-]+$/.test(text) ? text : JSON.stringify(text)
}

interface Made {
  readonly config: string
  readonly unit: string
  readonly selfSigned: boolean
  readonly program: string
}

function nextSteps({ config, unit, selfSigned, program }: Made): string {
  const trust = selfSigned
    ? `  The certificate signs itself: newsreaders and browsers ask whether to trust it. One that they know goes into [tls].
`
    : ''
  const owner =
    userInfo().uid === 0
      ? `  It would run as root: give the folder to a user of its own (chown -R), named at User= in the unit.
`
      : ''
  return `Next:
  ${program} start --config ${shellWord(config)}
    runs it here; the link that it prints makes you the administrator.
  [listen] in ${config}
    has the addresses: 127.0.0.1 is this machine alone.
${trust}${owner}  cp ${shellWord(unit)} /etc/systemd/system/ && systemctl enable --now tidings
    runs it from now on, also after a start of the machine.
`
}
