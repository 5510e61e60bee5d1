/** Storage and feed in memory, small and obvious, for tests of what stands on them. */
import { once } from 'node:events'
import { Article } from '../../src/article.ts'
import type { Feed, Poster, Verdict } from '../../src/feed/feed.ts'
import type { MessageId } from '../../src/message-id.ts'
import type { Newsgroup } from '../../src/newsgroup.ts'
import { overviewLine } from '../../src/overview-line.ts'
import { Reason } from '../../src/reason.ts'
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
import { terminator, wireFromText } from '../../src/wire.ts'

interface FakeGroup {
  readonly group: Group
  readonly articles: Map<number, Arrival>
}

const limits = { header_bytes: 1e6, header_line_bytes: 1e6, headers: 1e4, lax: true }

export class FakeReading implements Reading {
  /** Where articles came from, by message-ID: `post:ACCOUNT`; else by import. */
  readonly sources = new Map<string, string>()
  readonly #groups: FakeGroup[] = []
  readonly #articles: StoredArticle[] = []
  #removals = 0

  addGroup(name: string, fields: Partial<Group> = {}): void {
    const id = (this.#groups.length + 1) as GroupId
    const blank = { description: '', status: 'y', low: 1, high: 0, count: 0, created: 0, creator: '' }
    this.#groups.push({ group: { ...blank, ...fields, id, name: name as Newsgroup }, articles: new Map() })
  }

  /** An article as plain text (or octets) with any line ends, filed in the groups of its Newsgroups that exist. */
  add(text: string | Buffer): Arrival {
    return this.addWire(wireFromText(typeof text === 'string' ? Buffer.from(text) : text))
  }

  addWire(wire: Buffer): Arrival {
    const article = Article.parse(wire, limits)
    if (article instanceof Reason) throw new Error(article.text)
    const arrival = (this.#articles.length + 1) as Arrival
    const newsgroups = Buffer.from(article.header('Newsgroups') ?? '', 'latin1').toString()
    const named = newsgroups.split(',').map(name => name.trim())
    const filings: Filing[] = []
    for (const fake of this.#groups.filter(({ group }) => named.includes(group.name))) {
      const number = fake.group.high + 1
      fake.articles.set(number, arrival)
      Object.assign(fake.group, { high: number, count: fake.group.count + 1 })
      filings.push({ group: fake.group.id, number: number as ArticleNumber })
    }
    this.#articles.push(storedOf(article, filings))
    return arrival
  }

  /** Takes an article out of a group, as expiry does. */
  remove(name: string, number: number): void {
    const fake = this.#groups.find(({ group }) => group.name === name)
    if (!fake?.articles.delete(number)) return
    Object.assign(fake.group, { count: fake.group.count - 1 })
    this.#removals += 1
  }

  async group(name: string): Promise<Group | undefined> {
    return this.#groups.find(({ group }) => group.name === name)?.group
  }
  async groupById(id: GroupId): Promise<Group | undefined> {
    return this.#groups[id - 1]?.group
  }
  async *groups(): AsyncIterable<readonly Group[]> {
    yield this.#groups.map(({ group }) => group).sort((a, b) => (a.name < b.name ? -1 : 1))
  }
  async *numbers(id: GroupId, range: NumberRange): AsyncIterable<readonly number[]> {
    yield this.#numbers(id).filter(number => number >= range.low && number <= range.high)
  }
  async next(id: GroupId, from: number): Promise<number | undefined> {
    return this.#numbers(id).find(number => number > from)
  }
  async previous(id: GroupId, from: number): Promise<number | undefined> {
    return this.#numbers(id).findLast(number => number < from)
  }
  async locateNumber(id: GroupId, number: number): Promise<Located | undefined> {
    const arrival = this.#groups[id - 1]?.articles.get(number)
    return arrival === undefined ? undefined : this.#located(arrival)
  }
  async locateId(id: string): Promise<Located | undefined> {
    const at = this.#articles.findIndex(stored => stored.messageId === id)
    return at < 0 ? undefined : this.#located((at + 1) as Arrival)
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
    return this.#articles[arrival - 1]
  }
  async *overview(id: GroupId, range: NumberRange): AsyncIterable<Buffer> {
    for (const number of this.#numbers(id)) {
      const stored = this.#articles[(this.#groups[id - 1]?.articles.get(number) ?? 0) - 1]
      if (stored === undefined || number < range.low || number > range.high) continue
      const article = Article.parse(stored.transfer.subarray(0, -terminator.length), limits)
      if (article instanceof Article) yield overviewLine({ article, number, xref: '' })
    }
  }
  async arrivals(after: Arrival, limit: number): Promise<readonly ArrivalRow[]> {
    return this.#articles.slice(after, after + limit).map((stored, at) => ({
      arrival: (after + at + 1) as Arrival,
      kind: 'article',
      time: 0,
      source: this.sources.get(stored.messageId) ?? 'import',
      messageId: stored.messageId,
      filings: stored.filings,
      path: [],
      distributions: [],
      size: stored.octets,
      localOnly: false,
      control: false,
    }))
  }
  async arrivalBefore(): Promise<Arrival> {
    return 0 as Arrival
  }
  get newest(): Arrival {
    return (this.#articles.length + this.#groups.length + this.#removals) as Arrival
  }
  /** Nothing comes while somebody waits. */
  async changed(_after: Arrival, signal: AbortSignal): Promise<void> {
    if (!signal.aborted) await once(signal, 'abort')
  }

  #numbers(id: GroupId): number[] {
    return [...(this.#groups[id - 1]?.articles.keys() ?? [])].sort((a, b) => a - b)
  }

  #located(arrival: Arrival): Located | undefined {
    const stored = this.#articles[arrival - 1]
    return stored && { arrival, messageId: stored.messageId, filings: stored.filings }
  }
}

