/** Makes a node without its listeners: the one place where storage and feed are put together. */
import { accountName } from '../account.ts'
import { type Audit, noAudit } from '../audit/audit-log.ts'
import type { Clock } from '../clock.ts'
import type { Config } from '../config/config.ts'
import { oncePerConfig } from '../config/snapshot.ts'
import { type Accept, type AcceptOptions, createAccept } from '../feed/accept.ts'
import { ClockWatch } from '../feed/age/clock-watch.ts'
import { HorizonKeeper } from '../feed/age/horizon-keeper.ts'
import { apply } from '../feed/apply/apply.ts'
import { dateOf } from '../feed/check/dates.ts'
import { createConfiguredGroups } from '../feed/configured-groups.ts'
import { Declined } from '../feed/declined.ts'
import { Expirer } from '../feed/expire/expirer.ts'
import type { Verdict } from '../feed/feed.ts'
import type { LinkParts } from '../feed/link/link.ts'
import { type Dial, dialTcp } from '../feed/link/peer-dial.ts'
import type { Node } from '../feed/node.ts'
import { NodeMode } from '../feed/node-mode.ts'
import { Peering } from '../feed/outgoing/peering.ts'
import type { Sent } from '../feed/outgoing/sent.ts'
import { Tallies } from '../feed/outgoing/tallies.ts'
import { Conflicts } from '../feed/peers/conflicts.ts'
import { Currency } from '../feed/peers/currency.ts'
import { createInjector, type Injecting, type Injector } from '../feed/posting/inject.ts'
import { derivedSecret, type Locking } from '../feed/posting/locking.ts'
import { type PullNode, pullParts } from '../feed/pull/local.ts'
import { Pulls } from '../feed/pull/schedule.ts'
import { recorded } from '../feed/recorded.ts'
import { createRelay, type RelayParts } from '../feed/relay.ts'
import { Search } from '../feed/search/search.ts'
import { Statistics } from '../feed/statistics/statistics.ts'
import { Refusals } from '../feed/trace/refusals.ts'
import { Rescue } from '../feed/verify/rescue.ts'
import { Verifier } from '../feed/verify/verifier.ts'
import { Withdrawals } from '../feed/withdraw/withdrawals.ts'
import { Hierarchies } from '../hierarchies.ts'
import type { Log } from '../log.ts'
import type { MessageId } from '../message-id.ts'
import { articleIn } from '../storage/article/stored-article.ts'
import type { Stores } from '../storage/database/store.ts'
import type { Disk } from '../storage/disk/disk.ts'
import type { Entry, Outcome } from '../storage/entry.ts'
import { Leases } from '../storage/history/leases.ts'
import { Storage } from '../storage/storage.ts'
import { Beginning } from './beginning.ts'
import { groupControlOver } from './group-control.ts'
import { Lifetimes } from './lifetimes.ts'
import { mailerOver, startMailer } from './mailing.ts'

export interface NodeParts {
  readonly config: () => Config
  readonly stores: Stores
  /** Where the journal lies. */
  readonly disk: Disk
  readonly clock: Clock
  readonly log: Log
  /** So many random octets. */
  readonly random: (octets: number) => Buffer
  /** Where postings are put on record. */
  readonly audit?: Audit
  /** Of Cancel-Locks, the newest first; made from the node's own secret where absent. RFC 8315 4 */
  readonly cancelSecrets?: readonly Buffer[]
  /** For the mail server; empty or absent where it wants none. */
  readonly mailPassword?: string
  /** The process must end: nothing may be answered any more. */
  readonly fatal: (error: Error) => void
  /** Told of every article that was handed in, and of every synced group: articles, seconds. */
  readonly observe?: {
    article(verdict: Verdict): void
    commit(entries: number, seconds: number): void
    /** A control message that asks for a change of newsgroups, and what became of it. */
    control?(type: string, outcome: string): void
  }
  /** How often a page was asked for: what follows the log gives way to whoever waits for one. */
  readonly asked?: () => number
  /** How peers are called; sockets where absent. */
  readonly dial?: Dial
  /** Our own certificate, shown to servers that we call and that ask for one. */
  readonly pair?: LinkParts['pair']
  /** Octets of the journal after which a checkpoint is due. */
  readonly checkpointOctets?: number
  /** How often free space is looked at, milliseconds. */
  readonly spaceInterval?: number
}

