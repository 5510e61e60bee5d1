/** Puts on record which cancels and superseding articles were carried out, by what proof, and which were not. */
import type { AuditFields } from '../../audit/audit-line.ts'
import type { Audit } from '../../audit/audit-log.ts'
import type { Clock } from '../../clock.ts'
import { Samples } from '../../samples.ts'
import type { ArticleEntry, Outcome, Withdrawal } from '../../storage/entry.ts'

interface WithdrawalsParts {
  readonly audit: Pick<Audit, 'record'>
  readonly clock: Clock
}

const sampledPeers = 1_000

export class Withdrawals {
  readonly #parts: WithdrawalsParts
  /** Of those that peers bring and that come to nothing. */
  readonly #samples: Samples

  constructor(parts: WithdrawalsParts) {
    this.#parts = parts
    this.#samples = new Samples(parts.clock, sampledPeers)
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
    const before = this.#samples.take(`${withdrawal.result} ${source}`)
    if (before !== undefined) this.#record({ ...fields, before })
  }

  #record(fields: AuditFields): void {
    this.#parts.audit.record('cancel', fields)
  }
}
