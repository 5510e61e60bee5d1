/** `tidings verify`: the whole store against itself while it serves, and a slow look all the time. */
import type { Clock, Timer } from '../../clock.ts'
import type { Config } from '../../config/config.ts'
import type { Log } from '../../log.ts'
import type { MessageId } from '../../message-id.ts'
import type { Frozen } from '../../storage/frozen.ts'
import type { Arrival } from '../../storage/reading.ts'
import type { Storage } from '../../storage/storage.ts'
import type { Finding, FindingKind } from '../../storage/verify/finding.ts'
import { articlesAtOnce, type Slice, verifyArticles } from '../../storage/verify/verify-articles.ts'
import { type Counts, verifyIndex, verifyMarks, verifyState } from '../../storage/verify/verify-keys.ts'
import { mend } from './mend.ts'
import type { Rescue } from './rescue.ts'

export interface VerifierParts {
  readonly storage: Storage
  readonly config: () => Config
  readonly clock: Clock
  readonly log: Log
  readonly rescue: Rescue
}

export interface KindReport {
  readonly kind: FindingKind
  readonly found: number
  readonly mended: number
  /** A few of them in words. */
  readonly examples: readonly string[]
}

export interface VerifyReport {
  /** Values that were looked at. */
  readonly checked: number
  readonly kinds: readonly KindReport[]
  /** Lost articles that a peer had; they are here under new numbers. */
  readonly fetched: number
  readonly done: boolean
  /** Nothing is wrong any more. */
  readonly sound: boolean
}

export interface ScrubStatus {
  /** Seconds since 1970, when all was looked at; 0 = not yet. */
  readonly lastRound: number
  readonly checked: number
  /** Of this round and the one before. */
  readonly found: number
  readonly example: string
}

type Look = (frozen: Frozen, after: Buffer | undefined, counts?: Counts) => Promise<Slice>

const looks: readonly Look[] = [
  (frozen, after) => verifyArticles(frozen, after),
  (frozen, after, counts) => verifyIndex(frozen, { after, ...(counts && { counts }) }),
  (frozen, after) => verifyState(frozen, after),
]

const examples = 5
/** A repair may bring to light what it was hidden by: a damaged article, and then what led to it. */
const mostRounds = 3
const firstScrub = 3_600_000
const betweenScrubs = 86_400_000
const shortestPause = 1

export class Verifier implements AsyncDisposable {
  readonly #parts: VerifierParts
  readonly #stopping = new AbortController()
  #timer: Timer | undefined
  #running: Promise<void> = Promise.resolve()
  #scrub: ScrubStatus = { lastRound: 0, checked: 0, found: 0, example: '' }

  constructor(parts: VerifierParts) {
    this.#parts = parts
  }

  start(): void {
    this.#schedule(firstScrub)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort()
    this.#timer?.cancel()
    await this.#running
  }

  status(): ScrubStatus {
    return this.#scrub
  }

