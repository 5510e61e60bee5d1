import { duplexPair } from 'node:stream'
import { expect } from 'chai'
import { type PullConfig, pullSchema } from '../../../src/config/sections/exchange.ts'
import { Pulls } from '../../../src/feed/pull/schedule.ts'
import { silentLog } from '../../../src/log.ts'
import { StoredPlaces } from '../../support/arrival-log.ts'
import { ManualClock, settled } from '../../support/manual-clock.ts'
import { ScriptedPeer } from '../../support/scripted-peer.ts'

const minute = 60_000

class World {
  readonly clock = new ManualClock()
  readonly calls: string[] = []
  readonly places = new StoredPlaces()
  down = false
  /** Answers nothing. */
  silent = false
  readonly pulls = new Pulls({
    clock: this.clock,
    random: () => 0.5,
    log: silentLog,
    parts: signal => ({
      clock: this.clock,
      signal,
      log: silentLog,
      places: this.places,
      refusals: { add: () => undefined },
      limits: { article_bytes: 1_000, header_bytes: 500, header_line_bytes: 300, headers: 20 },
      hasGroup: () => true,
      createGroup: async () => true,
      history: { lookup: () => 'new' },
      accept: () => Promise.reject(new Error('nothing is fetched here')),
      dial: async address => {
        this.calls.push(`${address} at ${Math.round(this.clock.monotonic() / minute)}`)
        if (this.down) throw new Error('nobody there')
        const [ours, theirs] = duplexPair()
        if (this.silent) theirs.resume()
        else new ScriptedPeer(theirs, { react: verb => (verb === 'LIST' ? '215 list\r\n.' : undefined) })
        return ours
      },
    }),
  })

  async reload(...sections: readonly object[]): Promise<void> {
    await this.pulls.reload(sections.map((each): PullConfig => pullSchema.parse({ groups: '*', ...each })))
    await settled(20)
  }
}

describe('a pull on a schedule', () => {
  it('looks at the start, and every so many minutes', async () => {
    const world = new World()
    await world.reload({ from: 'a:119', every_minutes: 20 }, { from: 'b:563', every_minutes: 30 })
    await world.clock.advance(60 * minute)
    expect(world.calls).to.have.members([
      ...[0, 20, 40, 60].map(at => `a:119 at ${at}`),
      ...[0, 30, 60].map(at => `b:563 at ${at}`),
    ])
    const [first] = world.pulls.status()
    expect(first).to.include({ from: 'a:119', state: 'waiting', lastError: '', failures: 0 })
    expect(first?.last).to.equal(Math.floor(world.clock.now() / 1000))
    await world.pulls[Symbol.asyncDispose]()
    // QUIT is waited for.
    await world.clock.advance(5_000)
    expect(world.clock.alarms).to.equal(0)
  })

  it('tries sooner where it failed, then later and later, and never later than usual', async () => {
    const world = new World()
    world.down = true
    await world.reload({ from: 'a:119', every_minutes: 10 })
    await world.clock.advance(40 * minute)
    expect(world.calls.map(call => call.split(' at ')[1])).to.deep.equal([
      '0',
      '1',
      '3',
      '7',
      '15',
      '25',
      '35',
    ])
    expect(world.pulls.status()).to.have.nested.property('[0].lastError', 'nobody there')
    expect(world.pulls.status()).to.have.nested.property('[0].failures', 7)
    world.down = false
    await world.clock.advance(10 * minute)
    expect(world.pulls.status()[0]).to.include({ lastError: '', failures: 0 })
    await world.reload()
  })

  it('does not wait for ever for a server that says nothing', async () => {
    const world = new World()
    world.silent = true
    await world.reload({ from: 'a:119' })
    expect(world.pulls.status()[0]).to.include({ state: 'pulling', nextIn: 0 })
    await world.clock.advance(2 * minute)
    expect(world.pulls.status()[0]).to.include({ state: 'waiting' })
    expect(world.pulls.status()[0]?.lastError).to.contain('no answer')
    await world.reload()
  })

  it('starts anew what a reload changes, and leaves the others alone', async () => {
    const world = new World()
    await world.reload({ from: 'a:119' }, { from: 'b:119' })
    await world.clock.advance(minute)
    await world.reload({ from: 'a:119' }, { from: 'b:119', since: '2026-01-01' })
    await world.reload({ from: 'a:119' })
    expect(world.calls).to.deep.equal(['a:119 at 0', 'b:119 at 0', 'b:119 at 1'])
    expect(world.pulls.status().map(({ from }) => from)).to.deep.equal(['a:119'])
    world.silent = true
    await world.clock.advance(15 * minute)
    expect(world.pulls.status()[0]?.state).to.equal('pulling')
    await world.reload()
    expect(world.pulls.status()).to.deep.equal([])
  })
})
