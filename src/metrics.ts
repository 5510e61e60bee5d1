/** What the node counts, behind narrow calls; the one place that knows prom-client. Nothing is global. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/** Read at each scrape: never stored. */
export interface Gauges {
  readonly groups: number
  readonly articles: number
  readonly connections: number
  /** Octets of journal that a start would replay. */
  readonly journalBytes: number
  readonly peers: readonly {
    readonly name: string
    /** Arrivals it has not yet been offered. */
    readonly lag: number
    readonly up: boolean
  }[]
}

export interface Metrics {
  /** A connection was taken, or turned away at a limit. */
  connection(kind: 'nntp' | 'web' | 'control', taken: boolean): void
  /** One NNTP command was answered; `name` as in the command table, `unknown` for all others. */
  command(name: string, code: number): void
  /** What became of an article; `reason` is a name of the reason table, empty where accepted. */
  article(verdict: 'accepted' | 'mailed' | 'rejected' | 'deferred', reason: string): void
  /** An article was taken (239, 235), refused or put off by a peer. */
  sent(peer: string, outcome: 'accepted' | 'refused' | 'rejected' | 'deferred'): void
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
  let source: (() => Gauges | Promise<Gauges>) | undefined
  return {
    connection: (kind, taken) => counts.connections.inc({ kind, outcome: taken ? 'taken' : 'refused' }),
    command: (name, code) => counts.commands.inc({ name, code: String(code) }),
    article: (verdict, reason) => counts.articles.inc({ verdict, reason }),
    sent: (peer, outcome) => counts.sent.inc({ peer, outcome }),
    commit(articles, seconds) {
      counts.commits.observe(seconds)
      counts.committed.inc(articles)
    },
    observe: from => {
      source = from
    },
    async text() {
      if (source !== undefined) show(await source())
      return registry.metrics()
    },
    contentType: registry.contentType,
  }
}

function counters(registry: Registry) {
  const registers = [registry]
  const counter = <T extends string>(name: string, help: string, labelNames: readonly T[]) =>
    new Counter({ name: `tidings_${name}`, help, labelNames, registers })
  return {
    connections: counter('connections_total', 'Connections by kind, taken or refused', ['kind', 'outcome']),
    commands: counter('commands_total', 'NNTP commands by name and response code', ['name', 'code']),
    articles: counter('articles_total', 'Articles handed in, by verdict and reason', ['verdict', 'reason']),
    sent: counter('articles_sent_total', 'Articles offered to peers, by outcome', ['peer', 'outcome']),
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
  const articles = gauge('articles', 'Articles in the store')
  const connections = gauge('connections', 'Connections now')
  const journal = gauge('journal_bytes', 'Octets of journal that a start would replay')
  const lag = gauge('peer_lag_arrivals', 'Arrivals a peer has not been offered', ['peer'])
  const up = gauge('peer_up', 'Whether a peer is connected', ['peer'])
  return values => {
    groups.set(values.groups)
    articles.set(values.articles)
    connections.set(values.connections)
    journal.set(values.journalBytes)
    // A peer that was taken out of the configuration goes from the metrics too.
    lag.reset()
    up.reset()
    for (const peer of values.peers) {
      lag.set({ peer: peer.name }, peer.lag)
      up.set({ peer: peer.name }, peer.up ? 1 : 0)
    }
  }
}
