/** Hashes passwords in one worker thread: a bounded queue that networks share, identical work done once. */
import { createHmac } from 'node:crypto'
import { Worker } from 'node:worker_threads'
import { FairQueue } from '../fair-queue.ts'
import type { Cost } from './password-hash.ts'

export interface Work {
  readonly secret: Uint8Array
  readonly salt: Uint8Array
  readonly how:
    | { readonly kind: 'scrypt'; readonly cost: Cost }
    | { readonly kind: 'pbkdf2'; readonly iterations: number }
}

/** More logins wait than the worker can do in a reasonable time. */
export class HasherBusy extends Error {
  override readonly name = 'HasherBusy'
}

/** Waiting, besides the one under way. */
const mostWaiting = 32

interface Job {
  readonly work: Work
  readonly result: Promise<Buffer>
  readonly done: (key: Buffer) => void
  readonly failed: (error: Error) => void
}

export class Hasher implements AsyncDisposable {
  /** Of this process alone: what is being worked on is known by a keyed hash, not by its password. */
  readonly #key: Buffer
  readonly #jobs = new Map<string, Job>()
  readonly #queue = new FairQueue<string>()
  #worker: Worker | undefined
  #current: [string, Job] | undefined
  #done = 0

  /** `key`: random octets that nobody else knows. */
  constructor(key: Buffer) {
    this.#key = key
  }

  /** Hashes made so far: tests count them instead of measuring time. */
  get hashes(): number {
    return this.#done
  }

  /**
   * Thirty-two octets. Networks take turns. Rejects with `HasherBusy` where too many wait: the newest of the
   * network that has most, be it this one or one that waits already.
   */
  derive(work: Work, network = ''): Promise<Buffer> {
    const id = this.#identity(work)
    const same = this.#current?.[0] === id ? this.#current[1] : this.#jobs.get(id)
    if (same !== undefined) return same.result
    if (this.#queue.length >= mostWaiting && !this.#makeRoom(network))
      return Promise.reject(new HasherBusy('too many logins'))
    const { promise, done, failed } = deferred()
    this.#jobs.set(id, { work, result: promise, done, failed })
    this.#queue.add(network, id)
    this.#next()
    return promise
  }

  /** Whoever still waits is told `HasherBusy`. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#fail(new HasherBusy('stopping'))
    const worker = this.#worker
    this.#worker = undefined
    await worker?.terminate()
  }

  #identity({ secret, salt, how }: Work): string {
    const hmac = createHmac('sha256', this.#key).update(JSON.stringify(how))
    return hmac.update(`,${salt.length},`).update(salt).update(secret).digest('base64')
  }

  #makeRoom(network: string): boolean {
    const id = this.#queue.makeRoom(network)
    if (id === undefined) return false
    this.#jobs.get(id)?.failed(new HasherBusy('too many logins'))
    return this.#jobs.delete(id)
  }

  #next(): void {
    if (this.#current !== undefined) return
    const id = this.#queue.next()
    const job = id === undefined ? undefined : this.#jobs.get(id)
    if (id !== undefined && job !== undefined) {
      this.#jobs.delete(id)
      this.#current = [id, job]
      this.#worker ??= this.#start()
      this.#worker.ref()
      this.#worker.postMessage(job.work)
      return
    }
    // Nobody waits: the thread keeps no process alive.
    this.#worker?.unref()
  }

  #start(): Worker {
    const worker = new Worker(new URL('./password-worker.js', import.meta.url))
    worker.on('message', (key: Uint8Array) => {
      const job = this.#current?.[1]
      this.#current = undefined
      this.#done += 1
      this.#next()
      job?.done(Buffer.from(key))
    })
    // A fault in the thread refuses nobody for good: the next login starts another one.
    const ended = (error: unknown) => {
      if (this.#worker !== worker) return
      this.#worker = undefined
      this.#fail(error instanceof Error ? error : new Error('the password worker ended'))
    }
    worker.on('error', ended)
    worker.on('exit', ended)
    return worker
  }

  #fail(error: Error): void {
    const jobs = [...(this.#current ? [this.#current[1]] : []), ...this.#jobs.values()]
    this.#current = undefined
    this.#jobs.clear()
    this.#queue.clear()
    for (const job of jobs) job.failed(error)
  }
}

function deferred() {
  let done: (key: Buffer) => void = () => {}
  let failed: (error: Error) => void = () => {}
  const promise = new Promise<Buffer>((resolve, reject) => {
    done = resolve
    failed = reject
  })
  // Several may wait for it, or by then nobody.
  promise.catch(() => {})
  return { promise, done, failed }
}
