/** A process that commands can be run in: streams in memory, signals sent by the test. */
import { Readable, Writable } from 'node:stream'
import type { SignalName, Surroundings } from '../../src/cli/surroundings.ts'
import { type Clock, systemClock } from '../../src/clock.ts'

class Sink extends Writable {
  readonly isTTY: boolean
  readonly columns = 80
  text = ''
  #watchers: { readonly part: string; readonly seen: () => void }[] = []

  constructor(isTTY: boolean) {
    super()
    this.isTTY = isTTY
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString()
    for (const watcher of this.#watchers) if (this.text.includes(watcher.part)) watcher.seen()
    done()
  }

  /** Resolves when the text holds `part`. */
  shows(part: string): Promise<void> {
    if (this.text.includes(part)) return Promise.resolve()
    return new Promise(seen => this.#watchers.push({ part, seen }))
  }

  /** For cli-progress. */
  cursorTo(): boolean {
    return true
  }
  clearLine(): boolean {
    return true
  }
}

export interface FakeProcessOptions {
  readonly env?: Record<string, string>
  readonly input?: string | Buffer
  readonly terminal?: boolean
  readonly clock?: Clock
}

export class FakeProcess implements Surroundings {
  readonly stdin: Readable
  readonly stdout: Sink
  readonly stderr: Sink
  readonly env: Record<string, string>
  readonly pid = 4711
  readonly clock: Clock
  readonly version = '1.2.3'
  readonly exits: number[] = []
  readonly #signals = new Map<SignalName, Set<() => void>>()
  readonly #faults = new Set<(error: unknown) => void>()

  constructor(options: FakeProcessOptions = {}) {
    this.clock = options.clock ?? systemClock
    this.env = options.env ?? {}
    this.stdin = Readable.from(options.input === undefined ? [] : [Buffer.from(options.input)])
    this.stdout = new Sink(options.terminal ?? false)
    this.stderr = new Sink(options.terminal ?? false)
  }

  onSignal(name: SignalName, action: () => void): () => void {
    const actions = this.#signals.get(name) ?? new Set()
    this.#signals.set(name, actions.add(action))
    return () => actions.delete(action)
  }

  onFault(action: (error: unknown) => void): () => void {
    this.#faults.add(action)
    return () => this.#faults.delete(action)
  }

  exit(code: number): void {
    this.exits.push(code)
  }

  /** Whether anybody listens. */
  send(name: SignalName): boolean {
    const actions = [...(this.#signals.get(name) ?? [])]
    for (const action of actions) action()
    return actions.length > 0
  }

  fault(error: unknown): void {
    for (const action of this.#faults) action(error)
  }
}
