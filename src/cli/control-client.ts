/** Speaks to the running node over its control socket: calls with one answer, and streams. net-ipc, contained. */
import { Client } from 'net-ipc'
import type { Clock } from '../clock.ts'
import {
  type AnswerMessage,
  answerSchema,
  controlVersion,
  maxPiece,
  type RequestMessage,
} from '../server/control/control-message.ts'
import { ControlSender } from '../server/control/control-sender.ts'
import { ControlFault } from '../server/control/node-control.ts'
import { ControlInbox } from './control-inbox.ts'

export interface ControlClient extends AsyncDisposable {
  /** `blob`: octets that go with the request. Rejects with a `ControlFault`: the node's, or `unavailable`. */
  call(cmd: string, args: unknown, blob?: Buffer): Promise<unknown>
  /** Items as they come; the node waits for whoever reads them. Rejects with `cancelled` when `signal` aborts. */
  stream(cmd: string, args: unknown, signal: AbortSignal): AsyncIterable<unknown>
  /** Resolves when the node has closed the connection, or it was lost. Never rejects. */
  readonly closed: Promise<void>
}

/** Milliseconds until a node that does not answer counts as not running. */
const connectWithin = 10_000

interface Waiting {
  readonly answer: (message: AnswerMessage) => void
  readonly fail: (fault: ControlFault) => void
}

/** Rejects with `unavailable` where no node answers, `permission` where the socket is another user's. */
export async function connectControl(path: string, clock: Clock): Promise<ControlClient> {
  const ipc = new Client({ path, reconnect: false })
  // Its own, instead of the one table and queue that all connections of the process share.
  Object.assign(ipc, { _requests: {}, _drainQueue: [] })
  const client = new Connected(ipc)
  // net-ipc's `connect` settles neither way when connecting fails.
  const { promise: failed, reject } = failure()
  ipc.on('error', (error: unknown) => reject(unreachable(path, error)))
  ipc.on('close', (error: unknown) => reject(unreachable(path, error)))
  const timer = clock.timer(connectWithin, () => reject(unreachable(path, undefined)))
  try {
    await Promise.race([ipc.connect(), failed])
    return client
  } catch (error) {
    ipc.destroy()
    throw error
  } finally {
    timer.cancel()
  }
}

function failure(): { promise: Promise<never>; reject: (error: Error) => void } {
  let reject: (error: Error) => void = () => {}
  const promise = new Promise<never>((_, fail) => {
    reject = fail
  })
  promise.catch(() => {})
  return { promise, reject }
}

function unreachable(path: string, error: unknown): ControlFault {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'EACCES' || code === 'EPERM')
    return new ControlFault('permission', `${path} is not open to you; run this as the user of the node`)
  return new ControlFault(
    'unavailable',
    `the node is not running (nothing answers on ${path}); run "tidings start", or name its configuration with --config FILE`,
  )
}

const lost = () =>
  new ControlFault(
    'unavailable',
    'the connection to the node was lost; its log and "tidings status" say more',
  )

class Connected implements ControlClient {
  readonly closed: Promise<void>
  readonly #ipc: Client
  readonly #sender: ControlSender
  readonly #waiting = new Map<number, Waiting>()
  #last = 0
  #lost = false

  constructor(ipc: Client) {
    this.#ipc = ipc
    this.#sender = new ControlSender(ipc)
    ipc.on('message', (message: unknown) => this.#receive(message))
    this.closed = new Promise(resolve =>
      ipc.on('close', () => {
        this.#lose()
        resolve()
      }),
    )
  }

  async call(cmd: string, args: unknown, blob: Buffer = Buffer.alloc(0)): Promise<unknown> {
    const id = ++this.#last
    const answer = new Promise<AnswerMessage>((resolve, reject) =>
      this.#wait(id, { answer: resolve, fail: reject }),
    )
    answer.catch(() => {})
    try {
      await this.#send({
        v: controlVersion,
        id,
        cmd,
        args,
        ...(blob.length > 0 ? { blob: blob.length } : {}),
      })
      for (let at = 0; at < blob.length; at += maxPiece)
        await this.#send({ v: controlVersion, id, data: blob.subarray(at, at + maxPiece).toString('base64') })
      return resultOf(await answer)
    } finally {
      this.#waiting.delete(id)
    }
  }

  async *stream(cmd: string, args: unknown, signal: AbortSignal): AsyncGenerator<unknown> {
    const id = ++this.#last
    const inbox = new ControlInbox()
    this.#wait(id, { answer: message => inbox.put(message), fail: fault => inbox.end(fault) })
    const cancel = () => inbox.end(new ControlFault('cancelled', 'cancelled'))
    signal.addEventListener('abort', cancel, { once: true })
    if (signal.aborted) cancel()
    let open = true
    try {
      await this.#send({ v: controlVersion, id, cmd, args })
      while (open) {
        const message = await inbox.take()
        open = 'item' in message
        if ('item' in message) {
          yield message.item
          await this.#send({ v: controlVersion, id, ack: 1 })
        } else resultOf(message)
      }
    } finally {
      signal.removeEventListener('abort', cancel)
      this.#waiting.delete(id)
      if (open && !this.#lost) await this.#send({ v: controlVersion, id, cancel: true }).catch(() => {})
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Not by net-ipc's close, which waits for sends that may never end.
    this.#ipc.destroy()
    await this.closed
  }

  #wait(id: number, waiting: Waiting): void {
    if (this.#lost) waiting.fail(lost())
    else this.#waiting.set(id, waiting)
  }

  async #send(message: RequestMessage): Promise<void> {
    try {
      await this.#sender.send(message)
    } catch {
      throw lost()
    }
  }

  #receive(message: unknown): void {
    const parsed = answerSchema.safeParse(message)
    if (parsed.success) this.#waiting.get(parsed.data.id)?.answer(parsed.data)
    else this.#ipc.destroy()
  }

  #lose(): void {
    this.#lost = true
    this.#sender.close()
    for (const waiting of this.#waiting.values()) waiting.fail(lost())
    this.#waiting.clear()
  }
}

function resultOf(message: AnswerMessage): unknown {
  if ('item' in message) throw new ControlFault('internal', 'the node answered with a stream')
  if (!message.ok) throw new ControlFault(message.code, message.message)
  return message.result
}
