/** Puts on record which cancels and superseding articles were carried out, by what proof, and which were not. */
import type { AuditFields } from '../audit/audit-line.ts'
import type { Audit } from '../audit/audit-log.ts'
import type { Clock } from '../clock.ts'
import { Recent } from '../recent.ts'
import type { ArticleEntry, Outcome, Withdrawal } from '../storage/entry.ts'

interface WithdrawalsParts {
  readonly audit: Pick<Audit, 'record'>
  readonly clock: Clock
}

/** Of those that peers bring and that come to nothing, one in so many milliseconds for each peer. */
const samplingTime = 60_000
const sampledPeers = 1_000

export class Withdrawals {
  readonly #parts: WithdrawalsParts
  readonly #refused = new Recent<string, { readonly since: number; more: number }>(sampledPeers)

  constructor(parts: WithdrawalsParts) {
    this.#parts = parts
  }

  /** What became of an article that was handed in. */
  note({ messageId, source, withdraws }: ArticleEntry, outcome: Outcome): void {
    if (outcome.kind === 'stored' && outcome.withdrawal !== undefined)
      this.#noteEffect(outcome.withdrawal, { by: messageId, source })
    if (outcome.kind !== 'refused') return
    if (outcome.reason.name === 'cancelled')
      this.#record({ how: 'cancel', target: messageId, result: 'done', why: 'key', source })
    if (outcome.reason.name === 'not-author' && withdraws !== undefined) {
      const { how, target } = withdraws
      this.#record({ how, target, result: 'refused', why: 'not the author', by: messageId, source })
    }
  }

  /** An administrator took an article away. */
  administrator(target: string, result: string): void {
    this.#record({ how: 'cancel', target, result, why: 'administrator', source: 'admin' })
  }

  #noteEffect(
    withdrawal: Withdrawal,
    { by, source }: { readonly by: string; readonly source: string },
  ): void {
    if (withdrawal.result === 'gone') return
    const fields = { ...withdrawal, by, source }
    if (withdrawal.result === 'done' || !source.startsWith('peer:')) {
      this.#record(fields)
      return
    }
    const now = this.#parts.clock.monotonic()
    const key = `${withdrawal.result} ${source}`
    const seen = this.#refused.get(key)
    if (seen !== undefined && now - seen.since < samplingTime) {
      seen.more += 1
      return
    }
    this.#refused.set(key, { since: now, more: 0 })
    this.#record({ ...fields, before: seen?.more ?? 0 })
  }

  #record(fields: AuditFields): void {
    this.#parts.audit.record('cancel', fields)
  }
}
