/** The sections of the configuration about the node itself: who it is, where it is reached, its TLS, its mail and its log. */
import { z } from 'zod'
import { anyText, cidr, identity, listenAddress, mailAddress, optional, text } from '../texts.ts'
import { isUrl } from '../values.ts'

export const nodeSchema = z
  .strictObject({
    path_identity: identity
      .default('localhost.invalid')
      .describe('Name of this node in Path (RFC 5536 path-identity): its host name, unique in the world.'),
    data: anyText.min(1).default('data').describe('Folder of the store.'),
    compress: z
      .boolean()
      .default(true)
      .describe(
        'Compress articles in the store: texts take a third to a half less room, and about a seventh more of a processor as they come in.',
      ),
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

export const listenSchema = z
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

export const tlsSchema = z
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

export const mailSchema = z
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
    from: mailAddress.default('').describe('Sender of mail from this node; needed with smtp.'),
  })
  .prefault({})
  .describe('Outgoing mail: submissions to moderators, and letters to those who register.')

export const logSchema = z
  .strictObject({
    level: z
      .enum(['trace', 'debug', 'info', 'warn', 'error'])
      .default('info')
      .describe('Least level that is logged; trace shows the dialogue of every connection.'),
    file: anyText.default('').describe('Log file, reopened on SIGHUP; empty = standard error.'),
  })
  .prefault({})
  .describe('Log: JSON lines, or plain lines where standard error is a terminal.')
