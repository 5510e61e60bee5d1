/** What the node counts, behind narrow calls; the one place that knows prom-client. Nothing is global. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/** Read at each scrape: never stored. */
export interface Gauges {
  readonly groups: number
  readonly articles: number
  readonly connections: number
  /** Octets of journal that a start would replay. */
  readonly journalBytes: number
  readonly expiry: ExpiryGauges
  readonly search: SearchGauges
  readonly peers: readonly PeerGauges[]
}

export interface ExpiryGauges {
  /** Removed since the start. */
  readonly articles: number
  readonly octets: number
  /** Seconds since 1970; 0 = never. */
  readonly lastRun: number
  /** When the oldest article arrived, seconds since 1970; absent where there is none. */
  readonly oldest?: number | undefined
}

export interface SearchGauges {
  /** Arrivals that cannot be found yet. */
  readonly behind: number
  readonly articles: number
  readonly octets: number
}

export interface PeerGauges {
  readonly name: string
  /** Arrivals it has not yet been offered. */
  readonly lag: number
  /** Seconds since the oldest article that waits for it arrived. */
  readonly lagSeconds: number
  readonly up: boolean
  /** Articles it was offered, by what became of them; counted by the feed, so that no article costs a look-up. */
  readonly sent: Readonly<Record<string, number>>
  /** Articles it offered and sent us, in the same way. */
  readonly received: readonly {
    readonly outcome: string
    readonly reason: string
    readonly count: number
  }[]
}

export interface Metrics {
  /** A connection was taken, or turned away at a limit. */
  connection(kind: 'nntp' | 'web' | 'control', taken: boolean): void
  /** One NNTP command was answered; `name` as in the command table, `unknown` for all others. */
  command(name: string, code: number): void
  /** What became of an article; `reason` is a name of the reason table, empty where accepted. */
  article(verdict: 'accepted' | 'mailed' | 'held' | 'rejected' | 'deferred', reason: string): void
  /** What became of the article that a cancel or a superseding article was to take away. */
  withdrawal(how: 'cancel' | 'supersedes', result: 'done' | 'remembered' | 'gone' | 'refused'): void
  /** What became of a newgroup, rmgroup or checkgroups message. */
  control(type: string, outcome: string): void
  /** One journal frame was synced: how many articles, and how long the sync took. */
  commit(articles: number, seconds: number): void
  /** Where the gauges come from; the last call counts. */
  observe(gauges: () => Gauges | Promise<Gauges>): void
  /** The exposition text. */
  text(): Promise<string>
  readonly contentType: string
}

/** `runtime`: also memory, CPU and event-loop figures of the process. */
export function createMetrics(options: { readonly runtime?: boolean } = {}): Metrics {
  const registry = new Registry()
  if (options.runtime === true) collectDefaultMetrics({ register: registry })
  const counts = counters(registry)
  const show = gauges(registry)
  const commands = new Tally((name, code, count) => counts.commands.inc({ name, code }, count))
  const connections = new Tally((kind, outcome, count) => counts.connections.inc({ kind, outcome }, count))
  const articles = new Tally((verdict, reason, count) => counts.articles.inc({ verdict, reason }, count))
  let source: (() => Gauges | Promise<Gauges>) | undefined
  return {
    connection: (kind, taken) => connections.add(kind, taken ? 'taken' : 'refused'),
    command: (name, code) => commands.add(name, code),
    article: (verdict, reason) => articles.add(verdict, reason),
    withdrawal: (how, result) => counts.withdrawals.inc({ how, result }),
    control: (type, outcome) => counts.controls.inc({ type, outcome }),
    commit(articles, seconds) {
      counts.commits.observe(seconds)
      counts.committed.inc(articles)
    },
    observe: from => {
      source = from
    },
    async text() {
      if (source !== undefined) show(await source())
      connections.hand()
      commands.hand()
      articles.hand()
      return registry.metrics()
    },
    contentType: registry.contentType,
  }
}

/** Counts what happens all the time; prom-client, which makes a key of all labels each time, gets it at a scrape. */
class Tally<Second extends string | number> {
  readonly #give: (first: string, second: string, count: number) => void
  readonly #counts = new Map<string, Map<Second, number>>()

  constructor(give: (first: string, second: string, count: number) => void) {
    this.#give = give
  }

  add(first: string, second: Second): void {
    let counts = this.#counts.get(first)
    if (counts === undefined) {
      counts = new Map()
      this.#counts.set(first, counts)
    }
    counts.set(second, (counts.get(second) ?? 0) + 1)
  }

