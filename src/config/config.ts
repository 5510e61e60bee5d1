/**
 * The configuration as every part sees it: one frozen snapshot, replaced whole by a reload. The descriptions are the
 * comments of conf/tidings.toml, the text of `config explain` and of the JSON schema; a test holds them together.
 */
import { z } from 'zod'
import { isMailAddress } from '../mail-address.ts'
import { Wildmat } from '../wildmat.ts'
import { auditSchema, authSchema } from './auth.ts'
import { peerSchema, pullSchema } from './exchange.ts'
import { searchSchema } from './search.ts'
import {
  accountGroup,
  anyText,
  cidr,
  count,
  days,
  groupName,
  identity,
  label,
  listenAddress,
  mailAddress,
  optional,
  text,
  wildmat,
} from './texts.ts'
import { isGroupStatus, isUrl } from './values.ts'
import { webSchema } from './web.ts'

const groupSchema = z
  .strictObject({
    name: groupName.describe('Name of the newsgroup.'),
    status: text(isGroupStatus, '"y", "n", "m", "j", "x" or "=other.group"')
      .default('y')
      .describe(
        'y = posting allowed, m = moderated, n = no local posting, x = closed, j = junk, =other.group = alias.',
      ),
    description: anyText.default('').describe('One line for readers.'),
  })
  .describe(
    'A newsgroup that is created at start where it is absent. Never changes or removes one that exists.',
  )

const hierarchySchema = z
  .strictObject({
    pattern: text(
      value => Wildmat.parse(value) !== undefined,
      'a wildmat such as "comp.*,!comp.binaries.*"',
    ).describe('Newsgroups this rule is for, wildmat.'),
    private: z
      .boolean()
      .default(false)
      .describe(
        'Their articles never leave this node, and are not crossposted to groups that are not private.',
      ),
    labels: z.array(label).default([]).describe('Words for deny_labels of [[access]], such as "adult".'),
  })
  .describe('What holds for newsgroups by their names. The last rule that matches counts.')

const accessSchema = z
  .strictObject({
    from: z
      .array(cidr)
      .default(['0.0.0.0/0', '::/0'])
      .describe('Addresses or networks of the readers this rule is for.'),
    users: wildmat
      .default('*')
      .describe('Accounts this rule is for, wildmat; "" = readers who did not log in.'),
    groups: z
      .array(accountGroup)
      .default([])
      .describe('Groups of accounts this rule is for; empty = whether an account is in one or not.'),
    read: wildmat.default('*').describe('Groups they may read, wildmat.'),
    post: wildmat.default('').describe('Groups they may post to, wildmat.'),
    approve: wildmat.default('').describe('Moderated groups they may approve articles for, wildmat.'),
    hold: wildmat
      .default('')
      .describe('Groups their articles for which wait until an administrator releases them, wildmat.'),
    deny_labels: z
      .array(label)
      .default([])
      .describe(
        'Labels of hierarchies whose groups are not there for them, whatever read, post and approve say.',
      ),
    connections: count
      .optional()
      .describe(
        'Most connections at once from one of these addresses, or of one account; absent = as in [limits].',
      ),
    commands_per_second: count
      .optional()
      .describe('Most commands a second on a connection; absent = as in [limits].'),
    bytes_per_second: count
      .optional()
      .describe('Most octets a second sent to a connection; absent = as in [limits].'),
    posts_per_hour: count.optional().describe('Most articles an hour; absent = as in [limits].'),
  })
  .describe('A rule for readers. The last rule that matches counts; without any rule nobody may read.')

const moderatorSchema = z
  .strictObject({
    groups: wildmat.describe('Moderated groups, wildmat.'),
    address: text(isMailAddress, 'a mail address').describe(
      'Where submissions go; %s = the group with dots as dashes.',
    ),
  })
  .describe('Whom postings to a moderated group are mailed to. The first rule that matches counts.')

const nodeSchema = z
  .strictObject({
    path_identity: identity
      .default('localhost.invalid')
      .describe('Name of this node in Path (RFC 5536 path-identity): its host name, unique in the world.'),
    data: anyText.min(1).default('data').describe('Folder of the store.'),
    organization: anyText.default('').describe('Organization header of articles posted here; empty = none.'),
    admin: mailAddress.default('').describe('Where complaints about postings go (mail-complaints-to).'),
    cancel_lock_file: anyText
      .default('')
      .describe(
        'File with the secret of Cancel-Locks, and in a second line the one before; empty = one that is kept in the store.',
      ),
  })
  .prefault({})
  .describe('This node.')

