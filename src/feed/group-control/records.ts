/** What is put on record of control messages: all that was done, and of what was refused enough to see it. */
import type { Audit } from '../../audit/audit-log.ts'
import type { Clock } from '../../clock.ts'
import type { Log } from '../../log.ts'
import { Recent } from '../../recent.ts'

interface RecordsParts {
  readonly audit: Pick<Audit, 'record'>
  readonly clock: Clock
  readonly log: Log
}

export interface RecordFields {
  readonly type: string
  /** The group, or the scope of a list. */
  readonly about: string
  readonly from: string
  readonly messageId: string
  readonly source: string
}

/** Of refusals, one in so many milliseconds for each reason and source. */
const samplingTime = 60_000
const sampled = 1_000

export class Records {
  readonly #parts: RecordsParts
  readonly #refused = new Recent<string, { readonly since: number; more: number }>(sampled)

  constructor(parts: RecordsParts) {
    this.#parts = parts
  }

  applied(fields: RecordFields, done: Readonly<Record<string, string | number>>): void {
    this.#parts.log.info({ ...fields, ...done }, 'control.applied')
    this.#parts.audit.record('control', { ...fields, ...done, result: 'applied' })
  }

  /** It was only looked at, or mailed. */
  seen(fields: RecordFields, proof: string): void {
    this.#parts.log.info({ ...fields, proof }, 'control.seen')
  }

  refused(fields: RecordFields, reason: string): void {
    const now = this.#parts.clock.monotonic()
    const key = `${reason} ${fields.source}`
    const seen = this.#refused.get(key)
    if (seen !== undefined && now - seen.since < samplingTime) {
      seen.more += 1
      return
    }
    this.#refused.set(key, { since: now, more: 0 })
    const told = { ...fields, reason, before: seen?.more ?? 0 }
    this.#parts.log.info(told, 'control.refused')
    this.#parts.audit.record('control', { ...told, result: 'refused' })
  }
}
