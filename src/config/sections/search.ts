/** Keys of the search. */
import { z } from 'zod'

export const searchSchema = z
  .strictObject({
    enabled: z
      .boolean()
      .default(true)
      .describe('Keep an index of the words of all articles, some 350 octets for each.'),
  })
  .prefault({})
  .describe('The search of the web reader and of XSEARCH.')
