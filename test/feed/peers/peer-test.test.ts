import { duplexPair } from 'node:stream'
import { expect } from 'chai'
import { Link, plainLink } from '../../../src/feed/link/link.ts'
import { type CallResult, callPeer, type Finding } from '../../../src/feed/peers/peer-test.ts'
import { ManualClock } from '../../support/manual-clock.ts'
import { hangUp, type Script, ScriptedPeer } from '../../support/scripted-peer.ts'

/** Scripts by address; calls of others fail. */
async function test(scripts: Record<string, Script>, streaming = true) {
  const findings: Finding[] = []
  const peers: ScriptedPeer[] = []
  const run = callPeer(
    { addresses: ['a:119', 'b:119'], bind: '', streaming, messageId: '<new@x>' },
    {
      clock: new ManualClock(),
      signal: new AbortController().signal,
      link: new Link(plainLink, {
        dial: async address => {
          const script = scripts[address]
          if (script === undefined) throw new Error('nobody there')
          const [ours, theirs] = duplexPair()
          peers.push(new ScriptedPeer(theirs, script))
          return ours
        },
      }),
    },
  )
  let result: CallResult | undefined
  for (let step = await run.next(); ; step = await run.next()) {
    if (step.done) {
      result = step.value
      break
    }
    findings.push(step.value)
  }
  return { findings, peers, result }
}

const says = (verb: string, answer: string): Script => ({
  react: said => (said === verb ? answer : undefined),
})

describe('a test of a peer', () => {
  it('finds one that streams, and sends nothing', async () => {
    const { findings, peers, result } = await test({ 'a:119': {} })
    expect(result).to.deep.include({ permission: 'streaming', said: '238 <new@x>', address: 'a:119' })
    expect(findings.map(({ what, text }) => `${what}: ${text}`)).to.deep.equal([
      'connection: a:119, 0 ms, not encrypted',
      'greeting: 200 hello',
      'CAPABILITIES: VERSION 2, IHAVE, STREAMING',
      'MODE STREAM: 203 stream',
      'CHECK: 238 <new@x>',
    ])
    expect(peers[0]?.transfers).to.deep.equal([])
  })

  it('goes on to the next address where the first does not serve', async () => {
    expect((await test({ 'b:119': {} })).result).to.include({ permission: 'streaming', address: 'b:119' })
    const both = await test({ 'a:119': { capabilities: ['READER'] }, 'b:119': { greeting: '400 full' } })
    expect(both.result).to.include({ permission: 'reader', address: 'a:119' })
    expect((await test({})).result).to.include({ permission: 'unreachable', said: 'nobody there' })
  })

  for (const [name, script, permission, words] of [
    ['does not greet', { greeting: '502 go away' }, 'refused', 'the peer does not let us in: "502 go away"'],
    ['is no news server', { greeting: 'SSH-2.0' }, 'refused', 'the peer does not speak NNTP: "SSH-2.0"'],
    ['hangs up', says('CAPABILITIES', hangUp), 'refused', 'the peer closed the connection'],
    ['lists IHAVE alone', { capabilities: ['IHAVE'] }, 'ihave', 'it offers IHAVE'],
    ['wants a login', says('CHECK', '480 who are you'), 'reader', '480 who are you'],
    ['is busy', says('CHECK', '431 <new@x>'), 'streaming', '431 <new@x>'],
    ['lists nothing, and streams', { capabilities: undefined }, 'streaming', '238 <new@x>'],
  ] as const) {
    it(`one that ${name}: ${permission}`, async () => {
      expect((await test({ 'a:119': script })).result).to.include({ permission, said: words })
    })
  }

  it('asks for no streaming where none is wanted', async () => {
    const { result, peers } = await test({ 'a:119': {} }, false)
    expect(result).to.include({ permission: 'ihave' })
    expect(peers[0]?.lines).to.not.include('MODE STREAM')
  })
})
