/** Articles from files: mailboxes, spools, batches. Importing again what is there already changes nothing. */

import type { Clock } from '../clock.ts'
import type { ArticleLimits } from '../header-section.ts'
import { Reason } from '../reason.ts'
import type { Accept, Incoming } from './accept.ts'
import type { Verdict } from './feed.ts'
import { ahead } from './import/ahead.ts'
import { complete } from './import/complete.ts'
import { articlesIn, belongs, type ImportFormat } from './import/formats.ts'
import type { Found } from './import/found.ts'
import { Opener } from './import/opened.ts'
import { RefusedCount, type RefusedFor } from './import/refused-for.ts'
import { Rejects } from './import/rejects.ts'
import { octetsOf, type WalkedFile, walk } from './import/walk.ts'
import { acceptPatiently, type Patience, sharedSleep } from './patience.ts'

export interface ImportOptions {
  /** Files and directories. */
  readonly paths: readonly string[]
  readonly format: ImportFormat
  /** Newsgroups for articles that have none, such as mail. */
  readonly group?: string
  /** Articles of a spool keep their numbers. */
  readonly keepNumbers?: boolean
  readonly createGroups?: boolean
  /** File that refused articles are appended to. */
  readonly rejects?: string
}

export interface ImportParts {
  readonly accept: Accept
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly limits: ArticleLimits & { readonly article_bytes: number }
}

export interface ImportProgress {
  /** Octets of files, as they lie there. */
  readonly octetsDone: number
  readonly octetsTotal: number
  readonly articles: number
  readonly accepted: number
  readonly duplicates: number
  readonly refused: number
  readonly refusedFor: readonly RefusedFor[]
  /** Articles a second since the start. */
  readonly rate: number
}

const mostInFlight = 512
const mostOctetsInFlight = 16 * 1024 * 1024
/** Files whose beginning, 64 KiB at most, is read before their turn. */
const filesAhead = 16
/** Milliseconds between two reports. */
const reportEvery = 250

/**
 * Hands every article to `accept` in order, up to 512 and 16 MiB at a time, and reports several times a second and
 * at the end. Stops after what is in flight when `signal` aborts. Rejects where a path cannot be read.
 */
export async function* importArticles(
  options: ImportOptions,
  parts: ImportParts,
): AsyncGenerator<ImportProgress> {
  await using rejects = new Rejects(options.rejects)
  const run = new Run(parts, rejects)
  for (const path of options.paths) {
    for await (const octets of ahead(filesIn(path, options), filesAhead, octetsOf)) run.octetsTotal += octets
  }
  try {
    const completing = { ...options, limits: parts.limits }
    for await (const some of articlesOf(options, run)) {
      if (parts.signal.aborted) break
      await run.add(some, found => complete(found, completing))
      if (run.isReportDue()) yield run.progress()
    }
  } finally {
    await run.settle()
  }
  yield run.progress()
}

async function* articlesOf(options: ImportOptions, run: Run): AsyncGenerator<readonly Found[]> {
  const opener = new Opener()
  const meter = (octets: number) => {
    run.octetsDone += octets
  }
  for (const root of options.paths) {
    const reading = { format: options.format, root, most: run.mostOctets, meter }
    const files = ahead(filesIn(root, options), filesAhead, file => opener.open(file))
    for await (const opened of files) yield* articlesIn(opened, reading)
  }
}

async function* filesIn(root: string, { format }: ImportOptions): AsyncGenerator<WalkedFile> {
  for await (const file of walk(root)) if (belongs(file, format)) yield file
}

interface Flight {
  readonly found: Found
  readonly verdict: Promise<Verdict>
}

/** The counts of one import, and the articles whose verdict has not come. */
class Run {
  octetsDone = 0
  octetsTotal = 0
  readonly #parts: ImportParts
  readonly #patience: Patience
  readonly #rejects: Rejects
  readonly #refusedFor = new RefusedCount()
  readonly #flights: Flight[] = []
  #octetsInFlight = 0
  readonly #started: number
  #reported: number
  #articles = 0
  #accepted = 0
  #duplicates = 0
  #refused = 0

  constructor(parts: ImportParts, rejects: Rejects) {
    this.#parts = parts
    this.#patience = { ...parts, clock: sharedSleep(parts.clock) }
    this.#rejects = rejects
    this.#started = parts.clock.monotonic()
    this.#reported = this.#started
  }

  get mostOctets(): number {
    return this.#parts.limits.article_bytes
  }

  /** Resolves when there is room for more. */
  async add(some: readonly Found[], completed: (found: Found) => Incoming | Reason): Promise<void> {
    for (const found of some) {
      if (this.#parts.signal.aborted) return
      const incoming = completed(found)
      this.#articles++
      const verdict =
        incoming instanceof Reason ? rejected(incoming) : acceptPatiently(incoming, this.#patience)
      this.#flights.push({ found, verdict })
      this.#octetsInFlight += found.text.length
      while (this.#isFull) await this.#land()
    }
  }

  get #isFull(): boolean {
    return this.#flights.length >= mostInFlight || this.#octetsInFlight > mostOctetsInFlight
  }

  async settle(): Promise<void> {
    while (this.#flights.length > 0) await this.#land()
  }

  isReportDue(): boolean {
    return this.#parts.clock.monotonic() - this.#reported >= reportEvery
  }

  progress(): ImportProgress {
    this.#reported = this.#parts.clock.monotonic()
    const seconds = (this.#reported - this.#started) / 1000
    return {
      octetsDone: this.octetsDone,
      octetsTotal: this.octetsTotal,
      articles: this.#articles,
      accepted: this.#accepted,
      duplicates: this.#duplicates,
      refused: this.#refused,
      refusedFor: this.#refusedFor.most(),
      rate: seconds > 0 ? this.#articles / seconds : 0,
    }
  }

  /** The oldest flight: verdicts are counted in the order of the articles. */
  async #land(): Promise<void> {
    const flight = this.#flights.shift()
    if (flight === undefined) return
    const verdict = await flight.verdict
    this.#octetsInFlight -= flight.found.text.length
    switch (verdict.kind) {
      case 'accepted':
      case 'mailed':
      case 'held':
        this.#accepted++
        return
      case 'deferred':
      case 'rejected':
        if (verdict.reason.name === 'duplicate') this.#duplicates++
        else {
          this.#refused++
          this.#refusedFor.add(verdict.reason, flight.found.where)
          await this.#rejects.add(flight.found, verdict.reason)
        }
    }
  }
}

async function rejected(reason: Reason): Promise<Verdict> {
  return { kind: 'rejected', reason }
}
