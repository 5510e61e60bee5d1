/** Whole nodes on memory stores, for tests of everything above storage. */
import { randomBytes } from 'node:crypto'
import { type Clock, systemClock } from '../../src/clock.ts'
import { type NodeParts, openNode } from '../../src/composition/node.ts'
import { type Config, configSchema } from '../../src/config/config.ts'
import type { Poster } from '../../src/feed/feed.ts'
import type { Node } from '../../src/feed/node.ts'
import { type Log, silentLog } from '../../src/log.ts'
import { wireFromText } from '../../src/wire.ts'
import { MemoryStore } from './memory-store.ts'
import { SimDisk } from './sim-disk.ts'

type Input = Parameters<typeof configSchema.parse>[0]

/** A configuration with a few groups; `more` is merged over it, key by key of the first level. */
export function testConfig(more: object = {}): Config {
  const input: Input = {
    node: { path_identity: 'node.example' },
    group: [
      { name: 'local.test', description: 'Tests' },
      { name: 'local.other' },
      { name: 'local.moderated', status: 'm' },
    ],
    access: [{ read: '*', post: '*' }],
    moderator: [{ groups: 'local.moderated', address: 'moderator@example.org' }],
    ...more,
  }
  return configSchema.parse(input)
}

export interface TestParts {
  readonly config?: Config | (() => Config)
  readonly clock?: Clock
  readonly log?: Log
  readonly dial?: NodeParts['dial']
  readonly fatal?: (error: Error) => void
  readonly stores?: NodeParts['stores']
  readonly disk?: NodeParts['disk']
  readonly random?: NodeParts['random']
  readonly spaceInterval?: number
  readonly audit?: NodeParts['audit']
  readonly cancelSecrets?: NodeParts['cancelSecrets']
}

export async function testNode(parts: TestParts = {}): Promise<Node> {
  const config = parts.config ?? testConfig()
  const node = await openNode({
    config: typeof config === 'function' ? config : () => config,
    stores: parts.stores ?? (await memoryStores()),
    disk: parts.disk ?? new SimDisk(),
    clock: parts.clock ?? systemClock,
    log: parts.log ?? silentLog,
    random: parts.random ?? (octets => randomBytes(octets)),
    fatal: parts.fatal ?? (error => Promise.reject(error)),
    ...(parts.dial ? { dial: parts.dial } : {}),
    ...(parts.audit ? { audit: parts.audit } : {}),
    ...(parts.cancelSecrets ? { cancelSecrets: parts.cancelSecrets } : {}),
    ...(parts.spaceInterval === undefined ? {} : { spaceInterval: parts.spaceInterval }),
  })
  await node.ready
  return node
}

export async function memoryStores() {
  return {
    articles: await MemoryStore.open(),
    state: await MemoryStore.open(),
    index: await MemoryStore.open(),
  }
}

export interface MemoryParts {
  readonly stores: { articles: MemoryStore; state: MemoryStore; index: MemoryStore }
  readonly disk: SimDisk
}

export const memoryParts = async (): Promise<MemoryParts> => ({
  stores: await memoryStores(),
  disk: new SimDisk(),
})

/** What a start finds after the power went: synced octets, and of the rest what `random` leaves. */
export async function crashed({ stores, disk }: MemoryParts, random: () => number): Promise<MemoryParts> {
  return {
    disk: disk.crash(random),
    stores: {
      articles: await stores.articles.crash(random),
      state: await stores.state.crash(random),
      index: await stores.index.crash(random),
    },
  }
}

/** May do everything. */
export const anyone: Poster = {
  account: '',
  address: '127.0.0.1',
  mayPost: () => true,
  mayApprove: () => true,
}

/** A proto-article in wire form from readable lines. */
export function proto(headers: Record<string, string>, body = 'Hello.\n'): Buffer {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\n`)
  return wireFromText(Buffer.from(`${lines.join('')}\n${body}`))
}
