/** A whole node without its listeners: the one place where storage and feed are put together. */
import type { Clock } from './clock.ts'
import type { Config } from './config.ts'
import { type Accept, createAccept } from './feed/accept.ts'
import { apply } from './feed/apply.ts'
import type { Feed } from './feed/feed.ts'
import { createInjector } from './feed/inject.ts'
import { createMailer } from './feed/mail.ts'
import { Peering, type PeeringParts } from './feed/outgoing.ts'
import { createRelay, type Relay } from './feed/relay.ts'
import { Lifetimes } from './lifetimes.ts'
import type { Log } from './log.ts'
import { parseNewsgroup } from './newsgroup.ts'
import type { Disk } from './storage/disk.ts'
import { Leases } from './storage/leases.ts'
import { Storage } from './storage/storage.ts'
import type { Stores } from './storage/store.ts'

export interface NodeParts {
  readonly config: () => Config
  readonly stores: Stores
  /** Where the journal lies. */
  readonly disk: Disk
  readonly clock: Clock
  readonly log: Log
  /** So many random octets. */
  readonly random: (octets: number) => Buffer
  /** The process must end: nothing may be answered any more. */
  readonly fatal: (error: Error) => void
  /** How peers are called; sockets where absent. */
  readonly dial?: PeeringParts['dial']
}

export interface Node extends AsyncDisposable {
  readonly storage: Storage
  readonly accept: Accept
  readonly feed: Feed & Pick<Relay, 'moving' | 'leave'>
  readonly peering: Peering
  /** Creates the `[[group]]`s that do not exist, tells the peers' feeds of a new configuration. */
  reload(): Promise<void>
}

export async function openNode(parts: NodeParts): Promise<Node> {
  const { config, clock, log, random } = parts
  await using stack = new Lifetimes()
  const storage = stack.use(await Storage.open({ ...parts, apply }))
  const { active } = storage
  const group = (name: string) => active.named(name)
  const accept = createAccept({ submit: entry => storage.submit(entry), group, config, clock })
  const relay = createRelay({
    accept,
    history: storage.history,
    leases: new Leases(clock),
    limits: () => config().limits,
  })
  const injector = createInjector({
    accept,
    config,
    clock,
    log,
    random,
    groups: group,
    submitMail: entry => storage.submit(entry),
    hostSecret: await storage.secret(() => random(32)),
  })
  const peering = new Peering({
    reading: storage.reading,
    places: storage.places,
    clock,
    log,
    random,
    ...(parts.dial ? { dial: parts.dial } : {}),
  })
  const mailer = createMailer({ config, clock, log, outbox: outboxOf(storage, clock) })
  await createConfiguredGroups(storage, parts)
  stack.defer(() => mailer.close())
  stack.defer(() => peering.close())
  peering.start(config())
  mailer.start()
  const owned = stack.move()
  return {
    storage,
    accept,
    feed: { ...relay, ...injector },
    peering,
    async reload() {
      await createConfiguredGroups(storage, parts)
      await peering.reload(config())
    },
    [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
  }
}

function outboxOf(storage: Storage, clock: Clock) {
  return {
    pending: (limit: number) => storage.mails(limit),
    changed: (signal: AbortSignal) => storage.mailAdded(signal),
    async done(mail: number) {
      await storage.submit({ kind: 'mailed', mail, time: Math.floor(clock.now() / 1000), source: 'node' })
    },
  }
}

/** A `[[group]]` that was removed by hand stays removed only until the next start: the file is what is wanted. */
async function createConfiguredGroups(storage: Storage, { config, clock }: NodeParts): Promise<void> {
  for (const { name, status, description } of config().group) {
    const newsgroup = parseNewsgroup(name)
    if (newsgroup === undefined || storage.active.named(newsgroup)) continue
    const time = Math.floor(clock.now() / 1000)
    await storage.submit({
      kind: 'group',
      action: 'add',
      name: newsgroup,
      status,
      description,
      time,
      source: 'config',
      creator: 'config',
    })
  }
}
