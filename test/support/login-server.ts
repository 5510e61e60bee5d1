/** A server over a fake node with accounts to log in to. */
import { duplexPair } from 'node:stream'
import { systemClock } from '../../src/clock.ts'
import { silentLog } from '../../src/log.ts'
import { NntpServer } from '../../src/server/server.ts'
import { FakeNode, fakeConfig } from './fake-node.ts'
import { TestLogins, type TestLoginsOptions } from './logins.ts'
import { RawClient } from './raw-client.ts'

export const safe = '127.0.0.1'

/** Anybody reads public.*; who is logged in reads and posts everywhere. Passwords are taken in the clear from loopback. */
const settings = {
  auth: { plaintext_from: ['127.0.0.0/8'] },
  access: [
    { users: '', read: 'public.*' },
    { users: '?*', read: '*', post: '*', approve: '*' },
  ],
}

export class LoginServer implements AsyncDisposable {
  readonly world: TestLogins
  readonly node: FakeNode
  readonly server: NntpServer

  constructor(options: TestLoginsOptions & { readonly config?: object } = {}) {
    this.world = new TestLogins(options)
    this.node = new FakeNode(systemClock, fakeConfig({ ...settings, ...options.config }))
    this.node.addGroup({ name: 'public.a' })
    this.node.addGroup({ name: 'private.a' })
    const services = { ...this.node.services, logins: this.world.logins }
    this.server = new NntpServer({ services, log: silentLog })
  }

  connect(address = safe) {
    const [ours, theirs] = duplexPair()
    const served = this.server.accept(theirs, address)
    theirs.once('close', () => setImmediate(() => ours.destroy()))
    return { client: new RawClient(ours), served }
  }

  async play(script: string, address = safe): Promise<void> {
    const { client, served } = this.connect(address)
    await client.line()
    await client.play(script)
    client.end()
    await served
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server.close()
    await this.world[Symbol.asyncDispose]()
  }
}
