/** Storage and feed in a few maps, for tests of commands: no commits, no checks, no LevelDB. */
import type { Clock } from '../../src/clock.ts'
import { type Config, configSchema } from '../../src/config/config.ts'
import type { Feed, Offer, Verdict } from '../../src/feed/feed.ts'
import type { MessageId } from '../../src/message-id.ts'
import type { Newsgroup } from '../../src/newsgroup.ts'
import type { Arrived } from '../../src/own-memory.ts'
import type { Services } from '../../src/server/session.ts'
import type {
  Arrival,
  ArrivalRow,
  ArticleNumber,
  Filing,
  Group,
  GroupId,
  Located,
  NumberRange,
  Reading,
  StoredArticle,
} from '../../src/storage/reading.ts'

interface FakeArticle {
  readonly row: ArrivalRow
  readonly stored: StoredArticle
}

export interface FakeGroup {
  readonly name: string
  readonly status?: string
  readonly description?: string
  readonly low?: number
  readonly created?: number
  readonly creator?: string
}

/** Access for everybody to everything, unless a test says otherwise. */
export function fakeConfig(settings: Record<string, unknown> = {}): Config {
  return configSchema.parse({ access: [{ from: ['0.0.0.0/0', '::/0'], read: '*', post: '*' }], ...settings })
}

export class FakeNode implements Reading, Feed {
  readonly clock: Clock
  config: Config
  readonly #groups = new Map<string, Group>()
  readonly #numbers = new Map<GroupId, Map<number, FakeArticle>>()
  readonly #articles: FakeArticle[] = []
  /** What was handed in by POST, in wire form. */
  readonly injected: Buffer[] = []
  readonly transferred: { readonly id: MessageId; readonly wire: Buffer }[] = []
  readonly released: MessageId[] = []
  /** What the next articles that are handed in are answered; accepted where empty. */
  readonly verdicts: (Verdict | Promise<Verdict>)[] = []
  readonly offers = new Map<string, Offer | Promise<Offer>>()

  constructor(clock: Clock, config: Config = fakeConfig()) {
    this.clock = clock
    this.config = config
  }

  get services(): Services {
    return { reading: this, feed: this, clock: this.clock, config: () => this.config }
  }

