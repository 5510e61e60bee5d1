/** The section of the configuration for the web reader, and for those who register there. */
import { z } from 'zod'
import { anyText, count, days, optional, text } from '../texts.ts'
import { isUrl } from '../values.ts'

export const webSchema = z
  .strictObject({
    title: anyText.default('News').describe('Title of the web reader.'),
    base_url: text(
      optional(value => isUrl(value, ['http:', 'https:'])),
      'a URL such as "https://news.example.org/"',
    )
      .default('')
      .describe('Address of the web reader as the public sees it; empty = as the browser asked.'),
    registration: z
      .enum(['open', 'invite', 'closed'])
      .default('open')
      .describe('Who may make an account in the web reader: everybody, who has an invitation, or nobody.'),
    newcomer_days: days
      .default(30)
      .describe('Days that an account which registered itself counts as new; 0 = none does.'),
    newcomer_posts_per_hour: count
      .default(5)
      .describe('Most articles an hour of such an account; more are refused. Not on loopback.'),
    newcomer_posts_per_day: count.default(50).describe('Most articles a day of such an account.'),
  })
  .prefault({})
  .describe('Web reader.')
