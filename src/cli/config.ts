/** `tidings config`: check, show, schema, explain. Needs no running node. */
import type { Command } from 'commander'
import { stringify } from 'smol-toml'
import {
  type ConfigKey,
  type ConfigSection,
  configJsonSchema,
  configSections,
  keysToCome,
} from '../config/keys.ts'
import { nearest } from '../nearest.ts'
import { ControlFault } from '../server/control/node-control.ts'
import type { CliContext } from './context.ts'

interface Options {
  readonly json?: boolean
}

export function addConfig(program: Command, context: CliContext): void {
  const config = program.command('config').description('The configuration; needs no running node.')
  config
    .command('check')
    .description('Check the configuration; every error is listed with its fix.')
    .action(async () => {
      const { file, warnings } = context.loadConfig()
      for (const warning of warnings) context.complain(`${file}: warning: ${warning}`)
      await context.print(`${file}: ok\n`)
    })
  config
    .command('show')
    .description('Print the configuration with every default, conf.d and the environment.')
    .option('--json', 'print JSON instead of TOML')
    .action(async (options: Options) => {
      const loaded = context.loadConfig()
      if (options.json === true) await context.printJson(loaded.config)
      else await context.print(`${stringify(loaded.config)}\n`)
    })
  config
    .command('schema')
    .description('Print the JSON Schema, for editors.')
    .action(() => context.print(`${JSON.stringify(configJsonSchema(), undefined, 2)}\n`))
  config
    .command('explain')
    .description('Explain a key or a section; without one, list them all.')
    .argument('[key]', 'such as node.path_identity, or peer')
    .option('--json', 'print JSON')
    .action((key: string | undefined, options: Options) =>
      key === undefined ? list(context, options) : explain(context, key, options),
    )
}

function list(context: CliContext, options: Options): Promise<void> {
  const sections = configSections()
  if (options.json === true) return context.printJson(sections)
  const width = Math.max(...sections.flatMap(({ keys }) => keys.map(({ name }) => name.length)))
  const line = ({ name, description }: ConfigKey) =>
    `  ${name.padEnd(width)}  ${firstSentence(description)}\n`
  const blocks = sections.map(
    section =>
      `${titleOf(section)}  ${firstSentence(section.description)}\n${section.keys.map(line).join('')}`,
  )
  return context.print(`${blocks.join('\n')}\n"tidings config explain KEY" says more of one of them.\n`)
}

/** For a list that has a line for each. */
const firstSentence = (description: string): string => description.replace(/(?<=[a-z)\]"]\.) [A-Z"].*$/s, '')

function explain(context: CliContext, name: string, options: Options): Promise<void> {
  // As in an error message: peer[2].from is peer.from.
  const path = name.replace(/\[\d*\]/g, '').replace(/^\[+|\]+$/g, '')
  const sections = configSections()
  const keys = sections.flatMap(section => section.keys)
  const found = keys.filter(key => key.path === path || key.name === path)
  const section = sections.find(each => each.name === path)
  if (section === undefined && found.length === 0)
    throw unknownKey(path, [...sections.map(each => each.name), ...keys.map(key => key.path)])
  if (options.json === true) return context.printJson(section ?? found)
  return context.print(section === undefined ? found.map(keyText).join('\n') : sectionText(section))
}

function unknownKey(path: string, known: readonly string[]): ControlFault {
  if (keysToCome.has(path)) return new ControlFault('unavailable', `${path}: not in this version`)
  const meant = nearest(path, known)
  const hint = meant === undefined ? 'run "tidings config explain" for all keys' : `did you mean "${meant}"?`
  return new ControlFault('usage', `${path}: no such key; ${hint}`)
}

function keyText(key: ConfigKey): string {
  const type = key.choices.length > 0 ? `one of ${key.choices.join(', ')}` : key.type
  const fallback = key.required
    ? 'must be given'
    : key.fallback === undefined
      ? 'absent by default'
      : `default ${JSON.stringify(key.fallback)}`
  const where = key.repeated ? `in each [[${key.section}]]` : `in [${key.section}]`
  return `${key.path}  (${type}, ${fallback}, ${where})\n  ${key.description}\n`
}

const titleOf = ({ name, repeated }: ConfigSection): string => (repeated ? `[[${name}]]` : `[${name}]`)

function sectionText(section: ConfigSection): string {
  return `${titleOf(section)}\n  ${section.description}\n\n${section.keys.map(keyText).join('')}`
}