  addGroup({ name, status = 'y', description = '', low = 1, created = 0, creator = '' }: FakeGroup): Group {
    const id = (this.#groups.size + 1) as GroupId
    const group = {
      id,
      name: name as Newsgroup,
      status,
      description,
      low,
      high: low - 1,
      count: 0,
      created,
      creator,
    }
    this.#groups.set(name, group)
    this.#numbers.set(id, new Map())
    return group
  }

  removeGroup(name: string): void {
    this.#groups.delete(name)
  }

  /** Files an article; `text` has LF lines, `at` says where, as `group:number`. */
  addArticle(
    text: string,
    { at, time = 0 }: { readonly at: readonly string[]; readonly time?: number },
  ): void {
    const filings = at.map(place => this.#place(place))
    const plain = text.replaceAll('\n', '\r\n')
    const separator = plain.indexOf('\r\n\r\n')
    const head = plain.slice(0, separator + 2)
    const fields = fieldsOf(head)
    const messageId = fields('message-id') as MessageId
    const stored = storedArticle({ head, body: plain.slice(separator + 4), filings, messageId })
    const arrival = (this.#articles.length + 1) as Arrival
    const row: ArrivalRow = {
      arrival,
      kind: 'article',
      time,
      source: 'import',
      messageId,
      filings,
      path: [],
      distributions: [],
      size: plain.length,
      localOnly: false,
      control: false,
    }
    const article = { row, stored }
    this.#articles.push(article)
    for (const { group, number } of filings) this.#numbers.get(group)?.set(number, article)
    this.#recount()
  }

  /** As a cancel or expiry leaves it. */
  removeArticle(id: string): void {
    const at = this.#articles.findIndex(({ row }) => row.messageId === id)
    const article = this.#articles[at]
    if (article === undefined) return
    for (const { group, number } of article.row.filings) this.#numbers.get(group)?.delete(number)
    this.#gone.add(id)
    this.#recount()
  }
  readonly #gone = new Set<string>()

  // Reading

  async group(name: string): Promise<Group | undefined> {
    return this.#groups.get(name)
  }

  async groupById(id: GroupId): Promise<Group | undefined> {
    return [...this.#groups.values()].find(group => group.id === id)
  }

  async *groups(): AsyncIterable<readonly Group[]> {
    const all = [...this.#groups.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
    for (let at = 0; at < all.length; at += 100) yield all.slice(at, at + 100)
  }

  async *numbers(group: GroupId, { low, high }: NumberRange): AsyncIterable<readonly number[]> {
    const numbers = this.#sorted(group).filter(number => number >= low && number <= high)
    if (numbers.length > 0) yield numbers
  }

  async next(group: GroupId, from: number): Promise<number | undefined> {
    return this.#sorted(group).find(number => number > from)
  }

  async previous(group: GroupId, from: number): Promise<number | undefined> {
    return this.#sorted(group).findLast(number => number < from)
  }

  async locateNumber(group: GroupId, number: number): Promise<Located | undefined> {
    return this.#numbers.get(group)?.get(number)?.row as Located | undefined
  }

  async locateId(id: string): Promise<Located | undefined> {
    if (this.#gone.has(id)) return undefined
    return this.#articles.find(({ row }) => row.messageId === id)?.row as Located | undefined
  }

  async articleByNumber(group: GroupId, number: number): Promise<StoredArticle | undefined> {
    const located = await this.locateNumber(group, number)
    return located && this.article(located.arrival)
  }
  async articleById(id: string): Promise<StoredArticle | undefined> {
    const located = await this.locateId(id)
    return located && this.article(located.arrival)
  }
  async article(arrival: Arrival): Promise<StoredArticle | undefined> {
    return this.#articles[arrival - 1]?.stored
  }

  async *overview(group: GroupId, range: NumberRange): AsyncIterable<Buffer> {
    for await (const numbers of this.numbers(group, range)) {
      for (const number of numbers) {
        const stored = this.#numbers.get(group)?.get(number)?.stored
        if (stored !== undefined) yield Buffer.from(overviewLine(number, stored), 'latin1')
      }
    }
  }

  async arrivals(after: Arrival, limit: number): Promise<readonly ArrivalRow[]> {
    return this.#articles.slice(after, after + limit).map(({ row }) => row)
  }

  async arrivalBefore(time: number): Promise<Arrival> {
    return this.#articles.filter(({ row }) => row.time < time).length as Arrival
  }

  get newest(): Arrival {
    return this.#articles.length as Arrival
  }

  async changed(): Promise<void> {}

  // Feed

  async inject(proto: Buffer): Promise<Verdict> {
    this.injected.push(proto)
    return (await this.verdicts.shift()) ?? accepted('<posted@example.com>')
  }

  async offer(id: MessageId): Promise<Offer> {
    return (await this.offers.get(id)) ?? ((await this.locateId(id)) ? 'have' : 'send')
  }

  async transfer(id: MessageId, { wire }: Arrived): Promise<Verdict> {
    this.transferred.push({ id, wire })
    return (await this.verdicts.shift()) ?? accepted(id)
  }

  release(id: MessageId): void {
    this.released.push(id)
  }

  recommendMessageId(): MessageId {
    return '<recommended@example.com>' as MessageId
  }

  #place(place: string): Filing {
    const [name = '', number = ''] = place.split(':')
    const group = this.#groups.get(name)
    if (group === undefined) throw new Error(`no group ${name}`)
    return { group: group.id, number: Number(number) as ArticleNumber }
  }

  #sorted(group: GroupId): number[] {
    return [...(this.#numbers.get(group)?.keys() ?? [])].sort((a, b) => a - b)
  }

  #recount(): void {
    for (const group of this.#groups.values()) {
      const numbers = this.#sorted(group.id)
      const high = Math.max(group.high, ...numbers)
      const low = numbers[0] ?? high + 1
      this.#groups.set(group.name, { ...group, count: numbers.length, low, high })
    }
  }
}

function accepted(id: string): Verdict {
  return { kind: 'accepted', arrival: 1 as Arrival, messageId: id as MessageId, filings: [] }
}

interface Parts {
  readonly head: string
  readonly body: string
  readonly filings: readonly Filing[]
  readonly messageId: MessageId
}

function storedArticle({ head, body, filings, messageId }: Parts): StoredArticle {
  const wire = (text: string) => Buffer.from(text.replace(/^\./gm, '..'), 'latin1')
  const end = Buffer.from('.\r\n')
  const blank = Buffer.from('\r\n')
  return {
    messageId,
    filings,
    localOnly: false,
    octets: head.length + 2 + body.length,
    lines: body === '' ? 0 : body.split('\r\n').length - 1,
    served: Buffer.concat([wire(head), blank, wire(body), end]),
    transfer: Buffer.concat([wire(head.replace(/^Xref:.*\r\n/m, '')), blank, wire(body), end]),
    head: wire(head),
    body: Buffer.concat([wire(body), end]),
  }
}

function fieldsOf(head: string): (name: string) => string {
  const lines = head.replace(/\r\n[ \t]/g, ' ').split('\r\n')
  return name => {
    const found = lines.find(text => text.toLowerCase().startsWith(`${name}: `))
    return found?.slice(name.length + 2) ?? ''
  }
}

function overviewLine(number: number, stored: StoredArticle): string {
  const field = fieldsOf(stored.head.toString('latin1'))
  const texts = ['subject', 'from', 'date', 'message-id', 'references'].map(name =>
    field(name).replaceAll('\t', ' '),
  )
  const xref = field('xref') === '' ? '' : `Xref: ${field('xref')}`
  return `${[number, ...texts, stored.octets, stored.lines, xref].join('\t')}\r\n`
}
