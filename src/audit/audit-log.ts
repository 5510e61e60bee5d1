/** The audit log: who logged in, posted, administered, and was stopped by a limit; one JSON line each, in a file of its own. */

import { networkOf } from '../address.ts'
import type { Clock, Timer } from '../clock.ts'
import type { Log } from '../log.ts'
import { Samples } from '../samples.ts'
import { type AuditFields, auditLine, type ChainEnd, hashOf } from './audit-line.ts'

export interface Audit {
  /** Returns at once: nobody waits for the disk here. */
  record(event: string, fields: AuditFields): void
  /** A limit was hit from that address: the first time in a minute, with how often it was in the one before. */
  limit(limit: string, address: string): void
}

export const noAudit: Audit = { record: () => {}, limit: () => {} }

/** Where lines go. */
export interface AuditSink {
  readonly end: ChainEnd
  /** In order, whole lines. Rejects where they could not be written; they are tried again with the next ones. */
  append(lines: string): Promise<void>
  close(): Promise<void>
}

/** Milliseconds until what was recorded is written. */
const gathering = 100
/** Milliseconds until a write that failed is tried again. */
const retry = 5_000
/** Characters that wait for a disk that takes nothing; what comes then is counted and dropped. */
const mostWaiting = 4 * 1024 * 1024
const sampledPlaces = 10_000

export class AuditLog implements Audit, AsyncDisposable {
  readonly #sink: AuditSink
  readonly #clock: Clock
  readonly #log: Log
  readonly #limits: Samples
  #end: ChainEnd
  #waiting: string[] = []
  #octets = 0
  #dropped = 0
  #timer: Timer | undefined
  #writing: Promise<void> | undefined
  #failing = false

  constructor(sink: AuditSink, { clock, log }: { readonly clock: Clock; readonly log: Log }) {
    this.#sink = sink
    this.#end = sink.end
    this.#clock = clock
    this.#log = log
    this.#limits = new Samples(clock, sampledPlaces)
  }

  record(event: string, fields: AuditFields): void {
    if (this.#octets > mostWaiting) {
      this.#dropped += 1
      return
    }
    if (this.#dropped > 0) this.#add('lost', { lines: this.#dropped })
    this.#dropped = 0
    this.#add(event, fields)
    this.#timer ??= this.#clock.timer(gathering, () => void this.flush())
  }

  limit(limit: string, address: string): void {
    const before = this.#limits.take(`${limit} ${networkOf(address)}`)
    if (before !== undefined) this.record('limit', { limit, address, before })
  }

  /** Resolves when all that was recorded is in the file, or could not be written. Never rejects. */
  async flush(): Promise<void> {
    this.#timer?.cancel()
    this.#timer = undefined
    while (this.#writing !== undefined) await this.#writing
    if (this.#waiting.length === 0) return
    this.#writing = this.#write().finally(() => {
      this.#writing = undefined
    })
    await this.#writing
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.flush()
    this.#timer?.cancel()
    await this.#sink.close()
  }

  #add(event: string, fields: AuditFields): void {
    const line = auditLine(this.#end, { time: this.#clock.now(), event, fields })
    this.#end = { seq: this.#end.seq + 1, hash: hashOf(line.slice(0, -1)) }
    this.#waiting.push(line)
    this.#octets += line.length
  }

  async #write(): Promise<void> {
    const lines = this.#waiting
    this.#waiting = []
    try {
      await this.#sink.append(lines.join(''))
      this.#octets = this.#waiting.reduce((sum, line) => sum + line.length, 0)
      this.#failing = false
    } catch (error) {
      // They stay first, so that the chain holds.
      this.#waiting = [...lines, ...this.#waiting]
      if (!this.#failing) this.#log.error({ err: error }, 'the audit log could not be written')
      this.#failing = true
      this.#timer ??= this.#clock.timer(retry, () => void this.flush())
    }
  }
}
