/** A node ends whatever its disk does. */
import { expect } from 'chai'
import { ManualClock, settled } from '../support/manual-clock.ts'
import { anyone, memoryParts, proto, testConfig, testNode } from '../support/node.ts'
import { systemError } from '../support/sim-power.ts'
import { withBatch } from '../support/with-batch.ts'

describe('a node', () => {
  for (const isExpiring of [false, true])
    it(`ends while a database takes no writes, ${isExpiring ? 'also' : 'not'} while it expires articles`, async () => {
      const parts = await memoryParts()
      const clock = new ManualClock()
      let broken = false
      const state = withBatch(parts.stores.state, changes =>
        broken ? Promise.reject(systemError('ENOSPC', 'write')) : parts.stores.state.batch(changes),
      )
      const config = testConfig(isExpiring ? { expire: [{ groups: '*', keep_articles: 1 }] } : {})
      const node = await testNode({ ...parts, stores: { ...parts.stores, state }, clock, config })
      const post = () =>
        node.feed.inject(proto({ From: 'a@b.example', Newsgroups: 'local.test', Subject: 's' }), anyone)
      await post()
      await post()
      broken = true
      const posted = post()
      await settled(20)
      if (isExpiring) await clock.advance(61_000)
      await node[Symbol.asyncDispose]()
      expect((await posted).kind).to.equal('deferred')
    })
})
