import { duplexPair } from 'node:stream'
import { expect } from 'chai'
import { configSchema } from '../../src/config.ts'
import { Peering } from '../../src/feed/peering.ts'
import { silentLog } from '../../src/log.ts'
import { ArrivalLog, StoredPlaces } from '../support/arrival-log.ts'
import { ManualClock, settled } from '../support/manual-clock.ts'
import { ScriptedPeer } from '../support/scripted-peer.ts'

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
  const peering = new Peering({
    reading: log,
    places: new StoredPlaces(),
    clock: new ManualClock(),
    random: () => 0.5,
    log: silentLog,
    dial: async address => {
      const [ours, theirs] = duplexPair()
      const known = have.get(address) ?? new Set()
      have.set(address, known)
      called.set(address, [...(called.get(address) ?? []), new ScriptedPeer(theirs, {}, known)])
      return ours
    },
  })
  return { log, called, have, peering }
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
})
