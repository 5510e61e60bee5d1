/** Peers that remember what was asked of them. */
import { ControlFault } from '../../src/server/control/node-control.ts'
import type {
  BackfillOptions,
  BackfillProgress,
  PeerControl,
  PeerReport,
  PeerTestItem,
  PullReport,
} from '../../src/server/control/peer-control.ts'

export const feeder: PeerReport = {
  name: 'feeder.example',
  aliases: [],
  to: [],
  from: ['192.0.2.9'],
  accept: '*',
  in: {
    links: [
      { address: '192.0.2.9', tls: '', proof: 'address', login: '', compressed: false },
      { address: '192.0.2.9', tls: '', proof: 'address', login: '', compressed: false },
    ],
    offered: 1_200,
    duplicate: 100,
    putOff: 3,
    useful: 1_000,
    late: 2,
    deferred: 1,
    refused: [{ reason: 'too-old', text: 'Too old', count: 7 }],
    octets: 2_400_000,
    rate: 0.5,
    since: 1_600_000_000,
    first: 1_650_000_000,
    last: 1_700_000_000,
  },
}

export const fed: PeerReport = {
  name: 'news.b.example',
  aliases: ['b.example'],
  to: ['news.b.example:119'],
  from: [],
  accept: '*,!local.*',
  send: 'comp.*',
  out: {
    state: 'waiting',
    connections: 1,
    links: [{ address: 'b:563', tls: 'TLSv1.3', proof: 'pin', login: 'a\x07', compressed: true }],
    cursor: 70,
    behind: 5,
    lag: 90,
    waiting: 4,
    deferred: 1,
    rate: 12.25,
    octets: 123_456,
    offered: 50,
    accepted: 40,
    duplicate: 6,
    rejected: 3,
    putOff: 2,
    gone: 1,
    answers: [
      { code: 239, count: 40 },
      { code: 438, count: 6 },
    ],
    lastError: 'no \x1b[2J route',
    lastErrorTime: 1_700_000_000,
    since: 1_600_000_000,
    first: 1_650_000_000,
    last: 1_700_000_000,
    retryIn: 29,
  },
  in: { ...feeder.in, links: [], offered: 0, useful: 0, refused: [], rate: 0, octets: 0, first: 0, last: 0 },
}

export class FakePeers implements PeerControl {
  reports: PeerReport[] = [fed, feeder]
  pulled: PullReport[] = []
  readonly calls: unknown[] = []
  changed = true

  async list() {
    return this.reports
  }
  pulls() {
    return this.pulled
  }

  async show(name: string) {
    const found = this.reports.find(peer => peer.name === name)
    if (found === undefined) throw new ControlFault('refused', `there is no peer ${name}`)
    return found
  }
  async start(name: string) {
    this.calls.push(['start', name])
    return this.changed
  }
  async stop(name: string) {
    this.calls.push(['stop', name])
    return this.changed
  }
  async flush(name: string) {
    this.calls.push(['flush', name])
  }
  progress: BackfillProgress[] = []
  async *backfill(options: BackfillOptions) {
    this.calls.push(options)
    yield* this.progress
  }
  items: PeerTestItem[] = []
  async *test(name: string) {
    this.calls.push(['test', name])
    yield* this.items
  }
}
