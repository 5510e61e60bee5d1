/** `tidings peer add`, `set` and `remove`: sections in files of conf.d, checked first, then a reload. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Command } from 'commander'
import { loadConfig } from '../config/file.ts'
import { type ConfigKey, configSections } from '../config/keys.ts'
import type { Table } from '../config/merge.ts'
import { findPeerSection, type PeerSection, peerFile, peerFileText } from '../config/peer.ts'
import { isPathIdentity } from '../config/values.ts'
import { nearest } from '../nearest.ts'
import { printable } from '../printable.ts'
import { ControlFault, type ReloadOutcome, reloadOutcomeSchema } from '../server/control/node-control.ts'
import type { CliContext } from './context.ts'
import { outcomeText } from './reload.ts'

type Given = Readonly<Record<string, unknown>>

const peerKeys = (): readonly ConfigKey[] =>
  (configSections().find(({ name }) => name === 'peer')?.keys ?? []).filter(({ name }) => name !== 'name')

export function addPeerChanges(peer: Command, context: CliContext): void {
  const add = peer
    .command('add')
    .description('Configure a peer, in a file of its own in conf.d, and reload.')
    .argument('<name>', 'its path identity')
    .action((name: string, given: Given) => addSection(context, name, given))
  const set = peer
    .command('set')
    .description('Change the configuration of a peer that "peer add" has made, and reload.')
    .argument('<name>')
    .option('--unset <KEY>', 'back to the default; may be given more than once', collect)
    .action((name: string, given: Given) => setSection(context, name, given))
  for (const key of peerKeys())
    for (const command of [add, set]) command.option(`${flag(key)} <VALUE>`, help(key), collect)
  peer
    .command('remove')
    .description(
      'Take a peer that "peer add" has made out of the configuration, and reload. Its place is kept.',
    )
    .argument('<name>')
    .action((name: string) => removeSection(context, name))
}

const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value]
const flag = ({ name }: ConfigKey) => `--${name.replaceAll('_', '-')}`
const several = ({ name, type }: ConfigKey) => type === 'list of texts' || name === 'to'

function help(key: ConfigKey): string {
  const text = key.description.replace(/\.$/, '')
  return several(key) ? `${text}; may be given more than once` : text
}

async function addSection(context: CliContext, name: string, given: Given): Promise<void> {
  const { file: path } = context.loadConfig()
  if (!isPathIdentity(name))
    throw new ControlFault('usage', `${name}: expected a path identity such as "news.example.org"`)
  const known = findPeerSection(path, name)
  if (known !== undefined)
    throw new ControlFault('refused', `peer ${name} is configured already, in ${placeText(known)}`)
  const file = peerFile(path, name)
  if (existsSync(file))
    throw new ControlFault('refused', `${file} exists and holds something else; move it away`)
  await change(context, { file, text: peerFileText({ name, ...valuesGiven(given) }) })
  await context.print(`"tidings peer test ${name}" tries it.\n`)
}

async function setSection(context: CliContext, name: string, given: Given): Promise<void> {
  const { file, values } = ourSection(context, name)
  const changed: Table = { ...values, ...valuesGiven(given) }
  for (const key of unsetKeys(given)) delete changed[key]
  const text = peerFileText(changed)
  if (text === peerFileText(values))
    throw new ControlFault('usage', 'nothing to change was given; see --help')
  await change(context, { file, text })
}

async function removeSection(context: CliContext, name: string): Promise<void> {
  await change(context, { file: ourSection(context, name).file, text: undefined })
  await context.print(`The place of ${printable(name)} is kept: put back, it gets what it missed.\n`)
}

function unsetKeys({ unset }: Given): readonly string[] {
  const names = peerKeys().map(key => key.name)
  const asked = (Array.isArray(unset) ? unset : []).map(key => String(key).replaceAll('-', '_'))
  for (const key of asked) {
    if (names.includes(key)) continue
    const meant = nearest(key, names)
    throw new ControlFault(
      'usage',
      `${key}: no such key${meant === undefined ? '' : `; did you mean ${meant}?`}`,
    )
  }
  return asked
}

/** What the options say, in the types of the schema; the schema itself is asked when all is there. */
function valuesGiven(given: Given): Table {
  const values: Table = {}
  for (const key of peerKeys()) {
    const texts = given[key.name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase())]
    if (Array.isArray(texts)) values[key.name] = valueGiven(key, texts.map(String))
  }
  return values
}

function valueGiven(key: ConfigKey, texts: readonly string[]): unknown {
  if (key.type === 'list of texts')
    return texts.flatMap(text => text.split(',').map(part => part.trim())).filter(text => text !== '')
  const [text = '', ...more] = texts
  if (more.length > 0) {
    if (several(key)) return texts
    throw new ControlFault('usage', `${flag(key)} is given twice`)
  }
  if (key.type === 'number') return /^\d{1,15}$/.test(text) ? Number(text) : text
  if (key.type === 'true or false') return text === 'true' ? true : text === 'false' ? false : text
  return text
}

function ourSection(context: CliContext, name: string): PeerSection {
  const { file: path, config } = context.loadConfig()
  const section = findPeerSection(path, name)
  if (section?.ours === true) return section
  if (section !== undefined)
    throw new ControlFault(
      'refused',
      `peer ${name} is in ${placeText(section)}, a file that this program did not write or that has comments now: ` +
        'change it there, then run "tidings reload"',
    )
  const meant = nearest(
    name,
    config.peer.map(peer => peer.name),
  )
  const hint = meant === undefined ? '"tidings peer add" makes one' : `did you mean "${meant}"?`
  throw new ControlFault('refused', `there is no peer ${name}; ${hint}`)
}

const placeText = ({ file, line }: PeerSection) => (line === undefined ? file : `${file}, line ${line}`)

/** Nothing is written that would not load. Where the running node refuses it, the file is as it was. */
async function change(
  context: CliContext,
  { file, text }: { file: string; text: string | undefined },
): Promise<void> {
  const loaded = loadConfig(context.findConfig(), context.around.env, new Map([[file, text]]))
  if (!loaded.ok) throw new ControlFault('usage', loaded.errors.join('\n'))
  const before = existsSync(file) ? readFileSync(file, 'utf8') : undefined
  put(file, text)
  await context.print(`${text === undefined ? 'removed' : 'wrote'} ${printable(file)}\n`)
  const outcome = await reload(context).catch((error: unknown) => {
    put(file, before)
    context.complain(`${printable(file)} is as it was: the node did not take it`)
    throw error
  })
  if (outcome === undefined) await context.print('The node is not running: it counts from its next start.\n')
  else await context.print(outcomeText(outcome, context))
}

/** Undefined where the node is not running. */
async function reload(context: CliContext): Promise<ReloadOutcome | undefined> {
  try {
    return await context.ask('reload', {}, { result: reloadOutcomeSchema })
  } catch (error) {
    if (error instanceof ControlFault && error.code === 'unavailable') return undefined
    throw error
  }
}

function put(file: string, text: string | undefined): void {
  if (text === undefined) {
    rmSync(file, { force: true })
    return
  }
  mkdirSync(dirname(file), { recursive: true })
  // Whole or not at all; names with a leading dot are no part of the configuration.
  const draft = `${dirname(file)}/.peer-${process.pid}`
  writeFileSync(draft, text)
  renameSync(draft, file)
}