  /** Reports what there was so far; the last one is `done`. Takes at most half of the time. */
  async *run({ repair }: { readonly repair: boolean }, signal: AbortSignal): AsyncGenerator<VerifyReport> {
    await this.#parts.storage.whole
    const book = new Book()
    const lost = new Set<string>()
    for (let round = 1; ; round++) {
      const before = book.found
      for await (const findings of this.#all(book, signal)) {
        for (const finding of findings) {
          if (!book.note(finding, round)) continue
          if (book.isExample(finding)) this.#tell(finding)
          if (!repair) continue
          await this.#noteLost(finding, lost)
          if (await mend(finding, this.#parts.storage)) book.mended(finding)
        }
        yield book.report(false)
      }
      if (signal.aborted) return
      book.fetched += await this.#fetch(lost, signal)
      const sound = book.found === before
      if (!repair || sound || round === mostRounds) return yield book.report(true, sound)
    }
  }

  /** A round of the slow look. Never rejects. */
  async scrub(): Promise<void> {
    const { storage, clock, log, config } = this.#parts
    let found = 0
    try {
      for (const look of looks) {
        let after: Buffer | undefined
        do {
          const rate = config().scrub.articles_per_second
          if (this.#stopping.signal.aborted || rate === 0) return
          const slice = await this.#slice(look, after)
          after = slice.last
          found += slice.findings.length
          this.#seen(slice, found)
          await this.#rescue(slice.findings)
          await clock.sleep((articlesAtOnce / rate) * 1000, this.#stopping.signal)
        } while (after !== undefined)
      }
      const example = found === 0 ? '' : this.#scrub.example
      this.#scrub = { ...this.#scrub, lastRound: Math.floor(clock.now() / 1000), found, example }
    } catch (error) {
      if (!storage.ended) log.error({ err: error }, 'verification failed: it is tried again')
    }
  }

  /** Before the repair: the row of the log still says which article it was. */
  async #noteLost({ mend: { what, ...way } }: Finding, lost: Set<string>): Promise<void> {
    if ((what !== 'quarantine' && what !== 'dangling') || !('arrival' in way)) return
    const before = Math.max(0, way.arrival - 1) as Arrival
    const [row] = await this.#parts.storage.reading.arrivals(before, 1)
    if (row?.arrival === way.arrival && row.kind === 'article' && row.messageId !== '')
      lost.add(row.messageId)
  }

  /** How many of them came; the others wait until somebody offers them. Leaves in `lost` what something still leads to. */
  async #fetch(lost: Set<string>, signal: AbortSignal): Promise<number> {
    const { storage, rescue } = this.#parts
    const missing: string[] = []
    for (const id of lost) {
      // Another look finds that, and takes it out.
      if ((await storage.history.lookup(id as MessageId)) !== 'new') continue
      missing.push(id)
      lost.delete(id)
    }
    const either = AbortSignal.any([signal, this.#stopping.signal])
    return (await rescue.fetch(missing, either)).length
  }

  /** Where a peer may have it; without one it stays as it is, for an administrator to see. */
  async #rescue(findings: readonly Finding[]): Promise<void> {
    const { storage, rescue } = this.#parts
    const damaged = findings.filter(finding => finding.mend.what === 'quarantine')
    if (damaged.length === 0 || !rescue.isPossible) return
    const lost = new Set<string>()
    for (const finding of damaged) {
      await this.#noteLost(finding, lost)
      await mend(finding, storage)
    }
    await this.#fetch(lost, this.#stopping.signal)
  }

  async #slice(look: Look, after: Buffer | undefined): Promise<Slice> {
    await using frozen = await this.#parts.storage.freeze()
    return await look(frozen, after)
  }

  #seen({ findings, checked }: Slice, found: number): void {
    for (const finding of findings.slice(0, examples)) this.#tell(finding)
    this.#scrub = {
      ...this.#scrub,
      checked: this.#scrub.checked + checked,
      found: Math.max(found, this.#scrub.found),
      example: findings[0]?.text ?? this.#scrub.example,
    }
  }

  #schedule(after: number): void {
    if (this.#stopping.signal.aborted) return
    this.#timer = this.#parts.clock.timer(after, () => {
      this.#running = this.scrub().finally(() => this.#schedule(betweenScrubs))
    })
  }

  #tell({ kind, text }: Finding): void {
    this.#parts.log.error({ kind, text }, 'damage found: run "tidings verify --repair"')
  }

  /** Everything of one moment, slice by slice. */
  async *#all(book: Book, signal: AbortSignal): AsyncGenerator<readonly Finding[]> {
    const { storage, clock } = this.#parts
    await using frozen = await storage.freeze()
    const counts: Counts = new Map()
    for (const look of looks) {
      let after: Buffer | undefined
      do {
        if (signal.aborted || this.#stopping.signal.aborted) return
        const started = clock.monotonic()
        const slice = await look(frozen, after, counts)
        after = slice.last
        book.checked += slice.checked
        yield slice.findings
        await clock.sleep(Math.max(shortestPause, clock.monotonic() - started), signal)
      } while (after !== undefined)
    }
    yield verifyMarks(frozen, counts)
  }
}

/** What was found, each once. */
class Book {
  checked = 0
  fetched = 0
  readonly #kinds = new Map<FindingKind, { found: number; mended: number; examples: string[] }>()
  readonly #seen = new Set<string>()

  get found(): number {
    return [...this.#kinds.values()].reduce((sum, { found }) => sum + found, 0)
  }

  /** False where it was noted in the same round: one repair makes several things right. */
  note({ kind, text }: Finding, round: number): boolean {
    const key = `${round} ${kind} ${text}`
    if (this.#seen.has(key)) return false
    this.#seen.add(key)
    const noted = this.#kinds.get(kind) ?? { found: 0, mended: 0, examples: [] }
    noted.found += 1
    if (noted.examples.length < examples) noted.examples.push(text)
    this.#kinds.set(kind, noted)
    return true
  }

  /** The others would fill the log. */
  isExample({ kind, text }: Finding): boolean {
    return this.#kinds.get(kind)?.examples.includes(text) === true
  }

  mended({ kind }: Finding): void {
    const noted = this.#kinds.get(kind)
    if (noted) noted.mended += 1
  }

  report(done: boolean, sound = false): VerifyReport {
    const kinds = [...this.#kinds].map(([kind, counts]) => ({ kind, ...counts }))
    return { checked: this.checked, kinds, fetched: this.fetched, done, sound }
  }
}