const listenSchema = z
  .strictObject({
    nntp: z
      .array(listenAddress)
      .default(['127.0.0.1:1119'])
      .describe('NNTP for readers and peers; STARTTLS where [tls] is set.'),
    nntps: z
      .array(listenAddress)
      .default([])
      .describe('NNTP under TLS from the first octet; usually port 563.'),
    web: z.array(listenAddress).default(['127.0.0.1:8119']).describe('Web reader.'),
    webs: z.array(listenAddress).default([]).describe('Web reader under TLS (https); usually port 443.'),
    trusted_proxies: z
      .array(cidr)
      .default([])
      .describe(
        'Addresses or networks of proxies whose X-Forwarded-For and X-Forwarded-Proto, or PROXY headers, are believed.',
      ),
    proxy_protocol: z
      .array(listenAddress)
      .default([])
      .describe('Those of nntp and nntps where connections begin with a PROXY header of trusted_proxies.'),
    admin: z
      .array(listenAddress)
      .default(['127.0.0.1:9119'])
      .describe('/metrics, /healthz and /readyz; not for the public.'),
    control: anyText
      .min(1)
      .default('run/control.sock')
      .describe('Socket that the tidings program speaks to; its folder is private to the user of the node.'),
  })
  .prefault({})
  .describe('Where this node can be reached. Changes need a restart.')

const tlsSchema = z
  .strictObject({
    cert: anyText
      .default('')
      .describe('File with the certificate and those that lead to its authority, PEM; empty = no TLS.'),
    key: anyText.default('').describe('File with its key, PEM, not readable by others.'),
    client_ca: anyText
      .default('')
      .describe('File with the authorities whose client certificates prove names, PEM; empty = none.'),
    compress: z
      .boolean()
      .default(false)
      .describe('Allow COMPRESS under TLS too: lengths may then tell something of what is read.'),
  })
  .prefault({})
  .describe('TLS. The files are read again on reload; sessions go on.')

const limitsSchema = z
  .strictObject({
    article_bytes: count.default(1_000_000).describe('Largest article, in octets.'),
    header_bytes: count.default(65_536).describe('Largest header section, in octets.'),
    header_line_bytes: count.default(8_192).describe('Longest header field, unfolded, in octets.'),
    headers: count.default(200).describe('Most header fields of an article.'),
    groups_posted: count.default(20).describe('Most groups of an article posted here.'),
    groups_relayed: count.default(50).describe('Most groups of an article from a peer.'),
    path_entries: count.default(100).describe('Most sites in the Path of an article from a peer.'),
    references: z
      .int()
      .min(4) // RFC 5537 3.4.4: the first and the last three stay.
      .default(30)
      .describe('Most message-IDs kept in the References of a followup written in the web reader.'),
    posts_per_hour: count
      .default(500)
      .describe(
        'Postings of an account or address before each further one waits longer, and then is refused.',
      ),
    connections: count.default(10_000).describe('Most connections at once.'),
    connections_per_address: count
      .default(50)
      .describe('Most connections at once from one address; loopback and peers are not counted.'),
    connections_per_network: count
      .default(500)
      .describe('Most connections at once from one network, /24 or /56 of IPv6; not of loopback and peers.'),
    connections_per_account: count
      .default(50)
      .describe('Most connections at once of one account; those who are logged in count for nothing else.'),
    idle_seconds: count.default(1_800).describe('A connection that sends nothing is closed after this time.'),
    first_command_seconds: count.default(10).describe('Time a new connection has for its first command.'),
    line_seconds: count.default(30).describe('Time a command line has from its first octet to its last.'),
    article_bytes_per_second: count
      .default(1_024)
      .describe('A client that sends an article more slowly than this for a minute is cut off.'),
    stalled_output_seconds: count
      .default(120)
      .describe('A client that takes no output is cut off after this time.'),
    input_bytes: count
      .default(65_536)
      .describe('Input kept in memory for a connection, besides its article.'),
    output_bytes: count.default(262_144).describe('Output kept in memory for a connection.'),
    total_output_bytes: count
      .default(268_435_456)
      .describe(
        'Output kept in memory for all connections; above it the one that has long read nothing ends.',
      ),
    commands_per_second: count
      .default(10_000)
      .describe('Commands of a connection, or of all of an account; more wait. Not for loopback and peers.'),
    bytes_per_second: count
      .default(125_000_000)
      .describe(
        'Octets to and from a connection, or all of an account; more wait. Not for loopback and peers.',
      ),
    examined_per_second: count
      .default(50_000)
      .describe(
        'Articles that NEWNEWS and XSEARCH look at for all who are not logged in; ten times as many for others.',
      ),
  })
  .prefault({})
  .describe('What a client or an article may cost.')

