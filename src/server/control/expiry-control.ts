/** What an administrator may ask of expiry, as the control socket and the `tidings` program see it. */
import { z } from 'zod'
import { expireSchema } from '../../config/sections/retention.ts'

const amount = z.number().min(0)

export const expiryStatusSchema = z.object({
  /** Removed since the start. */
  articles: amount,
  octets: amount,
  /** Seconds since 1970; 0 = never. */
  lastRun: amount,
  /** When the oldest article arrived, seconds since 1970; absent where there is none. */
  oldest: amount.optional(),
  /** Why it waits; empty where it does not. */
  waits: z.string(),
})

export const expireOptionsSchema = z.object({
  dryRun: z.boolean(),
  /** Wildmat; everything where absent. */
  groups: z.string().optional(),
  /** Of a dry run: to be tried instead of those that count, as before a reload. */
  rules: z.array(expireSchema).readonly().optional(),
})
export type ExpireOptions = z.infer<typeof expireOptionsSchema>

export const expireProgressSchema = z.object({
  /** Each once, however many groups it was in. */
  articles: amount,
  octets: amount,
  /** In the last ones, at most 500 each; a crosspost in each of its groups. */
  groups: z.array(z.object({ name: z.string(), articles: amount, octets: amount })).readonly(),
  done: z.boolean(),
})
export type ExpireProgress = z.infer<typeof expireProgressSchema>
