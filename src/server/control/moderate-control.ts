/** What an administrator may ask about articles that are held for release, as the control socket and the program see it. */
import { z } from 'zod'

export const heldRowSchema = z.object({
  messageId: z.string(),
  /** Empty where the poster was not logged in. */
  account: z.string(),
  address: z.string(),
  /** Seconds since 1970, when it was posted. */
  time: z.number(),
  newsgroups: z.array(z.string()).readonly(),
  /** As in the article, cut, with octets from outside. */
  from: z.string(),
  subject: z.string(),
  octets: z.number(),
})
export type HeldRow = z.infer<typeof heldRowSchema>

export interface HeldCopy {
  readonly row: HeldRow
  /** Plain octets: CRLF, not dot-stuffed. */
  readonly text: Buffer
}

export const releasedSchema = z.object({
  /** To its newsgroups, or to the moderator of one of them. */
  outcome: z.enum(['accepted', 'mailed']),
  filings: z.array(z.object({ group: z.string(), number: z.number() })).readonly(),
})
export type Released = z.infer<typeof releasedSchema>

/** Rejects with a `ControlFault`: `refused` where no such article is held. */
export interface ModerateControl {
  /** Oldest first, in batches of at most 100. */
  list(): AsyncIterable<readonly HeldRow[]>
  find(messageId: string): Promise<HeldCopy | undefined>
  /** `refused` also where the article may not be filed: then it stays held, but where a copy of it is here already. */
  release(messageId: string): Promise<Released>
  reject(messageId: string): Promise<void>
}
