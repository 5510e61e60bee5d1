/** The sections about messages that ask servers to create, change and remove newsgroups, and about who signs them. */
import { z } from 'zod'
import { Wildmat } from '../../wildmat.ts'
import { anyText, text, wildmat } from '../texts.ts'

export const controlSchema = z
  .strictObject({
    type: z
      .enum(['all', 'newgroup', 'rmgroup', 'checkgroups'])
      .default('all')
      .describe('Control messages this rule is for.'),
    from: wildmat
      .default('*')
      .describe('Mail addresses it is for, in Sender or, where there is none, in From, wildmat.'),
    groups: text(
      value => Wildmat.parse(value) !== undefined,
      'a wildmat such as "comp.*,!comp.binaries.*"',
    ).describe('Newsgroups that such a message may touch, wildmat.'),
    action: z
      .enum(['drop', 'log', 'mail', 'apply'])
      .describe(
        'apply = done, mail = node.admin is told what would be done, log = a line in the log, drop = nothing.',
      ),
    key: anyText
      .default('')
      .describe(
        'Whose signature it must bear: a fingerprint, or the user id of a key in pgp.keyring, or the mail address in it.',
      ),
    old_keys: z
      .boolean()
      .default(false)
      .describe('Take signatures made with SHA-1 too, as old keys make them; each is named in the log.'),
    unsigned: z
      .boolean()
      .default(false)
      .describe('Apply without any signature: for a closed network in which everybody is trusted.'),
  })
  .describe(
    'What is done about newgroup, rmgroup and checkgroups messages. The first rule that matches counts; without one nothing is.',
  )

export const pgpSchema = z
  .strictObject({
    keyring: anyText
      .default('')
      .describe('Public keys of those who sign control messages, as "gpg --export" writes them.'),
    gpgv: anyText.default('/usr/bin/gpgv').describe('Program that verifies signatures, of the package gpgv.'),
  })
  .prefault({})
  .describe('Signatures of control messages.')

export type ControlRule = z.infer<typeof controlSchema>