  hand(): void {
    for (const [first, counts] of this.#counts)
      for (const [second, count] of counts) this.#give(first, String(second), count)
    this.#counts.clear()
  }
}

function counters(registry: Registry) {
  const registers = [registry]
  const counter = counterOf(registry)
  return {
    connections: counter('connections_total', 'Connections by kind, taken or refused', ['kind', 'outcome']),
    commands: counter('commands_total', 'NNTP commands by name and response code', ['name', 'code']),
    articles: counter('articles_total', 'Articles handed in, by verdict and reason', ['verdict', 'reason']),
    withdrawals: counter('cancels_total', 'Cancels and superseding articles, by what they came to', [
      'how',
      'result',
    ]),
    controls: counter('control_messages_total', 'newgroup, rmgroup and checkgroups, by what became of them', [
      'type',
      'outcome',
    ]),
    committed: counter('articles_committed_total', 'Articles made durable', []),
    commits: new Histogram({
      name: 'tidings_commit_seconds',
      help: 'Time to make a group of articles durable',
      buckets: [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1],
      registers,
    }),
  }
}

function gauges(registry: Registry): (values: Gauges) => void {
  const registers = [registry]
  const gauge = <T extends string>(name: string, help: string, labelNames: readonly T[] = []) =>
    new Gauge({ name: `tidings_${name}`, help, labelNames, registers })
  const groups = gauge('groups', 'Newsgroups')
  const articles = gauge('articles', 'Articles in the groups, a crosspost in each of its groups')
  const connections = gauge('connections', 'Connections now')
  const journal = gauge('journal_bytes', 'Octets of journal that a start would replay')
  const showPeers = peerGauges(registry)
  const showExpiry = expiryGauges(registry)
  const showSearch = searchGauges(registry)
  return values => {
    groups.set(values.groups)
    articles.set(values.articles)
    connections.set(values.connections)
    journal.set(values.journalBytes)
    showExpiry(values.expiry)
    showSearch(values.search)
    showPeers(values.peers)
  }
}

const counterOf =
  (registry: Registry) =>
  <T extends string>(name: string, help: string, labelNames: readonly T[]) =>
    new Counter({ name: `tidings_${name}`, help, labelNames, registers: [registry] })

function expiryGauges(registry: Registry): (values: ExpiryGauges) => void {
  const counter = counterOf(registry)
  const gauge = (name: string, help: string) =>
    new Gauge({ name: `tidings_${name}`, help, registers: [registry] })
  const articles = counter('expired_articles_total', 'Articles that expired', [])
  const octets = counter('expired_bytes_total', 'Octets of articles that expired', [])
  const lastRun = gauge('expiry_last_run_seconds', 'When expiry last ran, seconds since 1970')
  const oldest = gauge('oldest_article_seconds', 'When the oldest article arrived, seconds since 1970')
  return values => {
    for (const metric of [articles, octets]) metric.reset()
    articles.inc(values.articles)
    octets.inc(values.octets)
    lastRun.set(values.lastRun)
    oldest.set(values.oldest ?? 0)
  }
}

function searchGauges(registry: Registry): (values: SearchGauges) => void {
  const gauge = (name: string, help: string) =>
    new Gauge({ name: `tidings_${name}`, help, registers: [registry] })
  const behind = gauge('search_lag_arrivals', 'Arrivals that cannot be found yet')
  const articles = gauge('search_articles', 'Articles that can be found')
  const octets = gauge('search_bytes', 'Octets that the index of the search takes')
  return values => {
    behind.set(values.behind)
    articles.set(values.articles)
    octets.set(values.octets)
  }
}

function peerGauges(registry: Registry): (peers: readonly PeerGauges[]) => void {
  const registers = [registry]
  const gauge = (name: string, help: string) =>
    new Gauge({ name: `tidings_${name}`, help, labelNames: ['peer'], registers })
  const counter = counterOf(registry)
  const lag = gauge('peer_lag_arrivals', 'Arrivals a peer has not been offered')
  const late = gauge('peer_lag_seconds', 'Age of the oldest article that waits for a peer')
  const up = gauge('peer_up', 'Whether a peer is connected')
  const sent = counter('articles_sent_total', 'Articles offered to peers, by outcome', ['peer', 'outcome'])
  const received = counter('articles_received_total', 'Articles that peers offered and sent, by outcome', [
    'peer',
    'outcome',
    'reason',
  ])
  return peers => {
    // A peer that was taken out of the configuration goes from the metrics too.
    for (const metric of [lag, late, up, sent, received]) metric.reset()
    for (const { name: peer, ...values } of peers) {
      lag.set({ peer }, values.lag)
      late.set({ peer }, values.lagSeconds)
      up.set({ peer }, values.up ? 1 : 0)
      for (const [outcome, count] of Object.entries(values.sent)) sent.inc({ peer, outcome }, count)
      for (const { outcome, reason, count } of values.received) received.inc({ peer, outcome, reason }, count)
    }
  }
}