const historySchema = z
  .strictObject({
    cutoff_days: days
      .default(10)
      .describe(
        'Articles older than this are refused, from peers and in posting, never in imports; 0 = no limit.',
      ),
    max_absence_days: days.default(60).describe('How long a peer may be away and still get what it missed.'),
  })
  .prefault({})
  .describe('How long message-IDs count.')

const expireSchema = z
  .strictObject({
    groups: wildmat.describe('Groups this rule is for, wildmat.'),
    keep_days: days
      .default(0)
      .describe(
        'Days that an article without an Expires header is kept, from its arrival here; 0 = for ever.',
      ),
    keep_articles: z
      .int()
      .min(0)
      .default(0)
      .describe('Most articles of a group, the newest; 0 = any number.'),
    keep_bytes: z
      .int()
      .min(0)
      .default(0)
      .describe('Most octets of articles of a group, the newest; 0 = any.'),
    min_days: days
      .optional()
      .describe(
        'Days that an article is kept at least when its Expires header asks for less; absent = keep_days.',
      ),
    max_days: days
      .optional()
      .describe('Days that its Expires header may ask for at most, 0 = any number; absent = keep_days.'),
  })
  .describe(
    'How long articles are kept. The last rule that matches a group counts; an article goes when the longest rule of its groups says so; without a rule it stays for ever.',
  )

const scrubSchema = z
  .strictObject({
    articles_per_second: z
      .int()
      .min(0)
      .max(100_000)
      .default(100)
      .describe('Articles that are compared with their checksums and the index, all the time; 0 = off.'),
  })
  .prefault({})
  .describe('A slow look at everything that is stored, once a day; "tidings verify" does it at once.')

const mailSchema = z
  .strictObject({
    smtp: text(
      optional(value => isUrl(value, ['smtp:', 'smtps:'])),
      'a URL such as "smtp://user@mail.example.org:587"',
    )
      .default('')
      .describe('Mail server, smtp://user@host:587; empty = mail is kept in the store and shown.'),
    password_file: anyText
      .default('')
      .describe('File with the password for the mail server, readable by the user of the node alone.'),
    from: mailAddress.default('').describe('Sender of mail from this node.'),
  })
  .prefault({})
  .describe('Outgoing mail: submissions to moderators, and letters to those who register.')

const listsSchema = z
  .strictObject({
    motd: z.string().default('').describe('LIST MOTD: message of the day; empty = the list is not kept.'),
    subscriptions: z
      .array(anyText)
      .default([])
      .describe('LIST SUBSCRIPTIONS: newsgroups suggested to new readers (RFC 6048 2.6).'),
    distributions: z
      .array(anyText)
      .default([])
      .describe('LIST DISTRIBUTIONS: "name description" each (RFC 6048 2.3).'),
    distrib_pats: z
      .array(anyText)
      .default([])
      .describe('LIST DISTRIB.PATS: "weight:wildmat:value" each (RFC 3977 7.6.5).'),
  })
  .prefault({})
  .describe('Texts of LIST commands that nothing else tells.')

const logSchema = z
  .strictObject({
    level: z
      .enum(['trace', 'debug', 'info', 'warn', 'error'])
      .default('info')
      .describe('Least level that is logged; trace shows the dialogue of every connection.'),
    file: anyText.default('').describe('Log file, reopened on SIGHUP; empty = standard error.'),
  })
  .prefault({})
  .describe('Log: JSON lines, or plain lines where standard error is a terminal.')

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
  ['log', 'file'],
  ['audit', 'file'],
] as const
