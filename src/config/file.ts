/** Loads the configuration: TOML file, `conf.d/*.toml` beside it, environment; every error at once, each with its fix. */
import { X509Certificate } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { parse, TomlError } from 'smol-toml'
import { readKeyPair, UnusableKeyPair } from '../tls/key-pair.ts'
import { cancelSecretsIn } from './cancel-secrets.ts'
import { type Config, configSchema, pathKeys } from './config.ts'
import { type ConfigProblem, isTable, MergedConfig, type Table } from './merge.ts'
import { KeyLines, keyPath } from './place.ts'
import { configWarnings, crossCheck, describeIssue, type Finding, takeKeysToCome } from './problems.ts'

export type Environment = Readonly<Record<string, string | undefined>>

export interface LoadedConfig {
  readonly ok: true
  /** Frozen; relative paths already counted from `base`. */
  readonly config: Config
  /** As given. */
  readonly file: string
  /** Absolute folder that relative paths count from. */
  readonly base: string
  readonly warnings: readonly string[]
  /** Where a key or a table stands; without a line where it cannot be told. */
  readonly place: (path: readonly PropertyKey[]) => Place
}
export interface Place {
  readonly file: string
  readonly line?: number
}
export interface ConfigErrors {
  readonly ok: false
  readonly errors: readonly string[]
}

/** Files of `conf.d` as they shall become, by path; undefined: it shall go. */
export type PartChanges = ReadonlyMap<string, string | undefined>

/**
 * Reads and checks everything; never throws for what a user may have written. With `changes` it says what would be
 * so; nothing is written.
 */
export function loadConfig(
  path: string,
  env: Environment,
  changes: PartChanges = new Map(),
): LoadedConfig | ConfigErrors {
  const sources = readSources(path, changes)
  const merged = new MergedConfig()
  for (const source of sources.parsed) merged.add(source.file, source.tables)
  const { problems, warnings } = merged.override(env)
  problems.push(...sources.problems)

  const toCome = takeKeysToCome(merged.root)
  const checked = configSchema.safeParse(merged.root)
  const findings: Finding[] = [...toCome]
  if (!checked.success)
    findings.push(...checked.error.issues.flatMap(issue => describeIssue(issue, merged.root)))
  else findings.push(...crossCheck(checked.data))
  problems.push(...findings.map(finding => locate(finding, { merged, file: path, sources: sources.parsed })))
  if (!checked.success || problems.length > 0) return { ok: false, errors: problems.map(problemText) }

  const base = baseFolder(path)
  const config = resolvePaths(checked.data, base)
  const unusable = fileFindings(config).map(finding =>
    problemText(locate(finding, { merged, file: path, sources: sources.parsed })),
  )
  if (unusable.length > 0) return { ok: false, errors: unusable }
  return {
    ok: true,
    config: freeze(config),
    file: path,
    base,
    warnings: [...warnings, ...configWarnings(config)],
    place(key) {
      const { file, line } = locate({ path: key, text: '' }, { merged, file: path, sources: sources.parsed })
      return { file, ...(line !== undefined && { line }) }
    },
  }
}

/** `conf/tidings.toml: peer[2].from: expected ... (line 14)` */
function problemText(problem: ConfigProblem): string {
  const key = problem.key === '' ? '' : `${problem.key}: `
  const line = problem.line === undefined ? '' : ` (line ${problem.line})`
  return `${problem.file}: ${key}${problem.text}${line}`
}

/** The folder of the file's parent when the file lies in a `conf` folder, else its own folder. */
function baseFolder(path: string): string {
  const folder = dirname(resolve(path))
  return basename(folder) === 'conf' ? dirname(folder) : folder
}

/** The first line of a secret file. Throws where the file cannot be read. */
export function readSecret(path: string): string {
  return readFileSync(path, 'utf8').split(/\r?\n/, 1)[0] ?? ''
}

/** Those of Cancel-Locks, the newest first; undefined where no file is named. Throws where it cannot be used. */
export function readCancelSecrets(path: string): readonly Buffer[] | undefined {
  if (path === '') return undefined
  const secrets = cancelSecretsIn(readFileSync(path, 'utf8'))
  if (typeof secrets === 'string') throw new Error(`${path}: ${secrets}`)
  return secrets
}

/** One file of the configuration. */
export interface Source {
  readonly file: string
  readonly text: string
  readonly tables: Table
  readonly lines: KeyLines
}

/** Every file in the order in which they count; those that cannot be read or parsed are problems. */
export function readSources(
  path: string,
  changes: PartChanges = new Map(),
): { parsed: Source[]; problems: ConfigProblem[] } {
  const parsed: Source[] = []
  const problems: ConfigProblem[] = []
  for (const file of [path, ...partFiles(path, changes)]) {
    try {
      const text = changes.get(file) ?? readFileSync(file, 'utf8')
      parsed.push({ file, text, tables: parse(text), lines: new KeyLines(text) })
    } catch (error) {
      problems.push(sourceProblem(file, error))
    }
  }
  return { parsed, problems }
}

