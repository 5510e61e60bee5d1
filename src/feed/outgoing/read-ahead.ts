/** Articles for one connection, read from storage ahead of the socket, in the order in which they go out. */
import type { Delivery } from './peer-answer.ts'

/** To be sent once it is read. */
interface Loading {
  readonly delivery: Delivery
  readonly unchecked: boolean
  state: 'queued' | 'reading' | Loaded['block']
}

export interface Loaded {
  readonly delivery: Delivery
  /** Offered by TAKETHIS without a CHECK before. */
  readonly unchecked: boolean
  /** Wire form with the terminator, or why there is none: it is not here any more, or could not be read. */
  readonly block: Buffer | 'gone' | 'failed'
}

export interface ReadAheadParts {
  /** Undefined when it is not here any more. */
  readonly read: (delivery: Delivery) => Promise<Buffer | undefined>
  /** One more is read. */
  readonly loaded: () => void
}

/** Octets that are read at a time, or one article. */
const readAhead = 4 * 1024 * 1024

export class ReadAhead {
  readonly #parts: ReadAheadParts
  readonly #loading: Loading[] = []
  #octets = 0

  constructor(parts: ReadAheadParts) {
    this.#parts = parts
  }

  add(delivery: Delivery, unchecked: boolean): void {
    this.#loading.push({ delivery, unchecked, state: 'queued' })
    this.#load()
  }

  /** Takes away the first one; undefined while it is not read. */
  take(): Loaded | undefined {
    const first = this.#loading[0]
    if (first === undefined || first.state === 'queued' || first.state === 'reading') return undefined
    const { delivery, unchecked, state } = first
    this.#loading.shift()
    this.#octets -= delivery.size
    this.#load()
    return { delivery, unchecked, block: state }
  }

  /** Takes all away. */
  clear(): readonly Delivery[] {
    this.#octets = 0
    return this.#loading.splice(0).map(({ delivery }) => delivery)
  }

  #load(): void {
    for (const loading of this.#loading) {
      if (loading.state !== 'queued') continue
      if (this.#octets > 0 && this.#octets + loading.delivery.size > readAhead) return
      this.#octets += loading.delivery.size
      loading.state = 'reading'
      this.#parts.read(loading.delivery).then(
        block => this.#loaded(loading, block ?? 'gone'),
        () => this.#loaded(loading, 'failed'),
      )
    }
  }

  #loaded(loading: Loading, state: Loaded['block']): void {
    loading.state = state
    this.#parts.loaded()
  }
}
