/** What an administrator may ask of verification, as the control socket and the `tidings` program see it. */
import { z } from 'zod'

const amount = z.number().min(0)

export const scrubStatusSchema = z.object({
  /** Seconds since 1970, when the slow look had seen everything; 0 = not yet. */
  lastRound: amount,
  /** Values it has looked at since the start. */
  checked: amount,
  /** What it found wrong in this round and the one before. */
  found: amount,
  example: z.string(),
})

export const verifyOptionsSchema = z.object({ repair: z.boolean() })
export type VerifyOptions = z.infer<typeof verifyOptionsSchema>

export const verifyProgressSchema = z.object({
  checked: amount,
  kinds: z
    .array(
      z.object({ kind: z.string(), found: amount, mended: amount, examples: z.array(z.string()).readonly() }),
    )
    .readonly(),
  /** Lost articles that came from a peer, under new numbers. */
  fetched: amount.default(0),
  done: z.boolean(),
  /** Nothing is wrong, or nothing is any more. */
  sound: z.boolean(),
})
export type VerifyProgress = z.infer<typeof verifyProgressSchema>
