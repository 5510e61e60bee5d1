/** One client of the control socket: its requests, its streams, and what it has yet to take. */
import type { Log } from '../../log.ts'
import { StoreStuck } from '../../storage/database/store-error.ts'
import { IndexUnfinished } from '../../storage/index/index-unfinished.ts'
import {
  type AnswerMessage,
  controlVersion,
  maxCalls,
  maxFrame,
  type RequestMessage,
  requestSchema,
  streamWindow,
} from './control-message.ts'
import { ControlFault } from './node-control.ts'

export interface ControlContext {
  /** Aborts when the client cancels or goes. */
  readonly signal: AbortSignal
  /** Octets that came with the request. */
  readonly blob: Buffer
}

/** One row of the table: `run` checks its arguments, and answers with a value or a stream of items. */
export interface ControlRequest {
  /** Octets that may come with the request; none where absent. */
  readonly blobLimit?: number
  run(args: unknown, context: ControlContext): Promise<unknown> | AsyncIterable<unknown>
}

export interface SessionParts {
  readonly table: ReadonlyMap<string, ControlRequest>
  readonly log: Log
  /** Resolves when the message was handed to the system; rejects where the connection is gone. */
  readonly send: (message: AnswerMessage) => Promise<void>
  /** Closes the connection. */
  readonly drop: () => void
}

interface Call {
  readonly id: number
  readonly cmd: string
  readonly args: unknown
  readonly row: ControlRequest
  readonly abort: AbortController
  readonly blob: Buffer[]
  /** Octets of the blob still to come. */
  missing: number
  /** Items sent and not yet taken. */
  waiting: number
  room: () => void
}

export class ControlSession {
  readonly #parts: SessionParts
  readonly #calls = new Map<number, Call>()

  constructor(parts: SessionParts) {
    this.#parts = parts
  }

  /** Never throws; a message that our own program would not send closes the connection. */
  receive(message: unknown): void {
    const parsed = requestSchema.safeParse(message)
    if (!parsed.success) {
      this.#parts.log.warn({}, 'control client sent a message of no known form')
      this.#parts.drop()
      return
    }
    if ('cmd' in parsed.data) this.#request(parsed.data)
    else this.#continue(parsed.data)
  }

  /** The client is gone. */
  close(): void {
    for (const call of this.#calls.values()) call.abort.abort()
    this.#calls.clear()
  }

  #request(message: Extract<RequestMessage, { cmd: string }>): void {
    const { id, cmd, args, blob = 0 } = message
    const row = this.#admit(message)
    if (row === undefined) return
    const call: Call = {
      id,
      cmd,
      args,
      row,
      abort: new AbortController(),
      blob: [],
      missing: blob,
      waiting: 0,
      room: () => {},
    }
    call.abort.signal.addEventListener('abort', () => call.room())
    this.#calls.set(id, call)
    if (blob === 0) this.#start(call)
  }

  /** The row of the request; undefined where it was answered already. */
  #admit({ id, cmd, blob = 0 }: Extract<RequestMessage, { cmd: string }>): ControlRequest | undefined {
    if (this.#calls.has(id)) {
      this.#parts.drop()
      return undefined
    }
    const row = this.#parts.table.get(cmd)
    const limit = row?.blobLimit ?? 0
    if (row !== undefined && this.#calls.size < maxCalls && blob <= limit) return row
    if (row === undefined) this.#refuse(id, new ControlFault('usage', `the node knows no request "${cmd}"`))
    else if (blob > limit) this.#refuse(id, new ControlFault('data', `at most ${limit} octets are taken`))
    else this.#refuse(id, new ControlFault('retry', 'too many requests at once'))
    return undefined
  }

