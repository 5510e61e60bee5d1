/** The configuration as every part sees it: one frozen snapshot, replaced whole by a reload. */
import { z } from 'zod'

const strings = z.array(z.string())

export const groupSchema = z.strictObject({
  name: z.string(),
  status: z.string().default('y'),
  description: z.string().default(''),
})

export const accessSchema = z.strictObject({
  from: strings.default(['0.0.0.0/0', '::/0']),
  users: z.string().default('*'),
  read: z.string().default('*'),
  post: z.string().default(''),
  approve: z.string().default(''),
})

export const peerSchema = z.strictObject({
  name: z.string(),
  aliases: strings.default([]),
  from: strings.default([]),
  to: z.union([z.string(), strings]).optional(),
  accept: z.string().default('*,!local.*'),
  send: z.string().optional(),
  distributions: z.string().default('*'),
  max_bytes: z.int().positive().optional(),
  bind: z.string().default(''),
  streaming: z.boolean().default(true),
  max_connections: z.int().min(1).max(64).default(4),
})

export const moderatorSchema = z.strictObject({ groups: z.string(), address: z.string() })

export const configSchema = z.strictObject({
  node: z
    .strictObject({
      path_identity: z.string().default('localhost.invalid'),
      data: z.string().default('data'),
      organization: z.string().default(''),
      admin: z.string().default(''),
    })
    .prefault({}),
  listen: z
    .strictObject({
      nntp: strings.default(['127.0.0.1:1119']),
      web: strings.default(['127.0.0.1:8119']),
      admin: strings.default(['127.0.0.1:9119']),
      control: z.string().default('run/control.sock'),
    })
    .prefault({}),
  group: z.array(groupSchema).default([]),
  access: z.array(accessSchema).default([]),
  peer: z.array(peerSchema).default([]),
  limits: z
    .strictObject({
      article_bytes: z.int().positive().default(1_000_000),
      header_bytes: z.int().positive().default(65_536),
      header_line_bytes: z.int().positive().default(8_192),
      headers: z.int().positive().default(200),
      groups_posted: z.int().positive().default(20),
      groups_relayed: z.int().positive().default(50),
      path_entries: z.int().positive().default(100),
      connections: z.int().positive().default(10_000),
      connections_per_address: z.int().positive().default(50),
      idle_seconds: z.int().positive().default(1800),
      first_command_seconds: z.int().positive().default(10),
      stalled_output_seconds: z.int().positive().default(120),
      input_bytes: z.int().positive().default(65_536),
      output_bytes: z.int().positive().default(262_144),
    })
    .prefault({}),
  history: z
    .strictObject({
      cutoff_days: z.number().min(0).default(10),
      max_absence_days: z.number().min(0).default(60),
    })
    .prefault({}),
  mail: z.strictObject({ smtp: z.string().default(''), from: z.string().default('') }).prefault({}),
  moderator: z.array(moderatorSchema).default([]),
  lists: z
    .strictObject({
      motd: z.string().default(''),
      subscriptions: strings.default([]),
      distributions: strings.default([]),
      distrib_pats: strings.default([]),
    })
    .prefault({}),
  web: z
    .strictObject({
      title: z.string().default('News'),
      base_url: z.string().default(''),
    })
    .prefault({}),
  log: z
    .strictObject({
      level: z.enum(['trace', 'debug', 'info', 'warn', 'error']).default('info'),
      file: z.string().default(''),
    })
    .prefault({}),
})

export type Config = z.infer<typeof configSchema>
export type PeerConfig = z.infer<typeof peerSchema>
export type AccessRule = z.infer<typeof accessSchema>
export type GroupConfig = z.infer<typeof groupSchema>
export type ModeratorRule = z.infer<typeof moderatorSchema>
