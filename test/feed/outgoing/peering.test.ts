import { duplexPair } from 'node:stream'
import { expect } from 'chai'
import { configSchema } from '../../../src/config/config.ts'
import { Peering } from '../../../src/feed/outgoing/peering.ts'
import { silentLog } from '../../../src/log.ts'
import type { Arrival } from '../../../src/storage/reading.ts'
import { Wildmat } from '../../../src/wildmat.ts'
import { ArrivalLog, StoredPlaces } from '../../support/arrival-log.ts'
import { ManualClock, settled } from '../../support/manual-clock.ts'
import { ScriptedPeer } from '../../support/scripted-peer.ts'

const peer = (name: string, over: object = {}) => ({
  name: `${name}.example`,
  to: `${name}:119`,
  send: 'comp.*',
  ...over,
})
const config = (...peers: object[]) => configSchema.parse({ peer: peers })

function node() {
  const log = new ArrivalLog()
  const called = new Map<string, ScriptedPeer[]>()
  const have = new Map<string, Set<string>>()
  /** `down`: calls fail. `later`: CHECK is put off. */
  const lines = { down: false, later: false }
  const react = (verb: string, id: string) => (verb === 'CHECK' && lines.later ? `431 ${id}` : undefined)
  const clock = new ManualClock()
  const peering = new Peering({
    reading: log,
    places: new StoredPlaces(),
    clock,
    random: () => 0.5,
    log: silentLog,
    dial: async address => {
      if (lines.down) throw new Error('nobody there')
      const [ours, theirs] = duplexPair()
      const known = have.get(address) ?? new Set()
      have.set(address, known)
      called.set(address, [...(called.get(address) ?? []), new ScriptedPeer(theirs, { react }, known)])
      return ours
    },
  })
  return { log, called, have, peering, lines, clock }
}

