/** The sections of the configuration about newsgroups: which there are, who moderates them, what LIST says of them. */
import { z } from 'zod'
import { isMailAddress } from '../../mail-address.ts'
import { Wildmat } from '../../wildmat.ts'
import { anyText, groupName, label, text, wildmat } from '../texts.ts'
import { isGroupStatus } from '../values.ts'

export const groupSchema = z
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

export const hierarchySchema = z
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

export const moderatorSchema = z
  .strictObject({
    groups: wildmat.describe('Moderated groups, wildmat.'),
    address: text(isMailAddress, 'a mail address').describe(
      'Where submissions go; %s = the group with dots as dashes.',
    ),
  })
  .describe('Whom postings to a moderated group are mailed to. The first rule that matches counts.')

export const listsSchema = z
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
