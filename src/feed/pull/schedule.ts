/** The `[[pull]]` sections: other servers that are read every so many minutes, each from its marks on. RFC 5537 3.6 */
import type { Clock } from '../../clock.ts'
import type { PullConfig } from '../../config/sections/exchange.ts'
import { parseHostPort } from '../../host.ts'
import type { Log } from '../../log.ts'
import { safeText } from '../../reason.ts'
import { Turns } from '../../storage/turns.ts'
import { Wildmat } from '../../wildmat.ts'
import { delayAfter } from '../backoff.ts'
import type { PullOptions, PullParts, PullProgress } from './options.ts'
import { pull } from './pull.ts'

export interface PullStatus {
  /** `host:port`, as in its section. */
  readonly from: string
  readonly groups: string
  readonly state: 'waiting' | 'pulling'
  /** Seconds since 1970 of the last pull that came to its end; 0 = none since the node was started. */
  readonly last: number
  /** Milliseconds until the next one; 0 while one is under way. */
  readonly nextIn: number
  /** Articles since the node was started. */
  readonly fetched: number
  readonly accepted: number
  readonly refused: number
  readonly failures: number
  /** In words; empty where the last pull came to its end. */
  readonly lastError: string
}

export interface PullsParts {
  readonly clock: Clock
  /** 0 up to 1, for jitter. */
  readonly random: () => number
  readonly log: Log
  /** Of our own node, for one pull. */
  readonly parts: (signal: AbortSignal) => PullParts
}

const minute = 60_000
const redial = { first: minute, most: 60 * minute }

interface Running {
  readonly section: string
  readonly pull: ScheduledPull
}

export class Pulls implements AsyncDisposable {
  readonly #parts: PullsParts
  readonly #running = new Map<string, Running>()
  readonly #turns = new Turns()

  constructor(parts: PullsParts) {
    this.#parts = parts
  }

  /** Stops those that are gone or changed, and starts what is new; marks are kept. */
  reload(sections: readonly PullConfig[]): Promise<void> {
    return this.#turns.run(async () => {
      const wanted = new Map(sections.map(each => [each.from, JSON.stringify(each)]))
      const stopped = [...this.#running].filter(([from, { section }]) => wanted.get(from) !== section)
      for (const [from] of stopped) this.#running.delete(from)
      await Promise.all(stopped.map(([, running]) => running.pull.stop()))
      for (const section of sections) {
        if (this.#running.has(section.from)) continue
        const scheduled = new ScheduledPull(section, this.#parts)
        this.#running.set(section.from, { section: JSON.stringify(section), pull: scheduled })
      }
    })
  }

  status(): readonly PullStatus[] {
    return [...this.#running.values()].map(running => running.pull.status())
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.reload([])
  }
}

class ScheduledPull {
  readonly #config: PullConfig
  readonly #parts: PullsParts
  readonly #options: PullOptions
  readonly #stopping = new AbortController()
  readonly #running: Promise<void>
  #state: PullStatus['state'] = 'waiting'
  #last = 0
  /** Monotonic milliseconds. */
  #next = 0
  #failures = 0
  #lastError = ''
  #before = { fetched: 0, accepted: 0, refused: 0 }
  #progress: PullProgress | undefined

  constructor(config: PullConfig, parts: PullsParts) {
    this.#config = config
    this.#parts = parts
    this.#options = optionsOf(config)
    this.#running = this.#run()
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#running
  }

  status(): PullStatus {
    const { from, groups } = this.#config
    const { fetched = 0, accepted = 0, refused = 0 } = this.#progress ?? {}
    return {
      from,
      groups,
      state: this.#state,
      last: this.#last,
      nextIn: this.#state === 'pulling' ? 0 : Math.max(0, this.#next - this.#parts.clock.monotonic()),
      fetched: this.#before.fetched + fetched,
      accepted: this.#before.accepted + accepted,
      refused: this.#before.refused + refused,
      failures: this.#failures,
      lastError: this.#lastError,
    }
  }

  async #run(): Promise<void> {
    const { clock, random } = this.#parts
    const { signal } = this.#stopping
    while (!signal.aborted) {
      await this.#once()
      const usual = this.#config.every_minutes * minute
      const wait = this.#failures === 0 ? usual : Math.min(usual, delayAfter(this.#failures, redial, random))
      this.#next = clock.monotonic() + wait
      await clock.sleep(wait, signal)
    }
  }

  /** Never rejects: what goes wrong is told, and tried again. */
  async #once(): Promise<void> {
    const { clock, log, parts } = this.#parts
    const { signal } = this.#stopping
    const { from } = this.#config
    this.#state = 'pulling'
    try {
      for await (const progress of pull(this.#options, parts(signal))) this.#progress = progress
      this.#last = Math.floor(clock.now() / 1000)
      this.#failures = 0
      this.#lastError = ''
      if ((this.#progress?.fetched ?? 0) > 0)
        log.info({ from, accepted: this.#progress?.accepted, refused: this.#progress?.refused }, 'pulled')
    } catch (error) {
      if (!signal.aborted) {
        this.#failures++
        this.#lastError = safeText(error instanceof Error ? error.message : 'fault')
        log.warn({ from, why: this.#lastError }, 'pull broke off: it goes on where it ended')
      }
    } finally {
      this.#state = 'waiting'
      this.#settle()
    }
  }

  #settle(): void {
    const { fetched, accepted, refused } = this.status()
    this.#before = { fetched, accepted, refused }
    this.#progress = undefined
  }
}

function optionsOf(config: PullConfig): PullOptions {
  const { host = '', port = 119 } = parseHostPort(config.from) ?? {}
  const groups = Wildmat.parse(config.groups)
  if (groups === undefined) throw new Error(`pull ${config.from}: groups: not a wildmat: ${config.groups}`)
  return {
    host,
    port,
    groups,
    link: config,
    createGroups: config.create_groups,
    ...(config.since !== '' && { since: Date.parse(`${config.since}T00:00:00Z`) / 1000 }),
  }
}