describe('peering', () => {
  it('feeds those that have `to` and `send`, each what it subscribes to', async () => {
    const { log, have, peering } = node()
    await peering.start(
      config(peer('a'), peer('b', { send: 'misc.*' }), { name: 'c.example', from: ['192.0.2.7'] }),
    )
    log.add({ id: '<1@x>' })
    log.add({ id: '<2@x>', groups: ['misc.a', 'comp.a'] })
    await settled(20)
    expect([...(have.get('a:119') ?? [])]).to.deep.equal(['<1@x>', '<2@x>'])
    expect([...(have.get('b:119') ?? [])]).to.deep.equal(['<2@x>'])
    expect(peering.status().map(({ name, behind }) => [name, behind])).to.deep.equal([
      ['a.example', 0],
      ['b.example', 0],
    ])
    await peering.stop()
  })

  it('reloads without a word to the peers that stay as they are', async () => {
    const { log, called, have, peering } = node()
    await peering.start(config(peer('a'), peer('b'), peer('c')))
    log.add({ id: '<1@x>' })
    await settled(20)
    await peering.reload(config(peer('a'), peer('b', { send: '*' }), peer('d')))
    log.add({ id: '<2@x>', groups: ['misc.a'] })
    log.add({ id: '<3@x>' })
    await settled(20)
    expect(called.get('a:119')).to.have.length(1)
    expect(called.get('a:119')?.[0]?.lines).not.to.include('QUIT')
    expect(called.get('b:119')?.map(({ lines }) => lines.at(-1) === 'QUIT')).to.deep.equal([true, false])
    expect([...(have.get('b:119') ?? [])]).to.deep.equal(['<1@x>', '<2@x>', '<3@x>'])
    expect([...(have.get('c:119') ?? [])]).to.deep.equal(['<1@x>'])
    expect([...(have.get('d:119') ?? [])]).to.deep.equal(['<3@x>'])
    expect(peering.status().map(({ name }) => name)).to.have.members(['a.example', 'b.example', 'd.example'])
    await peering.stop()
    expect(peering.status()).to.deep.equal([])
  })

  it('gives a peer that was taken out and put back what it missed', async () => {
    const { log, have, peering } = node()
    await peering.start(config(peer('a')))
    await peering.reload(config())
    log.add({ id: '<1@x>' })
    await peering.reload(config(peer('a')))
    await settled(20)
    expect([...(have.get('a:119') ?? [])]).to.deep.equal(['<1@x>'])
    await peering.stop()
  })

  it('holds a peer, through a reload too, and goes on where it stopped', async () => {
    const { log, have, peering } = node()
    await peering.start(config(peer('a'), peer('b')))
    log.add({ id: '<1@x>' })
    await settled(20)
    expect(await peering.hold('a.example')).to.equal(true)
    expect(await peering.hold('a.example')).to.equal(false)
    expect(await peering.hold('nobody.example')).to.equal(false)
    log.add({ id: '<2@x>' })
    await settled(20)
    await peering.reload(config(peer('a', { max_connections: 1 }), peer('b')))
    await settled(20)
    expect([...(have.get('a:119') ?? [])]).to.deep.equal(['<1@x>'])
    expect([...(have.get('b:119') ?? [])]).to.deep.equal(['<1@x>', '<2@x>'])
    expect(peering.status().find(({ name }) => name === 'a.example')).to.include({
      state: 'stopped',
      behind: 1,
    })
    expect(await peering.flush('a.example')).to.equal(false)
    expect(await peering.resume('a.example')).to.equal(true)
    expect(await peering.resume('a.example')).to.equal(false)
    await settled(20)
    expect([...(have.get('a:119') ?? [])]).to.deep.equal(['<1@x>', '<2@x>'])
    expect(peering.status().find(({ name }) => name === 'a.example')?.counters.accepted).to.equal(2)
    await peering.stop()
  })

  it('calls at once, and offers at once what was put off, where it is told to', async () => {
    const { log, have, peering, lines } = node()
    lines.down = true
    await peering.start(config(peer('a')))
    log.add({ id: '<1@x>' })
    await settled(20)
    expect(peering.status()[0]).to.include({ state: 'waiting', lastError: 'a:119: nobody there' })
    lines.down = false
    lines.later = true
    expect(await peering.flush('a.example')).to.equal(true)
    await settled(20)
    expect(peering.status()[0]).to.include({ state: 'feeding', deferred: 1, waiting: 1 })
    lines.later = false
    await peering.flush('a.example')
    await settled(20)
    expect([...(have.get('a:119') ?? [])]).to.deep.equal(['<1@x>'])
    const [status] = peering.status()
    expect(status?.counters.answers).to.deep.equal(
      new Map([
        [431, 1],
        [239, 1],
      ]),
    )
    expect(await peering.flush('nobody.example')).to.equal(false)
    await peering.stop()
  })

  describe('a backfill', () => {
    const all = Wildmat.parse('comp.*') as Wildmat
    const none = 0 as Arrival

    it('offers what came before, as far as it is wanted and asked for, and ends', async () => {
      const { log, called, have, peering } = node()
      for (const [id, groups] of [
        ['<1@x>', ['comp.a']],
        ['<2@x>', ['comp.a']],
        ['<3@x>', ['comp.b']],
        ['<4@x>', ['misc.a']],
      ] as const)
        log.add({ id, groups })
      await peering.start(config(peer('a', { send: '*,!comp.b' })))
      const backfill = await peering.backfill('a.example', { after: 1 as Arrival, only: all })
      log.add({ id: '<5@x>' })
      await backfill?.over
      await settled(20)
      expect(backfill?.complete).to.equal(true)
      expect([...(have.get('a:119') ?? [])].sort()).to.deep.equal(['<2@x>', '<5@x>'])
      expect(called.get('a:119')).to.have.length(2)
      expect(backfill?.status()).to.include({ cursor: 4, until: 4, waiting: 0 })
      await backfill?.stop()
      // Again: the peer declines.
      const again = await peering.backfill('a.example', { after: none, only: all })
      await again?.over
      expect(again?.status().counters).to.include({ offered: 3, accepted: 1, duplicate: 2 })
      await again?.stop()
      await peering.stop()
    })

    it('ends at once where nothing came', async () => {
      const { peering } = node()
      await peering.start(config(peer('a')))
      const backfill = await peering.backfill('a.example', { after: none, only: all })
      await backfill?.over
      expect(backfill?.complete).to.equal(true)
      await peering.stop()
    })

    it('waits for what is put off, and ends with the feed', async () => {
      const { log, peering, lines, clock } = node()
      log.add({ id: '<1@x>' })
      lines.later = true
      await peering.start(config(peer('a')))
      const begin = async () => {
        const begun = await peering.backfill('a.example', { after: none, only: all })
        await settled(20)
        return begun
      }
      const first = await begin()
      expect(first?.status()).to.include({ waiting: 1 })
      await peering.hold('a.example')
      await first?.over
      expect(first?.complete).to.equal(false)
      expect(await begin()).to.equal(undefined)
      await peering.resume('a.example')
      const second = await begin()
      await peering.reload(config(peer('a', { send: 'comp.a' })))
      await second?.over
      const third = await begin()
      lines.later = false
      await clock.advance(20_000)
      await third?.over
      expect(third?.complete).to.equal(true)
      const fourth = await begin()
      await peering.stop()
      await fourth?.over
    })
  })
})
