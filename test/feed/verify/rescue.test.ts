/** An article that was damaged on one node comes back from another. */
import { expect } from 'chai'
import type { VerifyReport } from '../../../src/feed/verify/verifier.ts'
import { audit } from '../../support/audit.ts'
import { Network, type Site } from '../../support/network.ts'

const ids = ['<0@a.example>', '<1@a.example>', '<2@a.example>', '<3@a.example>']
const [, lost = ''] = ids

interface Damaging {
  /** Nothing is left of its octets. */
  readonly gone?: boolean
  /** Configuration of `far`. */
  readonly config?: object
}

/** `near` has sent all it has to `far`, and then one of its articles is damaged. */
async function damaged(
  network: Network,
  { gone = false, config = {} }: Damaging = {},
): Promise<{ near: Site; far: Site }> {
  const far = await network.site('far.example', { peers: { 'near.example': {} }, config })
  const near = await network.site('near.example', { peers: { 'far.example': {} } })
  for (const id of ids)
    expect(await near.post({ Newsgroups: 'local.test,local.other', 'Message-ID': id })).to.match(/^240 /)
  await network.until('all are there', async () => (await everywhere(far, ids)) === ids.length)
  const { arrival = 0 } = (await near.node.storage.reading.locateId(lost)) ?? {}
  for await (const pairs of near.stores.articles.iterate({}))
    for (const { key, value } of pairs)
      if (key.readUInt32BE(key.length - 4) === arrival) {
        const octets = Buffer.from(value)
        octets[octets.length - 5] = (octets[octets.length - 5] ?? 0) ^ 4
        await near.stores.articles.batch([{ key, value: gone ? undefined : octets }])
      }
  return { near, far }
}

async function everywhere(site: Site, wanted: readonly string[]): Promise<number> {
  const found = await Promise.all(wanted.map(id => site.node.storage.history.lookup(id as never)))
  return found.filter(state => state === 'have').length
}

/** Turns the clock until it is over. */
async function over<T>(network: Network, work: Promise<T>): Promise<T> {
  let done = false
  const watched = work.finally(() => {
    done = true
  })
  await network.until('the end of it', () => done)
  return watched
}

async function repaired(site: Site): Promise<VerifyReport | undefined> {
  let last: VerifyReport | undefined
  for await (const report of site.node.verifier.run({ repair: true }, new AbortController().signal))
    last = report
  return last
}

async function comesBack(near: Site): Promise<void> {
  expect(await near.articles('local.test')).to.deep.equal([ids[0], ids[2], ids[3], lost])
  expect(await near.field('Xref', lost)).to.equal('near.example local.test:5 local.other:5')
  expect(await near.field('Subject', lost)).to.equal('A test')
  expect(await audit(near.node.storage.reading)).to.deep.equal([])
}

describe('a lost article', () => {
  it('is fetched from a peer by a repair, and has new numbers', async () => {
    await using network = new Network()
    const { near } = await damaged(network)
    expect(await over(network, repaired(near))).to.include({ fetched: 1, sound: true, done: true })
    await comesBack(near)
    expect(await over(network, repaired(near))).to.deep.include({ kinds: [], fetched: 0, sound: true })
  })

  it('is fetched by a repair also where nothing is left of it but what leads to it', async () => {
    await using network = new Network()
    const { near } = await damaged(network, { gone: true })
    expect(await over(network, repaired(near))).to.include({ fetched: 1, sound: true, done: true })
    await comesBack(near)
    expect(await over(network, repaired(near))).to.deep.include({ kinds: [], fetched: 0, sound: true })
  })

  it('is fetched by the slow look too', async () => {
    await using network = new Network()
    const { near } = await damaged(network)
    await over(network, near.node.verifier.scrub())
    await comesBack(near)
    expect(near.node.verifier.status()).to.include({ found: 1 })
  })

  it('waits to be offered where no peer lets us read', async () => {
    await using network = new Network()
    const { near, far } = await damaged(network, { config: { access: [] } })
    expect(await over(network, repaired(near))).to.include({ fetched: 0, sound: true })
    expect(await near.node.storage.history.lookup(lost as never)).to.equal('new')
    expect(await everywhere(far, ids)).to.equal(ids.length)
  })
})
