/** A server over a fake node and its clients over stream pairs. */
import { duplexPair } from 'node:stream'
import { systemClock } from '../../src/clock.ts'
import { type Log, silentLog } from '../../src/log.ts'
import { NntpServer, type NntpServerOptions } from '../../src/server/server.ts'
import { FakeNode, fakeConfig } from './fake-node.ts'
import { RawClient } from './raw-client.ts'

export interface FakeServerOptions {
  readonly config?: Record<string, unknown>
  readonly node?: FakeNode
  readonly log?: Log
  readonly server?: Partial<NntpServerOptions>
}

export class FakeServer {
  readonly node: FakeNode
  readonly server: NntpServer

  constructor({ config = {}, node, log = silentLog, server = {} }: FakeServerOptions = {}) {
    this.node = node ?? new FakeNode(systemClock, fakeConfig(config))
    this.server = new NntpServer({ services: this.node.services, log, ...server })
  }

  /** A client that has not read the greeting. `served` resolves when its connection is over. */
  connect(address = '127.0.0.1') {
    const [ours, theirs] = duplexPair()
    const served = this.server.accept(theirs, address)
    // As sockets tell their other ends.
    theirs.once('close', () => setImmediate(() => ours.destroy()))
    ours.once('close', () => theirs.destroy())
    return { client: new RawClient(ours), stream: ours, served }
  }

  /** Greets, plays the dialogue, and goes. */
  async play(script: string, address = '127.0.0.1'): Promise<void> {
    const { client, served } = this.connect(address)
    await client.line()
    await client.play(script)
    client.end()
    await served
  }
}
