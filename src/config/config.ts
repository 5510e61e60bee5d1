/**
 * The configuration as every part sees it: one frozen snapshot, replaced whole by a reload. The descriptions are the
 * comments of conf/tidings.toml, the text of `config explain` and of the JSON schema; a test holds them together.
 */
import { z } from 'zod'
import { accessSchema } from './sections/access.ts'
import { auditSchema, authSchema } from './sections/auth.ts'
import { controlSchema, pgpSchema } from './sections/control.ts'
import { peerSchema, pullSchema } from './sections/exchange.ts'
import { limitsSchema } from './sections/limits.ts'
import { groupSchema, hierarchySchema, listsSchema, moderatorSchema } from './sections/newsgroups.ts'
import { listenSchema, logSchema, mailSchema, nodeSchema, tlsSchema } from './sections/node.ts'
import { expireSchema, historySchema, scrubSchema } from './sections/retention.ts'
import { searchSchema } from './sections/search.ts'
import { webSchema } from './sections/web.ts'

export const configSchema = z.strictObject({
  node: nodeSchema,
  listen: listenSchema,
  tls: tlsSchema,
  group: z.array(groupSchema).default([]),
  hierarchy: z.array(hierarchySchema).default([]),
  access: z.array(accessSchema).default([]),
  peer: z.array(peerSchema).default([]),
  pull: z.array(pullSchema).default([]),
  auth: authSchema,
  limits: limitsSchema,
  history: historySchema,
  expire: z.array(expireSchema).default([]),
  scrub: scrubSchema,
  search: searchSchema,
  mail: mailSchema,
  moderator: z.array(moderatorSchema).default([]),
  control: z.array(controlSchema).default([]),
  pgp: pgpSchema,
  lists: listsSchema,
  web: webSchema,
  log: logSchema,
  audit: auditSchema,
})

export type Config = z.infer<typeof configSchema>
export type PeerConfig = Config['peer'][number]
export type ExpireConfig = z.infer<typeof expireSchema>
export type AccessRule = z.infer<typeof accessSchema>
export type HierarchyRule = z.infer<typeof hierarchySchema>

/** Keys that name files; a relative one counts from the base folder of the configuration. */
export const pathKeys = [
  ['node', 'data'],
  ['node', 'cancel_lock_file'],
  ['listen', 'control'],
  ['tls', 'cert'],
  ['tls', 'key'],
  ['tls', 'client_ca'],
  ['mail', 'password_file'],
  ['peer', 'password_file'],
  ['peer', 'ca_file'],
  ['pull', 'password_file'],
  ['pull', 'ca_file'],
  ['pgp', 'keyring'],
  ['pgp', 'gpgv'],
  ['log', 'file'],
  ['audit', 'file'],
] as const
