import { type Duplex, duplexPair } from 'node:stream'
import { expect } from 'chai'
import fc from 'fast-check'
import { peerSchema } from '../../../src/config/sections/exchange.ts'
import { GroupNames } from '../../../src/feed/group-names.ts'
import type { Dial } from '../../../src/feed/link/peer-dial.ts'
import { OutgoingFeed } from '../../../src/feed/outgoing/outgoing.ts'
import { compilePeer, type PeerRules } from '../../../src/feed/peers/peer.ts'
import { silentLog } from '../../../src/log.ts'
import type { Arrival } from '../../../src/storage/reading.ts'
import { ArrivalLog, StoredPlaces } from '../../support/arrival-log.ts'
import { ManualClock, settled } from '../../support/manual-clock.ts'
import { hangUp, type Script, ScriptedPeer, silence } from '../../support/scripted-peer.ts'

const idOf = (n: number) => `<${n}@a.example>`

/** One peer that is called over pairs of streams, and what our node keeps between restarts. */
class World {
  readonly clock = new ManualClock()
  readonly log = new ArrivalLog()
  places = new StoredPlaces()
  readonly have = new Set<string>()
  readonly calls: string[] = []
  readonly peers: ScriptedPeer[] = []
  script: Script = {}
  /** Set: calls fail so. */
  down: string | undefined
  #feed: OutgoingFeed | undefined

  get feed(): OutgoingFeed {
    if (this.#feed === undefined) throw new Error('not started')
    return this.#feed
  }

  fill(count: number): void {
    for (let n = 1; n <= count; n++) this.log.add({ id: idOf(this.log.rows.length + 1) })
  }

  async start(section: object = {}, after?: number): Promise<void> {
    const peer = peerSchema.parse({ name: 'b.example', to: 'b.example:119', send: '*', ...section })
    this.#feed = new OutgoingFeed(
      {
        reading: this.log,
        places: this.places,
        clock: this.clock,
        random: () => 0.5,
        dial: this.#dial,
        names: new GroupNames(this.log),
        log: silentLog,
      },
      {
        peer,
        rules: compilePeer(peer) as PeerRules,
        ...(after === undefined ? {} : { after: after as Arrival }),
      },
    )
    await this.#feed.start()
    await settled()
  }

  /** As `kill -9`: what was stored last is all that is left. */
  crash(): void {
    const kept = structuredClone([...this.places.places])
    const places = new StoredPlaces(this.places.epoch)
    for (const [name, place] of kept) places.places.set(name, place)
    this.places = places
    for (const peer of this.peers) peer.stream.destroy()
    // What runs on of the old feed writes to places that nobody reads, and calls a dead line.
    this.#generation++
  }

  async stop(): Promise<void> {
    const stopped = this.feed.stop()
    await this.clock.advance(5_000)
    await stopped
  }

  get transfers(): string[] {
    return this.peers.flatMap(peer => peer.transfers)
  }

  #generation = 0
  get #dial(): Dial {
    const generation = this.#generation
    return async (address: string): Promise<Duplex> => {
      if (generation !== this.#generation) throw new Error('the process is dead')
      this.calls.push(address)
      if (this.down !== undefined) throw new Error(this.down)
      const [ours, theirs] = duplexPair()
      this.peers.push(new ScriptedPeer(theirs, this.script, this.have))
      return ours
    }
  }
}

const seconds = 1000
const hour = 3600 * seconds

