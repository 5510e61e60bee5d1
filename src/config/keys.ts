/** Every configuration key with its type, default and description, read off the schema; and the keys still to come. */
import { z } from 'zod'
import { configSchema } from './config.ts'

export interface ConfigKey {
  /** `node.data`; keys of an array of tables without index: `peer.from`. */
  readonly path: string
  readonly section: string
  readonly name: string
  readonly type: 'text' | 'number' | 'true or false' | 'list of texts'
  /** Whether the section is an array of tables, `[[peer]]`. */
  readonly repeated: boolean
  readonly required: boolean
  readonly fallback: unknown
  readonly choices: readonly string[]
  readonly description: string
}

export interface ConfigSection {
  readonly name: string
  readonly repeated: boolean
  readonly description: string
  readonly keys: readonly ConfigKey[]
}

const nodeSchema = z.object({
  type: z.string().optional(),
  description: z.string().default(''),
  default: z.unknown().optional(),
  enum: z.array(z.string()).default([]),
  required: z.array(z.string()).default([]),
  get properties() {
    return z.record(z.string(), nodeSchema).default({})
  },
  get items() {
    return nodeSchema.optional()
  },
})
type SchemaNode = z.infer<typeof nodeSchema>

const typeNames: Readonly<Record<string, ConfigKey['type']>> = {
  integer: 'number',
  number: 'number',
  boolean: 'true or false',
  array: 'list of texts',
}

/** The JSON Schema of the configuration file, for editors. */
export const configJsonSchema = (): object => ({
  title: 'Tidings configuration',
  ...z.toJSONSchema(configSchema, { io: 'input' }),
})

export function configSections(): ConfigSection[] {
  const root = nodeSchema.parse(configJsonSchema())
  return Object.entries(root.properties).map(([name, section]) => {
    const table = section.items ?? section
    const repeated = section.items !== undefined
    const keys = Object.entries(table.properties).map(([key, node]) =>
      configKey({ section: name, name: key, node, repeated, required: table.required.includes(key) }),
    )
    return { name, repeated, description: table.description, keys }
  })
}

function configKey(at: {
  section: string
  name: string
  node: SchemaNode
  repeated: boolean
  required: boolean
}): ConfigKey {
  const { node, section, name, repeated, required } = at
  return {
    path: `${section}.${name}`,
    section,
    name,
    type: typeNames[node.type ?? ''] ?? 'text',
    repeated,
    required,
    fallback: node.default,
    choices: node.enum,
    description: node.description,
  }
}

/**
 * Keys that a later version will act on, with the values that ask for what this version does anyway. Any other value
 * is refused: nobody shall believe that something is on because the file says so.
 */
export const keysToCome: ReadonlyMap<string, readonly unknown[]> = new Map<string, readonly unknown[]>([
  ['hierarchy.text_only', [false]],
  ['hierarchy.max_bytes', []],
  ['hierarchy.allowed_types', [[]]],
  ['hierarchy.auto_create', [false]],
  ['hierarchy.description', ['']],
  ['cluster', []],
])
