/** A log of arrivals and its places in memory, as far as feeds look at them. */
import type { MessageId } from '../../src/message-id.ts'
import type { Newsgroup } from '../../src/newsgroup.ts'
import type {
  Arrival,
  ArrivalRow,
  ArticleNumber,
  Filing,
  Group,
  GroupId,
  Reading,
  StoredArticle,
} from '../../src/storage/reading.ts'
import type { Place, Places } from '../../src/storage/state/places.ts'

export interface Arrived {
  readonly id: string
  readonly groups?: readonly string[]
  readonly article?: string
  readonly row?: Partial<ArrivalRow>
}

const filing = (group: number, number: number): Filing => ({
  group: group as GroupId,
  number: number as ArticleNumber,
})

const unused = (): never => {
  throw new Error('a feed does not ask for this')
}

export class ArrivalLog implements Reading {
  readonly rows: ArrivalRow[] = []
  readonly #articles = new Map<number, Buffer>()
  readonly #groups: string[] = []
  readonly #waiting = new Set<() => void>()
  /** How often rows were asked for. */
  asked = 0

  add({
    id,
    groups = ['comp.a'],
    article = `Message-ID: ${id}\r\n\r\nbody\r\n`,
    row = {},
  }: Arrived): Arrival {
    const arrival = (this.rows.length + 1) as Arrival
    const filings = groups.map(name => filing(this.#idOf(name), arrival))
    this.rows.push({
      arrival,
      kind: 'article',
      time: 1_767_225_600,
      source: 'import',
      messageId: id as MessageId,
      filings,
      path: [],
      distributions: [],
      size: article.length,
      localOnly: false,
      control: false,
      ...row,
    })
    this.#articles.set(arrival, Buffer.from(`${article}.\r\n`, 'latin1'))
    for (const wake of [...this.#waiting]) wake()
    return arrival
  }

  /** The article is gone, its row stays. */
  expire(arrival: number): void {
    this.#articles.delete(arrival)
  }

  get newest(): Arrival {
    return this.rows.length as Arrival
  }
  async arrivals(after: Arrival, limit: number): Promise<readonly ArrivalRow[]> {
    this.asked++
    return this.rows.slice(after, after + limit)
  }
  changed(after: Arrival, signal: AbortSignal): Promise<void> {
    return new Promise(resolve => {
      if (this.rows.length > after || signal.aborted) return resolve()
      const wake = () => {
        this.#waiting.delete(wake)
        resolve()
      }
      this.#waiting.add(wake)
      signal.addEventListener('abort', wake, { once: true })
    })
  }
  async article(arrival: Arrival): Promise<StoredArticle | undefined> {
    const transfer = this.#articles.get(arrival)
    if (transfer === undefined) return undefined
    const none = Buffer.alloc(0)
    const messageId = this.rows[arrival - 1]?.messageId as MessageId
    return {
      messageId,
      filings: [],
      localOnly: false,
      octets: 0,
      lines: 0,
      served: none,
      transfer,
      head: none,
      body: none,
    }
  }
  async groupById(id: GroupId): Promise<Group | undefined> {
    const name = this.#groups[id - 1] as Newsgroup | undefined
    return name === undefined
      ? undefined
      : { id, name, status: 'y', description: '', low: 1, high: 0, count: 0, created: 0, creator: '' }
  }

  #idOf(name: string): number {
    if (!this.#groups.includes(name)) this.#groups.push(name)
    return this.#groups.indexOf(name) + 1
  }

  group = unused
  groups = unused
  numbers = unused
  next = unused
  previous = unused
  locateNumber = unused
  locateId = unused
  articleByNumber = unused
  articleById = unused
  overview = unused
  arrivalBefore = unused
}

export class StoredPlaces implements Places {
  readonly epoch: number
  readonly places = new Map<string, Place>()
  saves = 0
  /** Set: a save fails so. */
  failure: Error | undefined

  constructor(epoch = 1) {
    this.epoch = epoch
  }
  async load(name: string): Promise<Place | undefined> {
    return this.places.get(name)
  }
  async save(name: string, place: Place): Promise<void> {
    this.saves++
    if (this.failure !== undefined) throw this.failure
    this.places.set(name, structuredClone(place))
  }
  async remove(name: string): Promise<void> {
    this.places.delete(name)
  }
}
