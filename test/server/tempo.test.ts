import { expect } from 'chai'
import { FakeNode, fakeConfig } from '../support/fake-node.ts'
import { FakeServer } from '../support/fake-server.ts'
import { ManualClock, settled } from '../support/manual-clock.ts'

/** Answers that come at once to 200 commands of a client at `address` under a rule of [[access]]. */
async function answersAtOnce(address: string, rule: object, limits: object = {}) {
  const config = fakeConfig({ access: [{ read: '*', ...rule }], limits })
  const { client } = new FakeServer({ node: new FakeNode(new ManualClock(), config) }).connect(address)
  client.send('DATE\r\n'.repeat(200))
  await settled(100)
  return client.unread.match(/^111 /gm)?.length ?? 0
}

describe('the speed of a client', () => {
  it('is held to [limits], but on loopback', async () => {
    expect(await answersAtOnce('192.0.2.1', {}, { commands_per_second: 10 })).to.equal(21)
    expect(await answersAtOnce('127.0.0.1', {}, { commands_per_second: 10 })).to.equal(200)
  })

  it('is held to the rule of the client, on loopback too', async () => {
    const limits = { commands_per_second: 10 }
    expect(await answersAtOnce('192.0.2.1', { commands_per_second: 30 }, limits)).to.equal(61)
    expect(await answersAtOnce('127.0.0.1', { commands_per_second: 30 })).to.equal(61)
  })

  it('lets go of a client that waits and is gone', async () => {
    const config = fakeConfig({ limits: { commands_per_second: 1 } })
    const { client, served } = new FakeServer({ node: new FakeNode(new ManualClock(), config) }).connect(
      '192.0.2.1',
    )
    client.send('DATE\r\n'.repeat(50))
    await settled()
    client.destroy()
    await served
  })
})
