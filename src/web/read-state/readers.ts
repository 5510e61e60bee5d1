/** Whose marks a visit is about: those of an account, in memory while it reads, or those in a visitor's cookie. */
import type { Clock } from '../../clock.ts'
import type { Log } from '../../log.ts'
import { Recent } from '../../recent.ts'
import type { Reading } from '../../storage/reading.ts'
import { accountShelf, type Shelves } from '../../storage/state/shelves.ts'
import type { Rule } from '../taste/rule.ts'
import { decodeRules, encodeRules, KeptTaste, type Taste } from '../taste/taste.ts'
import { CookieMarks, marksCookie } from './cookie-marks.ts'
import { Holes } from './holes.ts'
import { KeptMarks } from './kept-marks.ts'
import { noMark } from './mark.ts'
import { unite } from './number-ranges.ts'
import { Reader } from './reader.ts'
import { Undo } from './undo.ts'
import { WriteBehind } from './write-behind.ts'

export interface ReadersOptions {
  readonly shelves: Shelves
  readonly reading: Pick<Reading, 'numbers' | 'groupById'>
  readonly clock: Clock
  readonly log: Log
  /** Signs the cookies of visitors. */
  readonly secret: Buffer
}

/** Value of one of our cookies. */
type Cookies = (name: string) => string | undefined

interface MarksCookie {
  readonly name: string
  readonly value: string
  /** Seconds. */
  readonly maxAge: number
}

export interface Reads {
  readonly reader: Reader
  readonly taste: Taste
  /** What the answer to this visit takes along. */
  readonly cookies: () => readonly MarksCookie[]
}

/** Of a person. */
interface Habits {
  readonly marks: KeptMarks
  readonly taste: KeptTaste
  readonly undo: Undo
}

const tasteName = 'scores'
const undoName = 'undo'

/** Milliseconds: what is lost at most when the machine stops dead. */
const delay = 2000
/** People whose marks stay in memory. */
const mostPeople = 500
/** Seconds; browsers keep none for longer. RFC 6265bis 5.6.2 */
const cookieAge = 400 * 86_400

export class Readers {
  readonly #options: ReadersOptions
  readonly #behind: WriteBehind
  readonly #holes: Holes
  readonly #people = new Recent<string, Promise<Habits>>(mostPeople)
  readonly #noTaste: Taste

  constructor(options: ReadersOptions) {
    this.#options = options
    this.#behind = new WriteBehind({ ...options, delay })
    this.#holes = new Holes(options.reading)
    this.#noTaste = new KeptTaste([], options.clock)
  }

  /** `account` is the name of who is signed in; undefined for a visitor. */
  async of(account: string | undefined, cookies: Cookies): Promise<Reads> {
    if (account !== undefined) {
      const { marks, taste, undo } = await this.#habitsOf(account)
      return { reader: new Reader(marks, this.#holes, undo), taste, cookies: () => [] }
    }
    const marks = CookieMarks.read(cookies(marksCookie) ?? '', this.#options.secret)
    const kept = () => {
      const { written } = marks
      return written === undefined ? [] : [{ name: marksCookie, value: written, maxAge: cookieAge }]
    }
    return { reader: new Reader(marks, this.#holes), taste: this.#noTaste, cookies: kept }
  }

  /**
   * What a visitor has read, added to what the account has: to be called when somebody signs up or in. Gives the
   * cookies to set: the visitor's goes.
   */
  async moveVisitorState(account: string, cookies: Cookies): Promise<readonly MarksCookie[]> {
    const cookie = cookies(marksCookie)
    if (cookie === undefined) return []
    const visitor = CookieMarks.read(cookie, this.#options.secret)
    const { marks } = await this.#habitsOf(account)
    if (marks.patterns === '') marks.patterns = visitor.patterns
    for (const [id, { read, wanted }] of visitor.entries()) {
      const group = await this.#options.reading.groupById(id)
      if (group === undefined) continue
      const before = marks.get(group) ?? noMark
      // The account was set up with more care than the browser of a visitor.
      marks.set(group, { read: unite(before.read, read), wanted: before.wanted ?? wanted })
    }
    return [{ name: marksCookie, value: '', maxAge: 0 }]
  }

  /** Nothing of this account is in memory or on its way any more: to be called before its shelf is cleared. */
  async forget(account: string): Promise<void> {
    this.#people.delete(account)
    await this.#behind.forget(accountShelf(account))
  }

  /** Resolves when everything is written. */
  close(): Promise<void> {
    return this.#behind.flush()
  }

  /** The rules of this account from now on. */
  async setRules(account: string, rules: readonly Rule[]): Promise<void> {
    const { taste } = await this.#habitsOf(account)
    taste.replace(rules)
    this.#behind.set(accountShelf(account), tasteName, encodeRules(taste.rules))
  }

  async #load(account: string): Promise<Habits> {
    const owner = accountShelf(account)
    const marks = await KeptMarks.load(owner, this.#behind)
    const rules = decodeRules(await this.#behind.load(owner, tasteName))
    const undone = await this.#behind.load(owner, undoName)
    const undo = new Undo(undone, value => this.#behind.set(owner, undoName, value))
    return { marks, undo, taste: new KeptTaste(rules, this.#options.clock) }
  }

  async #habitsOf(account: string): Promise<Habits> {
    const known = this.#people.get(account) ?? this.#load(account)
    this.#people.set(account, known)
    try {
      return await known
    } catch (error) {
      this.#people.delete(account)
      throw error
    }
  }
}