describe('an outgoing feed', () => {
  it('sends what arrives, over one connection that it closes when idle', async () => {
    const world = new World()
    await world.start()
    expect(world.calls).to.have.length(0)
    world.fill(30)
    await settled(40)
    expect(world.have.size).to.equal(30)
    expect(world.feed.status()).to.include({ state: 'feeding', cursor: 30, behind: 0, lag: 0 })
    await world.clock.advance(601 * seconds)
    expect(world.feed.status()).to.include({ state: 'idle', connections: 0 })
    world.fill(1)
    await settled(20)
    expect(world.have.size).to.equal(31)
    expect(world.feed.status().counters).to.include({ offered: 31, accepted: 31, duplicate: 0, deferred: 0 })
    await world.stop()
    expect(world.clock.alarms).to.equal(0)
  })

  it('begins though its place cannot be stored, and stores it when that can be', async () => {
    const world = new World()
    world.places.failure = new Error('no space for the journal')
    world.fill(5)
    await world.start()
    expect(world.feed.status().lastError).to.contain('no space for the journal')
    await world.clock.advance(10_000)
    // Where it began, its place, and its place once more.
    expect([world.places.saves, world.places.places.size]).to.deep.equal([3, 0])
    world.places.failure = undefined
    await world.clock.advance(10_000)
    expect(world.places.places.get('peer:b.example')).to.include({ cursor: 5 })
    await world.stop()
    expect(world.clock.alarms).to.equal(0)
  })

  it('begins with the newest arrival where it has no place, or where it is told to', async () => {
    const world = new World()
    world.fill(5)
    await world.start()
    expect(world.places.places.get('peer:b.example')).to.include({ cursor: 5 })
    world.fill(1)
    await settled(20)
    expect(world.transfers).to.deep.equal([idOf(6)])
    await world.stop()

    const backfilled = new World()
    backfilled.fill(5)
    await backfilled.start({}, 2)
    await settled(20)
    expect(backfilled.transfers).to.deep.equal([3, 4, 5].map(idOf))
    await backfilled.stop()
  })

  it('goes on from its place after a stop', async () => {
    const world = new World()
    await world.start()
    world.fill(3)
    await settled(20)
    await world.stop()
    world.fill(2)
    await world.start()
    await settled(20)
    expect(world.transfers).to.deep.equal([1, 2, 3, 4, 5].map(idOf))
    await world.stop()
  })

  it('takes a place of another epoch, and one ahead of the log, for what it is', async () => {
    const world = new World()
    world.places = new StoredPlaces(2)
    world.places.places.set('peer:b.example', { epoch: 1, cursor: 99 as Arrival, exceptions: [] })
    world.fill(4)
    await world.start()
    world.fill(1)
    await settled(20)
    expect(world.transfers).to.deep.equal([idOf(5)])
    await world.stop()
    expect(world.places.places.get('peer:b.example')).to.deep.equal({ epoch: 2, cursor: 5, exceptions: [] })
  })

  it('offers nothing that the peer has seen, sent or does not want', async () => {
    const world = new World()
    await world.start({ send: 'comp.*,@comp.private.*', aliases: ['old.b.example'] })
    const { log } = world
    log.add({ id: '<path@x>', row: { path: ['a.example', 'b.example'] } })
    log.add({ id: '<alias@x>', row: { path: ['old.b.example'] } })
    log.add({ id: '<source@x>', row: { source: 'peer:b.example' } })
    log.add({ id: '<local@x>', row: { localOnly: true } })
    log.add({ id: '<group@x>', groups: ['misc.test'] })
    log.add({ id: '<poison@x>', groups: ['comp.a', 'comp.private.b'] })
    log.add({ id: '<cancel@x>', row: { kind: 'cancel' } })
    log.add({ id: '<good@x>', row: { path: ['c.example'] }, groups: ['misc.test', 'comp.a'] })
    await settled(20)
    expect(world.peers.flatMap(peer => peer.lines.filter(line => line.startsWith('CHECK')))).to.deep.equal([
      'CHECK <good@x>',
    ])
    expect(world.feed.status()).to.include({ cursor: 8, behind: 0 })
    await world.stop()
  })

  it('judges a control message by the groups it is about', async () => {
    const world = new World()
    await world.start({ send: 'comp.*' })
    const control = (id: string, group: string, newsgroups: string) =>
      world.log.add({
        id,
        groups: ['control.newgroup'],
        row: { control: true },
        article: `Message-ID: ${id}\r\nNewsgroups: ${newsgroups}\r\nControl: newgroup ${group}\r\n\r\n`,
      })
    control('<1@x>', 'comp.new', 'news.admin')
    control('<2@x>', 'misc.new', 'comp.a')
    control('<3@x>', 'misc.new', 'news.admin')
    await settled(20)
    expect(world.transfers).to.deep.equal(['<1@x>', '<2@x>'])
    await world.stop()
  })

  it('retries what the peer defers, with growing gaps, while the cursor goes on', async () => {
    const world = new World()
    const asked: number[] = []
    world.script = {
      react: (verb, id) => {
        if (verb !== 'CHECK' || id !== idOf(2)) return undefined
        asked.push(world.clock.monotonic() / seconds)
        return asked.length < 4 ? `431 ${id}` : undefined
      },
    }
    await world.start()
    world.fill(3)
    await settled(20)
    expect(world.feed.status()).to.include({ cursor: 3, deferred: 1 })
    await world.clock.advance(10 * seconds)
    expect(world.places.places.get('peer:b.example')).to.deep.equal({
      epoch: 1,
      cursor: 3,
      exceptions: [{ arrival: 2, tries: 1 }],
    })
    await world.clock.advance(200 * seconds)
    expect(asked).to.deep.equal([0, 10, 30, 70])
    expect(world.have.size).to.equal(3)
    expect(world.feed.status()).to.include({ cursor: 3, deferred: 0 })
    await world.stop()
  })

  it('retries an exception at once after a restart, and forgets it where it expired', async () => {
    const world = new World()
    world.script = {
      react: (verb, id) => (verb === 'CHECK' && world.calls.length < 2 ? `431 ${id}` : undefined),
    }
    await world.start()
    world.fill(3)
    await settled(20)
    await world.stop()
    expect(world.places.places.get('peer:b.example')?.exceptions).to.have.length(3)
    world.log.expire(2)
    await world.start()
    await settled(20)
    expect([...world.have].sort()).to.deep.equal([idOf(1), idOf(3)])
    expect(world.feed.status().counters).to.include({ accepted: 2, gone: 1 })
    world.log.add({ id: '<late@a.example>', row: { kind: 'expire' } })
    await settled()
    expect(world.feed.status().counters).to.include({ offered: 3, gone: 2 })
    await world.stop()
  })

  it('drops what the peer rejects, and counts by code', async () => {
    const world = new World()
    world.script = {
      react: (verb, id) =>
        verb !== 'BLOCK' ? undefined : id === idOf(1) ? `439 ${id}` : id === idOf(2) ? '503 eh' : undefined,
    }
    world.have.add(idOf(4))
    await world.start()
    world.fill(4)
    await settled(20)
    const { counters } = world.feed.status()
    expect(counters).to.include({ offered: 4, accepted: 1, duplicate: 1 })
    expect([...counters.rejected]).to.deep.equal([
      [439, 1],
      [503, 1],
    ])
    expect(world.feed.status()).to.include({ cursor: 4 })
    await world.stop()
  })

  it('loses nothing when the peer says 400 or hangs up in the middle', async () => {
    for (const last of ['400 full', hangUp]) {
      const world = new World()
      let count = 0
      world.script = { react: verb => (verb === 'BLOCK' && ++count === 3 ? last : undefined) }
      await world.start()
      world.fill(10)
      await settled(20)
      expect(world.have.size).to.equal(2)
      expect(world.feed.status()).to.include({ state: 'waiting', connections: 0 })
      expect(world.feed.status().lastError).to.match(last === hangUp ? /closed/ : /said "400 full"/)
      await world.clock.advance(31 * seconds)
      expect(world.have.size).to.equal(10)
      expect(world.feed.status()).to.include({ cursor: 10 })
      await world.stop()
    }
  })

  it('calls a dead peer 30 s after the first failure, then ever less often, up to an hour', async () => {
    const world = new World()
    world.down = 'refused'
    await world.start()
    world.fill(2000)
    await settled(20)
    const asked = world.log.asked
    expect(world.calls).to.have.length(1)
    expect(world.feed.status()).to.include({
      state: 'waiting',
      lastError: 'b.example:119: refused',
      retryIn: 30 * seconds,
    })
    await world.clock.advance(29 * seconds)
    expect(world.calls).to.have.length(1)
    await world.clock.advance(seconds)
    expect(world.calls).to.have.length(2)
    await world.clock.advance(60 * seconds)
    expect(world.calls).to.have.length(3)
    await world.clock.advance(10 * hour)
    expect(world.calls).to.have.length.within(14, 18)
    expect(world.log.asked, 'the log is left alone meanwhile').to.equal(asked)
    world.down = undefined
    await world.clock.advance(hour)
    await settled(400)
    expect(world.have.size).to.equal(2000)
    await world.stop()
  })

  it('tries several addresses in turn before it waits', async () => {
    const world = new World()
    world.down = 'refused'
    await world.start({ to: ['one:119', 'two:119'] })
    world.fill(1)
    await settled(20)
    expect(world.calls).to.deep.equal(['one:119', 'two:119'])
    expect(world.feed.status().retryIn).to.equal(30 * seconds)
    await world.stop()
  })

  it('gives a call up that is not answered', async () => {
    const world = new World()
    const feed = new OutgoingFeed(
      {
        reading: world.log,
        places: world.places,
        clock: world.clock,
        random: () => 0.5,
        dial: () => new Promise(() => undefined),
        names: new GroupNames(world.log),
        log: silentLog,
      },
      (() => {
        const peer = peerSchema.parse({ name: 'b', to: 'b:119', send: '*' })
        return { peer, rules: compilePeer(peer) as PeerRules }
      })(),
    )
    await feed.start()
    world.fill(1)
    await settled()
    expect(feed.status().state).to.equal('connecting')
    await world.clock.advance(30 * seconds)
    expect(feed.status()).to.include({ state: 'waiting', lastError: 'b:119: no connection in time' })
    await feed.stop()
  })

  it('opens more connections where one is not enough, and no more than it may', async () => {
    const world = new World()
    world.script = { react: verb => (verb === 'CHECK' ? silence : undefined) }
    await world.start({ max_connections: 3 })
    world.fill(2000)
    await settled(40)
    expect(world.calls).to.have.length(3)
    expect(world.peers.map(peer => peer.lines.length)).to.deep.equal([202, 202, 202])
    await world.stop()
  })

  it('goes over to IHAVE where the peer only claims to stream', async () => {
    const world = new World()
    world.script = { react: verb => (verb === 'CHECK' ? '500 what' : undefined) }
    await world.start()
    world.fill(2)
    await settled(20)
    await world.clock.advance(40 * seconds)
    expect(world.have.size).to.equal(2)
    const lines = world.peers.flatMap(peer => peer.lines)
    expect(lines.filter(line => line.startsWith('IHAVE'))).to.have.length(2)
    await world.stop()
  })

  it('is not held up for ever by one article that makes the peer hang up', async () => {
    const world = new World()
    // Asked first or not: after a hundred that were taken it is sent without CHECK.
    const bad = (verb: string, id: string) => id === idOf(1) && (verb === 'CHECK' || verb === 'BLOCK')
    world.script = { react: (verb, id) => (bad(verb, id) ? '238 <other@x>' : undefined) }
    const random = fc.sample(fc.double({ min: 0, max: 0.999, noNaN: true }), { numRuns: 4000, seed: 1 })
    let at = 0
    const peer = peerSchema.parse({ name: 'b.example', to: 'b:119', send: '*' })
    const dial: Dial = async () => {
      const [ours, theirs] = duplexPair()
      new ScriptedPeer(theirs, world.script, world.have)
      return ours
    }
    const feed = new OutgoingFeed(
      {
        reading: world.log,
        places: world.places,
        clock: world.clock,
        random: () => random[at++ % random.length] ?? 0,
        dial,
        names: new GroupNames(world.log),
        log: silentLog,
      },
      { peer, rules: compilePeer(peer) as PeerRules },
    )
    await feed.start()
    world.fill(20)
    await world.clock.advance(12 * hour)
    expect(world.have.size).to.equal(19)
    expect(feed.status()).to.include({ deferred: 1, cursor: 20 })
    const stopped = feed.stop()
    await world.clock.advance(5 * seconds)
    await stopped
  })

  it('offers every wanted article until it has a final answer, whatever the peer does and however often we crash', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('ok', 'later', 'reject', 'hang up', '400', 'wrong id', '503', 'down'), {
          minLength: 1,
          maxLength: 40,
        }),
        fc.array(fc.constantFrom('crash', 'stop', 'wait', 'more'), { maxLength: 6 }),
        fc.boolean(),
        async (moods, events, streaming) => {
          const world = new World()
          const final = new Set<string>()
          let at = 0
          const react = (verb: string, id: string): string | undefined => {
            if (verb !== 'BLOCK' && verb !== 'CHECK' && verb !== 'IHAVE') return undefined
            const mood = moods[at++] ?? 'ok'
            const block = verb === 'BLOCK'
            switch (mood) {
              case 'later':
                return verb === 'CHECK' ? `431 ${id}` : streaming ? `400 later` : '436 later'
              case 'reject':
                final.add(id)
                return verb === 'CHECK'
                  ? `438 ${id}`
                  : !streaming
                    ? block
                      ? '437 no'
                      : '435 no'
                    : `439 ${id}`
              case '503':
                if (block) final.add(id)
                return '503 eh'
              case 'hang up':
              case 'down':
                return hangUp
              case '400':
                return '400 bye'
              case 'wrong id':
                return verb === 'CHECK' ? '238 <wrong@id>' : '239 <wrong@id>'
              default:
                return undefined
            }
          }
          world.script = { react }
          await world.start({ streaming })
          world.fill(12)
          for (const event of events) {
            if (event === 'more') world.fill(5)
            await world.clock.advance(event === 'wait' ? 700 * seconds : 12 * seconds)
            if (event === 'crash') world.crash()
            if (event === 'stop') await world.stop()
            if (event === 'crash' || event === 'stop') await world.start({ streaming })
          }
          await world.clock.advance(24 * hour)
          const missing = world.log.rows
            .map(row => row.messageId as string)
            .filter(id => !world.have.has(id) && !final.has(id))
          expect(missing).to.deep.equal([])
          expect(world.feed.status()).to.include({ cursor: world.log.rows.length, deferred: 0 })
          await world.stop()
        },
      ),
      { numRuns: 40 },
    ))
})