export async function openNode(parts: NodeParts): Promise<Node> {
  const { clock, log } = parts
  await using stack = new Lifetimes()
  const storage = stack.use(
    await Storage.open({ ...parts, apply, ...(parts.observe && { committed: parts.observe.commit }) }),
  )
  const watch = await watchClock(storage, parts)
  const { keeper, heard } = watchHorizon(storage, watch, parts)
  const examining = { ...examinedWith(storage, watch, parts), horizon: () => keeper.limit }
  const { accept, withdrawals, conflicts, failed } = acceptInto(storage, { ...examining, heard }, parts)
  const tallies = stack.use(new Tallies({ notes: storage.notes, clock, log }))
  const refusals = new Refusals(clock)
  const { intake } = tallies
  const { relay, declined } = relayInto({ storage, accept, heard, intake, refusals }, parts)
  stack.defer(() => conflicts.idle)
  const injector = await injectorInto(storage, { ...examining, accept }, parts)
  const calls = { dial: parts.dial ?? dialTcp, pair: parts.pair }
  stack.use(keeper)
  const peering = stack.use(peeringOver(storage, { ...parts, ...calls, sent: peer => tallies.sent(peer) }))
  const passed = () => peering.passed ?? storage.reading.newest
  const expirer = stack.use(new Expirer({ ...parts, storage, watch, horizon: () => keeper.limit, passed }))
  const pulls = stack.use(pullsInto({ storage, calls, accept, refusals }, parts))
  const verifier = stack.use(
    new Verifier({ ...parts, storage, rescue: new Rescue({ ...parts, calls, accept }) }),
  )
  const followers = followersOf(storage, stack, { ...parts, watch })
  const running = { storage, keeper, tallies, peering, expirer, pulls, verifier, ...followers }
  const beginning = stack.use(new Beginning(storage.whole, started => begin(started, running, parts)))
  if (storage.unfinished) void beginning.done.catch(error => beginning.ended || parts.fatal(error))
  else await beginning.done
  // The last one is the first to be done.
  stack.defer(() => storage.leave())
  const owned = stack.move()
  return {
    storage,
    accept,
    examineOnly: pretending(storage, { ...examining, failed }),
    cancel: target => cancelHere(target, { storage, withdrawals, clock }),
    feed: { ...relay, ...injector, inject: recorded(injector.inject, { refusals, audit: parts.audit }) },
    peering,
    expirer,
    pulls,
    verifier,
    ...followers,
    intake,
    refusals,
    mode: new NodeMode(storage),
    calls,
    doubt: () => watch.doubt(),
    ready: beginning.done,
    async reload() {
      await beginning.done
      await reload(running, parts)
      declined.clear()
    },
    [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
  }
}

/** What works by itself once the node has begun. */
interface Running extends ReturnType<typeof followersOf> {
  readonly storage: Storage
  readonly keeper: HorizonKeeper
  readonly tallies: Tallies
  readonly peering: Peering
  readonly expirer: Expirer
  readonly pulls: Pulls
  readonly verifier: Verifier
}

async function begin(started: Lifetimes, running: Running, parts: NodeParts): Promise<void> {
  const { storage, keeper, tallies, peering, expirer, pulls } = running
  // Read anew at each step: a later reload may overtake.
  const { config } = parts
  await createConfiguredGroups(storage, parts)
  startMailer(started, running.mailer)
  await keeper.start()
  await tallies.follow(peersOf(config()))
  await peering.start(config())
  await expirer.start()
  await pulls.reload(config().pull)
  running.verifier.start()
  await running.search.reload()
  await running.statistics.start()
  await running.groupControl.start()
}

async function reload(running: Running, parts: NodeParts): Promise<void> {
  const { storage, tallies, peering, expirer, pulls, search, groupControl } = running
  const { config } = parts
  await createConfiguredGroups(storage, parts)
  await tallies.follow(peersOf(config()))
  await peering.reload(config())
  await pulls.reload(config().pull)
  expirer.reload()
  await search.reload()
  await groupControl.reload()
  // Last, when nobody counts for a peer that is gone any more.
  await tallies.keep(peersOf(config()))
}

interface Followed extends NodeParts {
  readonly watch: ClockWatch
}

/** What follows the log for ourselves; `peering` follows it for others. */
function followersOf(storage: Storage, stack: Lifetimes, parts: Followed) {
  const { reading, notes, places } = storage
  const { config, clock, log, asked } = parts
  const statistics = new Statistics({ reading, notes, epoch: places.epoch, clock, log, asked })
  return {
    statistics: stack.use(statistics),
    search: stack.use(new Search({ ...parts, storage, enabled: () => config().search.enabled })),
    groupControl: stack.use(groupControlOver(storage, parts)),
    mailer: mailerOver(storage, parts),
  }
}

const peersOf = ({ peer }: Config): string[] => peer.map(({ name }) => name)

/** What counts in days stands still while the wall clock is not to be believed. RFC 5537 3.6 */
async function watchClock({ retention }: Storage, { clock, log }: NodeParts): Promise<ClockWatch> {
  const watch = new ClockWatch(clock, why => {
    if (why === undefined) log.info({}, 'the clock is believed again: expiry and the age limit go on')
    else
      log.warn(
        { why },
        'the clock is not believed: expiry and the age limit wait; put it right, or run "tidings expire" where it is',
      )
  })
  watch.begin(await retention.lastRun())
  return watch
}

function watchHorizon(storage: Storage, watch: ClockWatch, { config, clock }: NodeParts) {
  const { reading } = storage
  const heard = new Currency({
    clock,
    known: storage.horizon.peers,
    isTimeKnown: () => watch.doubt() === undefined,
    dateOf: async id => {
      const located = await reading.locateId(id)
      const stored = located && (await reading.article(located.arrival))
      const article = stored && articleIn(stored)
      return article && dateOf(article)
    },
  })
  const keeper = new HorizonKeeper({
    config,
    clock,
    watch,
    currency: heard,
    stored: () => storage.horizon,
    submit: entry => storage.submit(entry),
  })
  return { keeper, heard }
}

/** What the checks of articles ask of the node. */
function examinedWith({ active }: Storage, watch: ClockWatch, { config, clock }: NodeParts) {
  const hierarchies = oncePerConfig(each => new Hierarchies(each.hierarchy))
  return {
    config,
    clock,
    group: (name: string) => active.named(name),
    doubt: () => watch.doubt(),
    isPrivate: (name: string) => hierarchies(config()).isPrivate(name),
  }
}

type Examining = Omit<AcceptOptions, 'submit' | 'withdrawals' | 'conflicts' | 'failed' | 'seen'>

function acceptInto(storage: Storage, examining: Examining, parts: NodeParts) {
  const { audit = noAudit, clock, log } = parts
  const withdrawals = new Withdrawals({ audit, clock })
  const conflicts = new Conflicts({ reading: storage.reading, log })
  const submit: AcceptOptions['submit'] = (entry, conclude) => storage.submitFor(entry, conclude)
  const { failed, seen } = watching(parts)
  const accept = createAccept({ ...examining, submit, withdrawals, conflicts, failed, seen })
  return { accept, withdrawals, conflicts, failed }
}

interface FromPeers extends Required<Pick<RelayParts, 'accept' | 'heard' | 'intake' | 'refusals'>> {
  readonly storage: Storage
}

function relayInto({ storage, ...ways }: FromPeers, { config, clock }: NodeParts) {
  const declined = new Declined({ version: () => storage.active.version })
  const relay = createRelay({
    ...ways,
    declined,
    history: storage.history,
    leases: new Leases(clock),
    limits: () => config().limits,
    paused: () => storage.paused,
  })
  return { relay, declined }
}

interface Posting extends Required<Pick<Injecting, 'accept' | 'doubt' | 'isPrivate'>> {
  readonly group: Injecting['groups']
}

async function injectorInto(
  storage: Storage,
  { group, accept, doubt, isPrivate }: Posting,
  { config, clock, log, random, cancelSecrets }: NodeParts,
): Promise<Injector> {
  const hostSecret = await storage.secret(() => random(32))
  const locking = { secrets: cancelSecrets ?? [derivedSecret(hostSecret)], since: accountAge(storage) }
  const submit = (entry: Entry) => storage.submit(entry)
  return createInjector({
    accept,
    doubt,
    isPrivate,
    groups: group,
    config,
    clock,
    log,
    random,
    submit,
    hostSecret,
    locking,
  })
}

function accountAge({ accounts }: Storage): Locking['since'] {
  return async name => {
    const known = accountName(name)
    return known && (await accounts.find(known))?.created
  }
}

interface CancellingHere {
  readonly storage: Storage
  readonly withdrawals: Withdrawals
  readonly clock: Clock
}

async function cancelHere(
  target: MessageId,
  { storage, withdrawals, clock }: CancellingHere,
): Promise<Outcome> {
  const time = Math.floor(clock.now() / 1000)
  const outcome = await storage.submit({ kind: 'cancel', target, time, source: 'admin' })
  withdrawals.administrator(target, outcome.kind === 'stored' ? 'done' : outcome.kind)
  return outcome
}

interface Outgoing extends Omit<NodeParts, 'dial'>, LinkParts {
  readonly sent: (peer: string) => Sent
}

function peeringOver({ reading, places }: Storage, parts: Outgoing): Peering {
  const { clock, log, dial, pair, sent } = parts
  const random = () => parts.random(4).readUInt32BE() / 2 ** 32
  return new Peering({ reading, places, clock, log, random, dial, pair, sent })
}

function pullsInto(node: PullNode, { clock, log, config, random }: NodeParts): Pulls {
  return new Pulls({
    clock,
    log,
    random: () => random(4).readUInt32BE() / 2 ** 32,
    parts: signal => pullParts(node, { clock, log, config, signal }),
  })
}

/** What is told of the articles that are handed in. */
const watching = ({ observe, log }: NodeParts) => ({
  seen: (verdict: Verdict) => observe?.article(verdict),
  failed: (error: unknown) => log.error({ err: error }, 'accepting an article failed'),
})

/** Says what would become of articles, and stores none. */
const pretending = (storage: Storage, examining: Omit<AcceptOptions, 'submit'>): Accept =>
  createAccept({ ...examining, submit: (entry, conclude) => pretend(entry, storage).then(conclude) })

async function pretend(entry: Entry, { history, reading }: Storage): Promise<Outcome> {
  if (entry.kind === 'article' && (await history.lookup(entry.messageId)) !== 'new')
    return { kind: 'duplicate' }
  return { kind: 'stored', arrival: reading.newest, filings: [] }
}
