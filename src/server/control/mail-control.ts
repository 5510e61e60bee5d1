/** What an administrator may ask about mails that wait for the mail server, as the control socket and the program see it. */
import { z } from 'zod'

export const mailRowSchema = z.object({
  id: z.number(),
  to: z.string(),
  subject: z.string(),
  /** Of the article that goes to its moderator, or of a letter. */
  messageId: z.string(),
  /** To a person; else to a moderator. */
  letter: z.boolean(),
  /** Seconds since 1970, when it was put there. */
  time: z.number(),
  octets: z.number(),
  /** Failures since the node started. */
  tries: z.number(),
  /** What the mail server said last; empty where nothing failed. With octets from outside. */
  lastError: z.string(),
  /** Seconds until it is tried again; absent where no mail server is configured. */
  retryIn: z.number().optional(),
})
export type MailRow = z.infer<typeof mailRowSchema>

/** Rejects with a `ControlFault`: `refused` where no such mail waits, or there is no mail server. */
export interface MailControl {
  /** The oldest first, at most `mostMails`. */
  list(): Promise<readonly MailRow[]>
  /** The article that goes to its moderator, plain octets. `refused` for a letter: its links are for its reader alone. */
  show(id: number): Promise<Buffer>
  /** Tried at once: one, or all. */
  retry(id?: number): Promise<void>
  drop(id: number): Promise<void>
}

export const mostMails = 1000
