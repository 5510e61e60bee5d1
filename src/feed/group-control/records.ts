/** What is put on record of control messages: all that was done, and of what was refused enough to see it. */
import type { Audit } from '../../audit/audit-log.ts'
import type { Clock } from '../../clock.ts'
import type { Log } from '../../log.ts'
import { Samples } from '../../samples.ts'

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

const sampled = 1_000

export class Records {
  readonly #parts: RecordsParts
  /** Of refusals, by reason and source. */
  readonly #samples: Samples

  constructor(parts: RecordsParts) {
    this.#parts = parts
    this.#samples = new Samples(parts.clock, sampled)
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
    const before = this.#samples.take(`${reason} ${fields.source}`)
    if (before === undefined) return
    const told = { ...fields, reason, before }
    this.#parts.log.info(told, 'control.refused')
    this.#parts.audit.record('control', { ...told, result: 'refused' })
  }
}
