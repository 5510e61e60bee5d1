/** The stored place of the feed to one peer: where the feed began, how far it is, saved now and then. */
import type { Clock, Timer } from '../../clock.ts'
import { safeText } from '../../reason.ts'
import type { Arrival } from '../../storage/reading.ts'
import type { Place, Places } from '../../storage/state/places.ts'
import type { Progress } from './progress.ts'

export interface FeedPlaceParts {
  /** The peer's. */
  readonly name: string
  readonly places: Places
  readonly clock: Clock
  /** What is saved; undefined while the feed is not started. */
  readonly progress: () => Progress | undefined
  /** When it aborts, nothing is saved later any more. */
  readonly stopping: AbortSignal
  /** Told why a place was not stored. */
  readonly failed: (why: string) => void
}

const saveEvery = 10_000

export class FeedPlace {
  readonly #parts: FeedPlaceParts
  readonly #name: string
  /** Where the feed began, so that nobody takes what came before for offered. */
  readonly #beginName: string
  #began = 0 as Arrival
  #saving: Promise<void> = Promise.resolve()
  #timer: Timer | undefined

  constructor(parts: FeedPlaceParts) {
    this.#parts = parts
    this.#name = `peer:${parts.name}`
    this.#beginName = `peer-begin:${parts.name}`
  }

  /** Nothing up to here was ever meant for the peer. */
  get began(): Arrival {
    return this.#began
  }

  async load(): Promise<Place | undefined> {
    const { places } = this.#parts
    const place = await places.load(this.#name)
    const began = place && (await places.load(this.#beginName))
    if (began?.epoch === places.epoch) this.#began = began.cursor
    return place
  }

  /** A peer that has no place gets one. Resolves also where it could not be stored. */
  async begin(cursor: Arrival, progress: Progress): Promise<void> {
    const { places } = this.#parts
    this.#began = cursor
    const beginning = { epoch: places.epoch, cursor, exceptions: [] }
    await places.save(this.#beginName, beginning).catch((error: unknown) => this.#notStored(error))
    // At once: started again before the first save, it would begin later and skip what came in between.
    // Where that cannot be (a full disk), the node starts all the same and tries again with the next save.
    await this.#save(progress)
  }

  /** Resolves also where that failed: it is tried again. */
  save(): Promise<void> {
    return this.#save(this.#parts.progress())
  }

  saveLater(): void {
    const { clock, stopping } = this.#parts
    if (this.#timer !== undefined || stopping.aborted) return
    this.#timer = clock.timer(saveEvery, () => {
      this.#timer = undefined
      this.#saving = this.#saving.then(() => this.save())
    })
  }

  /** For the last time. */
  saveLast(): Promise<void> {
    this.#timer?.cancel()
    this.#timer = undefined
    return this.save()
  }

  async #save(progress: Progress | undefined): Promise<void> {
    const { places } = this.#parts
    if (progress === undefined) return
    try {
      await places.save(this.#name, progress.place(places.epoch))
    } catch (error) {
      this.saveLater()
      // The older place stays: articles are offered twice, none is skipped.
      this.#notStored(error)
    }
  }

  #notStored(error: unknown): void {
    this.#parts.failed(`place not stored: ${safeText(error instanceof Error ? error.message : 'fault')}`)
  }
}
