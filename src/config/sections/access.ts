/** The section of the configuration for readers: who may read and post what, and how much. */
import { z } from 'zod'
import { accountGroup, cidr, count, label, wildmat } from '../texts.ts'

export const accessSchema = z
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
