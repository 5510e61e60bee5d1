import { duplexPair } from 'node:stream'
import { expect } from 'chai'
import { Acceptance, type Answer, type Delivery } from '../../../src/feed/outgoing/peer-answer.ts'
import { PeerConnection, type Work } from '../../../src/feed/outgoing/peer-connection.ts'
import type { MessageId } from '../../../src/message-id.ts'
import type { Arrival } from '../../../src/storage/reading.ts'
import { ManualClock, settled } from '../../support/manual-clock.ts'
import { hangUp, type Script, ScriptedPeer, silence } from '../../support/scripted-peer.ts'

const idOf = (n: number) => `<${n}@a.example>` as MessageId
const articleOf = (n: number) => `Message-ID: ${idOf(n)}\r\n\r\n..body ${n}\r\n`

class Queue implements Work {
  readonly acceptance = new Acceptance()
  readonly ready: Delivery[] = []
  readonly answers = new Map<string, Answer>()
  readonly back: { id: string; offered: boolean }[] = []
  readonly missing = new Set<number>()

  constructor(count: number) {
    for (let n = 1; n <= count; n++) {
      this.ready.push({ arrival: n as Arrival, messageId: idOf(n), size: 100, time: 0, tries: 0 })
    }
  }
  take() {
    return this.ready.shift()
  }
  async read({ arrival }: Delivery) {
    return this.missing.has(arrival) ? undefined : Buffer.from(`${articleOf(arrival)}.\r\n`)
  }
  answered({ messageId }: Delivery, answer: Answer) {
    expect(this.answers.has(messageId), `one answer for ${messageId}`).to.equal(false)
    this.answers.set(messageId, answer)
  }
  returned({ messageId }: Delivery, offered: boolean) {
    this.back.push({ id: messageId, offered })
  }
  outcome(n: number) {
    return this.answers.get(idOf(n))?.outcome
  }
}

interface Setting {
  readonly count?: number
  readonly script?: Script
  readonly streaming?: boolean
  readonly window?: number
  readonly have?: readonly number[]
}

function connected({ count = 1, script = {}, streaming = true, window = 10, have = [] }: Setting) {
  const clock = new ManualClock()
  const work = new Queue(count)
  const [ours, theirs] = duplexPair()
  const connection = new PeerConnection(ours, { clock, work, streaming, window })
  const peer = new ScriptedPeer(theirs, script, new Set(have.map(idOf)))
  return { clock, work, peer, connection }
}

