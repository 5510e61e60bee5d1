/** The counts of one peer as they are stored. The form is in docs/storage-format.md. */
import { z } from 'zod'

const amount = z.number().min(0)
/** Milliseconds since 1970; 0 = never. */
const moment = amount

const common = {
  since: moment,
  first: moment,
  last: moment,
  duplicate: amount,
  deferred: amount,
  octets: amount,
}

const inSchema = z.object({
  ...common,
  offered: amount,
  putOff: amount,
  useful: amount,
  late: amount,
  /** Name of a reason, and how often. */
  refused: z.array(z.tuple([z.string(), amount])),
})
export type InTally = z.infer<typeof inSchema>

const codes = z.array(z.tuple([amount, amount]))
const outSchema = z.object({
  ...common,
  offered: amount,
  accepted: amount,
  gone: amount,
  rejected: codes,
  answers: codes,
  lastError: z.string(),
  lastErrorTime: moment,
})
export type OutTally = z.infer<typeof outSchema>

const tallySchema = z.object({ in: inSchema, out: outSchema })
export type Tally = z.infer<typeof tallySchema>

/** Undefined where it is not what was stored. */
export function readTally(text: string): Tally | undefined {
  try {
    return tallySchema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
