/** The sections of the configuration for what is kept: how long message-IDs count, when articles go, the slow look at them. */
import { z } from 'zod'
import { days, wildmat } from '../texts.ts'

export const historySchema = z
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

export const expireSchema = z
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

export const scrubSchema = z
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