describe('an outgoing connection', () => {
  it('asks for capabilities, streams, and says QUIT when there was nothing to do for long', async () => {
    const { clock, work, peer, connection } = connected({ count: 25, have: [3, 4] })
    await clock.advance(0)
    expect(peer.lines.slice(0, 2)).to.deep.equal(['CAPABILITIES', 'MODE STREAM'])
    expect(work.answers.size).to.equal(25)
    expect(work.outcome(3)).to.equal('duplicate')
    expect(work.outcome(5)).to.equal('accepted')
    expect(peer.articles.get(idOf(5))).to.equal(articleOf(5))
    await clock.advance(600_000)
    expect(peer.lines.at(-1)).to.equal('QUIT')
    expect(await connection.ended).to.include({ ok: true, why: 'idle' })
    expect(clock.alarms).to.equal(0)
  })

  it('keeps to its window', async () => {
    const asked: string[] = []
    const react = (verb: string, id: string) => {
      if (verb !== 'CHECK') return undefined
      asked.push(id)
      return silence
    }
    const { peer, work } = connected({ count: 50, window: 7, script: { react } })
    await settled()
    expect(asked).to.have.length(7)
    for (const id of asked.slice(0, 3)) peer.say(`438 ${id}`)
    await settled()
    expect(asked).to.have.length(10)
    expect(work.ready).to.have.length(40)
  })

  it('skips CHECK when nearly everything is taken, and only after this connection has proved that it can', async () => {
    const { peer, work } = connected({ count: 150, window: 5 })
    await settled(400)
    expect(work.answers.size).to.equal(150)
    expect(peer.lines.filter(line => line.startsWith('CHECK'))).to.have.length.within(100, 110)
    expect(peer.transfers).to.have.length(150)
  })

  it('falls back to IHAVE, one article at a time', async () => {
    for (const script of [{ capabilities: ['IHAVE'] }, { capabilities: undefined, streaming: false }]) {
      const { peer, work } = connected({ count: 3, script, have: [2] })
      await settled(30)
      expect(peer.lines.slice(-3)).to.deep.equal([1, 2, 3].map(n => `IHAVE ${idOf(n)}`))
      expect([1, 2, 3].map(n => work.outcome(n))).to.deep.equal(['accepted', 'duplicate', 'accepted'])
      expect(peer.articles.get(idOf(1))).to.equal(articleOf(1))
    }
  })

  it('tries MODE STREAM where CAPABILITIES is unknown', async () => {
    const { peer, work } = connected({ script: { capabilities: undefined } })
    await settled()
    expect(peer.lines.slice(0, 3)).to.deep.equal(['CAPABILITIES', 'MODE STREAM', `CHECK ${idOf(1)}`])
    expect(work.outcome(1)).to.equal('accepted')
  })

  it('does not stream where it is told not to', async () => {
    const { peer, work } = connected({ streaming: false })
    await settled()
    expect(peer.lines).to.deep.equal(['CAPABILITIES', `IHAVE ${idOf(1)}`])
    expect(work.outcome(1)).to.equal('accepted')
  })

  it('sends no article that expired meanwhile', async () => {
    for (const streaming of [true, false]) {
      const { peer, work } = connected({ count: 2, streaming })
      work.missing.add(1)
      await settled(20)
      expect([work.outcome(1), work.outcome(2)]).to.deep.equal(['gone', 'accepted'])
      expect(peer.transfers).to.deep.equal([idOf(2)])
    }
  })

  describe('answers', () => {
    const table: readonly [verb: string, said: string, streaming: boolean, outcome: Answer['outcome']][] = [
      ['CHECK', '431 ID', true, 'later'],
      ['CHECK', '438 ID', true, 'duplicate'],
      ['CHECK', '501 bad', true, 'refused'],
      ['BLOCK', '239 ID fine', true, 'accepted'],
      ['BLOCK', '439 ID no', true, 'rejected'],
      ['BLOCK', '500 eh', true, 'refused'],
      ['BLOCK', '501 eh', true, 'refused'],
      ['BLOCK', '503 eh', true, 'refused'],
      ['IHAVE', '435 no', false, 'duplicate'],
      ['IHAVE', '436 busy', false, 'later'],
      ['IHAVE', '501 bad', false, 'refused'],
      ['BLOCK', '235', false, 'accepted'],
      ['BLOCK', '435 no', false, 'duplicate'],
      ['BLOCK', '436 full', false, 'later'],
      ['BLOCK', '437 no', false, 'rejected'],
      ['BLOCK', '503 eh', false, 'refused'],
    ]
    for (const [on, said, streaming, outcome] of table) {
      it(`${said} to ${on}${streaming ? '' : ' of IHAVE'} means ${outcome}, and the next article goes on`, async () => {
        const react = (verb: string, id: string) =>
          verb === on && id === idOf(1) ? said.replace('ID', id) : undefined
        const { work, connection } = connected({ count: 2, streaming, script: { react } })
        await settled(20)
        expect(work.outcome(1)).to.equal(outcome)
        expect(work.outcome(2)).to.equal('accepted')
        connection.destroy('done')
      })
    }

    it('may come before the article was sent to its end', async () => {
      const react = (verb: string, id: string, peer: ScriptedPeer) => {
        if (verb === 'TAKETHIS') peer.say(`439 ${id}`)
        return verb === 'BLOCK' ? silence : undefined
      }
      const { work, peer } = connected({ count: 2, script: { react } })
      await settled()
      expect([work.outcome(1), work.outcome(2)]).to.deep.equal(['rejected', 'rejected'])
      expect(peer.transfers).to.deep.equal([idOf(1), idOf(2)])
    })

    it('may come for a transfer before the others that were asked for', async () => {
      const react = (verb: string, id: string) =>
        verb === 'CHECK'
          ? id === idOf(3)
            ? `238 ${idOf(3)}\r\n438 ${idOf(1)}\r\n431 ${idOf(2)}`
            : silence
          : undefined
      const { work } = connected({ count: 3, script: { react } })
      await settled()
      expect([1, 2, 3].map(n => work.outcome(n))).to.deep.equal(['duplicate', 'later', 'accepted'])
    })
  })

  describe('a hostile or broken peer', () => {
    const flood = 'x'.repeat(100_000)
    const scripts: readonly [name: string, script: Script, why: RegExp][] = [
      ['a greeting of 400', { greeting: '400 down' }, /does not let us in: "400 down"/],
      ['a greeting of 502', { greeting: '502 who are you' }, /does not let us in/],
      ['another protocol', { greeting: 'SSH-2.0-x' }, /does not speak NNTP/],
      ['a greeting without end', { greeting: flood }, /line of more than/],
      ['no capability to feed', { capabilities: ['READER'] }, /neither IHAVE nor STREAMING/],
      ['capabilities without end', { capabilities: Array(500).fill('X') }, /without end/],
      ['400 to MODE STREAM', { react: v => (v === 'MODE' ? '400 later' : undefined) }, /said "400 later"/],
      [
        '238 for another article',
        { react: v => (v === 'CHECK' ? '238 <x@y>' : undefined) },
        /fits no command/,
      ],
      ['238 without article', { react: v => (v === 'CHECK' ? '238' : undefined) }, /fits no command/],
      [
        'an id in other case',
        { react: (v, id) => (v === 'CHECK' ? `238 ${id.toUpperCase()}` : undefined) },
        /fits no/,
      ],
      ['239 to CHECK', { react: (v, id) => (v === 'CHECK' ? `239 ${id}` : undefined) }, /fits no command/],
      ['238 to TAKETHIS', { react: (v, id) => (v === 'BLOCK' ? `238 ${id}` : undefined) }, /fits no command/],
      [
        '239 for another article',
        { react: v => (v === 'BLOCK' ? '239 <x@y>' : undefined) },
        /fits no command/,
      ],
      ['235 to TAKETHIS', { react: v => (v === 'BLOCK' ? '235 ok' : undefined) }, /fits no command/],
      ['335 to CHECK', { react: v => (v === 'CHECK' ? '335 go' : undefined) }, /fits no command/],
      [
        'an unknown code',
        { react: v => (v === 'BLOCK' ? '299 %s%n' : undefined) },
        /fits no command: "299 %s%n"/,
      ],
      ['no code', { react: v => (v === 'BLOCK' ? 'hello' : undefined) }, /no reply but "hello"/],
      ['a code of two digits', { react: v => (v === 'BLOCK' ? '23 x' : undefined) }, /no reply/],
      ['a NUL', { react: v => (v === 'BLOCK' ? '\0' : undefined) }, /no reply but "\?"/],
      ['400 to CHECK', { react: v => (v === 'CHECK' ? '400 bye' : undefined) }, /said "400 bye"/],
      ['400 to an article', { react: v => (v === 'BLOCK' ? '400 full' : undefined) }, /said "400 full"/],
      [
        '400 in the middle of an article',
        { react: (v, _, p) => (v === 'TAKETHIS' ? p.say('400 x') : undefined) },
        /400/,
      ],
      ['480', { react: v => (v === 'CHECK' ? '480 log in' : undefined) }, /said "480 log in"/],
      ['a line without end', { react: v => (v === 'BLOCK' ? flood : undefined) }, /line of more than/],
      ['the end at CHECK', { react: v => (v === 'CHECK' ? hangUp : undefined) }, /closed/],
      ['the end at the article', { react: v => (v === 'BLOCK' ? hangUp : undefined) }, /closed/],
      [
        '500 to CHECK',
        { react: v => (v === 'CHECK' ? '500 what' : undefined) },
        /does not know the streaming/,
      ],
    ]
    for (const [name, script, why] of scripts) {
      it(`${name}: everything comes back, nothing counts as sent`, async () => {
        const { work, connection, clock } = connected({ count: 3, script })
        const ending = await connection.ended
        expect(ending.why).to.match(why)
        expect(ending.ok).to.equal(false)
        expect(work.answers.size).to.equal(0)
        expect(work.back.length + work.ready.length).to.equal(3)
        expect(clock.alarms).to.equal(0)
      })
    }

    for (const at of ['CAPABILITIES', 'MODE', 'CHECK', 'BLOCK']) {
      it(`silence after ${at} ends after 300 seconds`, async () => {
        const react = (verb: string) => (verb === at ? silence : undefined)
        const { work, connection, clock } = connected({ count: 2, script: { react } })
        await clock.advance(300_000)
        expect(await connection.ended).to.include({ ok: false })
        expect((await connection.ended).why).to.match(/no answer .* 300 seconds/)
        expect(work.answers.size).to.equal(0)
        expect(work.back.length + work.ready.length).to.equal(2)
      })
    }

    it('a peer that never reads holds one article, not all', async () => {
      const clock = new ManualClock()
      const work = new Queue(100)
      let read = 0
      work.read = async () => {
        read++
        return Buffer.alloc(1_000_000, 'x')
      }
      for (const delivery of work.ready) Object.assign(delivery, { size: 1_000_000 })
      const [ours, theirs] = duplexPair()
      const connection = new PeerConnection(ours, { clock, work, streaming: true })
      theirs.write('200 hi\r\n500 what\r\n203 ok\r\n')
      await settled()
      theirs.write(Array.from({ length: 50 }, (_, n) => `238 ${idOf(n + 1)}\r\n`).join(''))
      await settled()
      expect(ours.writableLength).to.be.below(2_100_000)
      expect(read).to.be.below(8)
      await clock.advance(300_000)
      expect(await connection.ended).to.include({ ok: false })
      expect(work.back).to.have.length(100)
    })

    it('hanging up when nothing is under way is no fault', async () => {
      const { work, peer, connection } = connected({ count: 1 })
      await settled()
      expect(work.outcome(1)).to.equal('accepted')
      peer.stream.end()
      expect(await connection.ended).to.include({ ok: true })
    })
  })

  it('stops after the answers that are due', async () => {
    const { work, peer, connection } = connected({
      count: 20,
      window: 4,
      script: { react: verb => (verb === 'CHECK' ? silence : undefined) },
    })
    await settled()
    connection.finish()
    for (let n = 1; n <= 3; n++) peer.say(`438 ${idOf(n)}`)
    peer.say(`238 ${idOf(4)}`)
    expect(await connection.ended).to.include({ ok: true })
    expect(work.answers.size).to.equal(3)
    expect(work.back).to.deep.equal([{ id: idOf(4), offered: false }])
    expect(work.ready).to.have.length(16)
    expect(peer.lines.at(-1)).to.equal('QUIT')
  })
})
