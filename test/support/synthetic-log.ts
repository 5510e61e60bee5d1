/** An arrival log of any length without a database: articles made when they are read. */
import type {
  Arrival,
  ArrivalRow,
  ArticleNumber,
  Group,
  GroupId,
  Located,
  Reading,
  StoredArticle,
} from '../../src/storage/reading.ts'
import { terminator, wireFromText } from '../../src/wire.ts'

/** Article `n` is arrival `n`; those of `gone` are not there. */
export class SyntheticLog
  implements Pick<Reading, 'arrivals' | 'article' | 'changed' | 'newest' | 'locateId' | 'groupById'>
{
  newest = 0 as Arrival
  readonly gone = new Set<number>()
  /** What is other than usual in rows. */
  readonly rows = new Map<number, Partial<ArrivalRow>>()
  readonly #text: (n: number) => string
  #wake: () => void = () => {}

  /** `text`: subject, a line end, and body of an article. */
  constructor(text: (n: number) => string) {
    this.#text = text
  }

  grow(count: number): void {
    this.newest = (this.newest + count) as Arrival
    this.#wake()
  }

  row(n: number): ArrivalRow | undefined {
    if (n < 1 || n > this.newest || this.gone.has(n)) return undefined
    return {
      arrival: n as Arrival,
      kind: 'article',
      time: n,
      source: 'import',
      messageId: `<${n}@x>` as ArrivalRow['messageId'],
      filings: [{ group: 1 as GroupId, number: n as ArticleNumber }],
      path: [],
      distributions: [],
      size: 500,
      localOnly: false,
      control: false,
      ...this.rows.get(n),
    }
  }

  async arrivals(after: Arrival, limit: number): Promise<ArrivalRow[]> {
    const rows: ArrivalRow[] = []
    for (let n = after + 1; n <= this.newest && rows.length < limit; n++) {
      const row = this.row(n)
      if (row) rows.push(row)
    }
    return rows
  }

  async article(arrival: Arrival): Promise<StoredArticle | undefined> {
    if (this.row(arrival) === undefined) return undefined
    const [subject = '', ...body] = this.#text(arrival).split('\n')
    const head = `Subject: ${subject}\nFrom: a@example.org\nMessage-ID: <${arrival}@x>\nDate: 1 Jan 2026 00:00:00 +0000`
    const wire = wireFromText(Buffer.from(`${head}\n\n${body.join('\n')}\n`))
    const transfer = Buffer.concat([wire, terminator])
    const blank = Buffer.alloc(0)
    return {
      messageId: `<${arrival}@x>` as StoredArticle['messageId'],
      filings: [],
      localOnly: false,
      octets: wire.length,
      lines: body.length,
      served: transfer,
      transfer,
      head: blank,
      body: blank,
    }
  }

  changed(after: Arrival, signal: AbortSignal): Promise<void> {
    if (this.newest > after || signal.aborted) return Promise.resolve()
    return new Promise(resolve => {
      this.#wake = resolve
      signal.addEventListener('abort', () => resolve(), { once: true })
    })
  }

  async locateId(id: string): Promise<Located | undefined> {
    const row = this.row(Number(/^<(\d+)@x>$/.exec(id)?.[1] ?? 0))
    return (
      row && { arrival: row.arrival, messageId: row.messageId as Located['messageId'], filings: row.filings }
    )
  }

  async groupById(id: GroupId): Promise<Group | undefined> {
    const name = 'local.test' as Group['name']
    return { id, name, status: 'y', description: '', low: 1, high: 1, count: 1, created: 0, creator: '' }
  }
}