function storedOf(article: Article, filings: readonly Filing[]): StoredArticle {
  const { wire, bodyStart, octets, lines } = article
  const transfer = Buffer.concat([wire, terminator])
  const served = Buffer.concat([Buffer.from('Xref: fake.test\r\n'), transfer])
  return {
    messageId: (article.header('Message-ID') ?? '') as MessageId,
    filings,
    localOnly: false,
    octets,
    lines,
    served,
    transfer,
    head: wire.subarray(0, bodyStart - 2),
    body: transfer.subarray(bodyStart),
  }
}

/** Files what is injected at once, or says what it was told to say. */
export class FakeFeed implements Feed {
  readonly #reading: FakeReading
  /** Articles handed in, in order. */
  readonly injected: { readonly wire: Buffer; readonly poster: Poster }[] = []
  /** Said instead of accepting, until it is cleared. */
  says: ((wire: Buffer) => Promise<Verdict>) | undefined

  constructor(reading: FakeReading) {
    this.#reading = reading
  }

  async inject(wire: Buffer, poster: Poster): Promise<Verdict> {
    this.injected.push({ wire, poster })
    if (this.says !== undefined) return this.says(wire)
    const article = Article.parse(wire, limits)
    if (article instanceof Reason) return { kind: 'rejected', reason: article }
    const messageId = (article.header('Message-ID') ?? '') as MessageId
    if (await this.#reading.locateId(messageId)) return { kind: 'rejected', reason: new Reason('duplicate') }
    const arrival = this.#reading.addWire(wire)
    const located = await this.#reading.locateId(messageId)
    return { kind: 'accepted', arrival, messageId, filings: located?.filings ?? [] }
  }
  async offer(): Promise<'later'> {
    return 'later'
  }
  async transfer(): Promise<Verdict> {
    return { kind: 'deferred', reason: new Reason('busy') }
  }
  release(): void {}
  recommendMessageId(): MessageId {
    return '<recommended@fake.test>' as MessageId
  }
}