  #continue(message: Exclude<RequestMessage, { cmd: string }>): void {
    const call = this.#calls.get(message.id)
    // It may have ended while the message was under way.
    if (call === undefined) return
    if ('cancel' in message) call.abort.abort()
    else if ('data' in message) this.#collect(call, Buffer.from(message.data, 'base64'))
    else {
      call.waiting = Math.max(0, call.waiting - message.ack)
      call.room()
    }
  }

  #collect(call: Call, octets: Buffer): void {
    if (octets.length === 0 || octets.length > call.missing) {
      this.#parts.drop()
      return
    }
    call.blob.push(octets)
    call.missing -= octets.length
    if (call.missing === 0) this.#start(call)
  }

  #start(call: Call): void {
    this.#run(call)
      .catch((error: unknown) => this.#fail(call, error))
      .finally(() => this.#calls.delete(call.id))
      // The client went before its answer.
      .catch((error: unknown) =>
        this.#parts.log.debug({ err: error, cmd: call.cmd }, 'control answer not sent'),
      )
  }

  async #run(call: Call): Promise<void> {
    const { signal } = call.abort
    const outcome = call.row.run(call.args, { signal, blob: Buffer.concat(call.blob) })
    if (!isStream(outcome)) {
      const result = await outcome
      await this.#send({ v: controlVersion, id: call.id, ok: true, result })
      return
    }
    for await (const item of untilAborted(outcome, signal)) {
      await this.#send({ v: controlVersion, id: call.id, item })
      call.waiting++
      await this.#room(call)
    }
    if (signal.aborted) throw new ControlFault('cancelled', 'cancelled')
    await this.#send({ v: controlVersion, id: call.id, ok: true, result: null })
  }

  /** Waits while the client has not taken what is under way. */
  async #room(call: Call): Promise<void> {
    while (call.waiting >= streamWindow && !call.abort.signal.aborted)
      await new Promise<void>(resolve => {
        call.room = resolve
      })
  }

  async #fail(call: Call, error: unknown): Promise<void> {
    if (!(error instanceof ControlFault || isForLater(error)))
      this.#parts.log.error({ err: error, cmd: call.cmd }, 'control request failed')
    await this.#send(failure(call.id, error))
  }

  #refuse(id: number, fault: ControlFault): void {
    this.#send(failure(id, fault)).catch(() => this.#parts.drop())
  }

  async #send(message: AnswerMessage): Promise<void> {
    // net-ipc wraps the message in `{"t":1,"d":...}`.
    if (Buffer.byteLength(JSON.stringify(message)) > maxFrame - 64)
      throw new Error('control answer over 1 MiB')
    await this.#parts.send(message)
  }
}

const isForLater = (error: unknown): error is IndexUnfinished | StoreStuck =>
  error instanceof IndexUnfinished || error instanceof StoreStuck

function failure(id: number, error: unknown): AnswerMessage {
  if (error instanceof ControlFault)
    return { v: controlVersion, id, ok: false, code: error.code, message: error.message }
  if (isForLater(error)) return { v: controlVersion, id, ok: false, code: 'retry', message: error.message }
  return {
    v: controlVersion,
    id,
    ok: false,
    code: 'internal',
    message: 'internal fault; the log of the node says more',
  }
}

function isStream(outcome: object): outcome is AsyncIterable<unknown> {
  return Symbol.asyncIterator in outcome
}

/** Ends when `signal` aborts, though the source may be waiting for something that never comes. */
async function* untilAborted(source: AsyncIterable<unknown>, signal: AbortSignal): AsyncGenerator<unknown> {
  const iterator = source[Symbol.asyncIterator]()
  let wake = () => {}
  signal.addEventListener('abort', () => wake(), { once: true })
  try {
    while (!signal.aborted) {
      const step = await new Promise<IteratorResult<unknown> | undefined>((resolve, reject) => {
        wake = () => resolve(undefined)
        iterator.next().then(resolve, reject)
      })
      if (step === undefined || step.done === true) return
      yield step.value
    }
  } finally {
    // Not awaited: a generator that is stuck returns only when it gets on.
    iterator.return?.()?.then(undefined, () => {})
  }
}