/** `conf.d/*.toml` in the order of their names. */
function partFiles(path: string, changes: PartChanges): string[] {
  const folder = partFolder(path)
  const names = existsSync(folder) ? readdirSync(folder) : []
  const present = names.filter(name => name.endsWith('.toml') && !name.startsWith('.'))
  const files = new Set([...present.map(name => join(folder, name)), ...changes.keys()])
  return [...files].filter(file => !changes.has(file) || changes.get(file) !== undefined).sort()
}

/** The folder of the files beside the configuration file `path`. */
export const partFolder = (path: string): string => join(dirname(path), 'conf.d')

function sourceProblem(file: string, error: unknown): ConfigProblem {
  if (error instanceof TomlError) {
    const reason = error.message.split('\n', 1)[0]?.replace(/^Invalid TOML document: /, '') ?? ''
    return { file, key: '', text: `line ${error.line}, column ${error.column}: ${reason}` }
  }
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOENT')
    return { file, key: '', text: 'there is no such file; name another with --config FILE' }
  return { file, key: '', text: `cannot be read: ${error instanceof Error ? error.message : String(error)}` }
}

function locate(
  finding: Finding,
  among: { merged: MergedConfig; file: string; sources: readonly Source[] },
): ConfigProblem {
  const origin = among.merged.origin(finding.path)
  const file = origin?.file ?? among.file
  const path = origin?.path ?? finding.path
  const line = among.sources.find(source => source.file === file)?.lines.find(path)
  return { file, key: keyPath(path), text: finding.text, ...(line === undefined ? {} : { line }) }
}

function resolvePaths(config: Config, base: string): Config {
  const copy = structuredClone(config)
  for (const [section, key] of pathKeys) {
    const content: unknown = copy[section]
    for (const table of Array.isArray(content) ? content : [content]) {
      if (!isTable(table)) continue
      const value = table[key]
      if (typeof value === 'string' && value !== '') table[key] = resolve(base, value)
    }
  }
  return copy
}

/** Files that are named and cannot be used. */
function fileFindings(config: Config): Finding[] {
  const findings: Finding[] = []
  const look = (path: readonly PropertyKey[], problem: string | undefined) => {
    if (problem !== undefined) findings.push({ path, text: problem })
  }
  look(['mail', 'password_file'], secretProblem(config.mail.password_file))
  look(['node', 'cancel_lock_file'], cancelSecretsProblem(config.node.cancel_lock_file))
  for (const section of ['peer', 'pull'] as const)
    for (const [index, { password_file, ca_file }] of config[section].entries()) {
      look([section, index, 'password_file'], secretProblem(password_file))
      look([section, index, 'ca_file'], certificateProblem(ca_file))
    }
  if (config.control.some(({ key }) => key !== '')) {
    look(['pgp', 'keyring'], keyringProblem(config.pgp.keyring))
    look(['pgp', 'gpgv'], gpgvProblem(config.pgp.gpgv))
  }
  try {
    readKeyPair(config.tls)
  } catch (error) {
    if (!(error instanceof UnusableKeyPair)) throw error
    findings.push({ path: ['tls', error.key], text: error.message })
  }
  return findings
}

/** Why a file of certificates cannot be used; undefined where it can. */
function certificateProblem(path: string): string | undefined {
  if (path === '') return undefined
  try {
    new X509Certificate(readFileSync(path))
    return undefined
  } catch (error) {
    const why =
      error instanceof Error && 'code' in error && error.code === 'ENOENT'
        ? 'there is no file'
        : 'no certificate (PEM) in'
    return `${why} ${path}`
  }
}

/** Why a secret file cannot be used; undefined where it can. */
export function secretProblem(path: string): string | undefined {
  if (path === '') return undefined
  const found = statSync(path, { throwIfNoEntry: false })
  if (found === undefined) return `there is no file ${path}`
  if (!found.isFile()) return `${path} is not a file`
  // Windows has no such bits.
  if (process.platform !== 'win32' && (found.mode & 0o077) !== 0)
    return `others may read ${path}; run: chmod 600 ${path}`
  return undefined
}

/** gpgv reads the octets of keys, and not their armour. */
function keyringProblem(path: string): string | undefined {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found === undefined) return `there is no file ${path}; make it with: gpg --export > ${path}`
  if (!found.isFile()) return `${path} is not a file`
  return readFileSync(path, 'latin1').trimStart().startsWith('-----')
    ? `${path} is in ASCII armour; make it with: gpg --export > ${path}`
    : undefined
}

const gpgvProblem = (path: string): string | undefined =>
  existsSync(path) ? undefined : `there is no program ${path}; install the package gpgv, or name it`

function cancelSecretsProblem(path: string): string | undefined {
  const problem = secretProblem(path)
  if (path === '' || problem !== undefined) return problem
  const secrets = cancelSecretsIn(readFileSync(path, 'utf8'))
  return typeof secrets === 'string' ? `${path}: ${secrets}` : undefined
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) freeze(part)
    Object.freeze(value)
  }
  return value
}
