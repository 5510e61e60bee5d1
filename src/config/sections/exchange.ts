/** The sections about other servers: whom we exchange articles with, whom we fetch them from, and how they are called. */
import { z } from 'zod'
import { isHostName } from '../../host.ts'
import { Wildmat } from '../../wildmat.ts'
import {
  anyText,
  certificateName,
  cidr,
  count,
  fingerprint,
  identity,
  optional,
  pattern,
  remoteAddress,
  text,
  wildmat,
} from '../texts.ts'
import { isAccountName, isAddress, isDay } from '../values.ts'

/** How another server is called: of peers and of pulls. */
const linkKeys = {
  tls: z
    .enum(['off', 'starttls', 'implicit'])
    .default('off')
    .describe(
      'Encryption when we call: off, implicit = from the first octet, or starttls = asked for on a plain port, and nothing goes on without it.',
    ),
  tls_name: text(optional(isHostName), 'a host name')
    .default('')
    .describe('Name its certificate must bear; empty = the host we call.'),
  ca_file: anyText
    .default('')
    .describe('PEM file with the authorities that may certify it; empty = the usual public ones.'),
  pin: z
    .array(fingerprint)
    .default([])
    .describe(
      'Fingerprints of its key, "sha256:" and 64 hex digits: instead of an authority, or beside those in ca_file.',
    ),
  user: text(optional(isAccountName), 'a name without blanks')
    .default('')
    .describe('Account we log in with; without password_file our certificate is the proof (SASL EXTERNAL).'),
  password_file: anyText
    .default('')
    .describe(
      'File with its password, readable by the user of the node alone; sent over TLS or loopback only.',
    ),
  compress: z
    .boolean()
    .default(false)
    .describe(
      'Compress where it offers that (RFC 8054); what goes over TLS may then be guessed from its length.',
    ),
}

export const peerSchema = z
  .strictObject({
    name: identity.describe('Path identity of the peer.'),
    aliases: z.array(identity).default([]).describe('Other path identities the peer may write into Path.'),
    from: z.array(cidr).default([]).describe('Addresses or networks that may feed us as this peer.'),
    certificate: z
      .array(certificateName)
      .default([])
      .describe(
        'Client certificates that may feed us as this peer: a host name that a trusted authority certified, or the fingerprint of a key.',
      ),
    account: anyText
      .default('')
      .describe('Account, with the role peer, that may feed us as this peer after a login.'),
    require_tls: z.boolean().default(false).describe('It may feed us only over TLS.'),
    to: z
      .union([remoteAddress, z.array(remoteAddress)])
      .optional()
      .describe(
        'Where we offer articles, host:port, or several to be tried in turn; absent = it only feeds us.',
      ),
    accept: pattern.default('*,!local.*').describe('Hierarchies we take from it, wildmat.'),
    send: pattern.optional().describe('Hierarchies it subscribes to, wildmat; absent = nothing is sent.'),
    distributions: wildmat.default('*').describe('Distributions it is sent, wildmat.'),
    max_bytes: count.optional().describe('Largest article it is sent, in octets; absent = no limit.'),
    bind: text(optional(isAddress), 'an address').default('').describe('Our own address when we call it.'),
    streaming: z.boolean().default(true).describe('Use CHECK and TAKETHIS (RFC 4644) where it offers them.'),
    max_connections: z.int().min(1).max(64).default(4).describe('Most connections we open to it.'),
    ...linkKeys,
  })
  .describe('A server we exchange articles with.')

export const pullSchema = z
  .strictObject({
    from: remoteAddress.describe('Server we fetch articles from as a newsreader, host:port.'),
    groups: text(
      value => Wildmat.parse(value) !== undefined,
      'a wildmat such as "comp.*,!comp.binaries.*"',
    ).describe('Groups we fetch, wildmat.'),
    since: text(optional(isDay), 'a day such as "2026-11-01"')
      .default('')
      .describe('Articles dated earlier are left out; empty = none.'),
    every_minutes: count
      .max(44_640)
      .default(15)
      .describe('How often we look for new articles; sooner at first where it did not work.'),
    create_groups: z.boolean().default(false).describe('Create matching groups that are not here.'),
    ...linkKeys,
  })
  .describe('A server that we read like a newsreader, on which nobody need know of us.')

export type PullConfig = z.infer<typeof pullSchema>
export type PeerConfig = z.infer<typeof peerSchema>

/** There is something that a peer could be known by when it calls. */
export const feedsUs = ({ from, certificate, account }: PeerConfig): boolean =>
  from.length > 0 || certificate.length > 0 || account !== ''
