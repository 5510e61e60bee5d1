import { expect } from 'chai'
import { Article } from '../../src/article.ts'
import type { Incoming } from '../../src/feed/accept.ts'
import { amendRelayed } from '../../src/feed/amend.ts'
import type { Source, Verdict } from '../../src/feed/feed.ts'
import { createRelay } from '../../src/feed/relay.ts'
import type { MessageId } from '../../src/message-id.ts'
import { Reason } from '../../src/reason.ts'
import type { Seen } from '../../src/storage/history/history.ts'
import { Leases } from '../../src/storage/history/leases.ts'
import type { Arrival } from '../../src/storage/reading.ts'
import { ManualClock } from '../support/manual-clock.ts'

const limits = { header_bytes: 10_000, header_line_bytes: 1000, headers: 50 }
const one = '<1@x.example>' as MessageId
const wireOf = (over: Record<string, string> = {}) => {
  const fields = {
    'Message-ID': one as string,
    Newsgroups: 'comp.a',
    Path: 'b.example!not-for-mail',
    ...over,
  }
  return Buffer.from(
    `${Object.entries(fields)
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join('')}\r\nbody\r\n`,
  )
}
const from = (peer: string, over: Partial<Source> = {}): Source => ({
  peer,
  aliases: [],
  address: '192.0.2.7',
  accepts: group => group.startsWith('comp.'),
  connection: Symbol(peer),
  ...over,
})

function relayed(known: Seen = 'new', verdict?: () => Promise<Verdict>) {
  const clock = new ManualClock()
  const leases = new Leases(clock)
  const seen: Incoming[] = []
  const accepted: Verdict = { kind: 'accepted', arrival: 1 as Arrival, messageId: one, filings: [] }
  const relay = createRelay({
    leases,
    history: { lookup: async () => known },
    limits: () => limits,
    accept: async incoming => {
      seen.push(incoming)
      return verdict ? await verdict() : accepted
    },
  })
  return { relay, leases, seen, clock, accepted }
}

const reasonOf = (verdict: Verdict) => ('reason' in verdict ? verdict.reason.name : verdict.kind)

describe('a relaying agent', () => {
  describe('offer', () => {
    for (const [known, answer] of [
      ['have', 'have'],
      ['gone', 'have'],
      ['committing', 'later'],
      ['new', 'send'],
    ] as const) {
      it(`${known}: ${answer}`, async () => {
        const { relay, leases } = relayed(known)
        expect(await relay.offer(one, from('b.example'))).to.equal(answer)
        expect(leases.held(one)).to.equal(answer === 'send')
      })
    }

    it('invites one connection of many that offer at once, and the next when that one leaves', async () => {
      const { relay } = relayed()
      const sources = Array.from({ length: 20 }, (_, n) => from(`b${n}.example`))
      const answers = await Promise.all(sources.map(source => relay.offer(one, source)))
      expect(answers.filter(answer => answer === 'send')).to.have.length(1)
      expect(answers.filter(answer => answer === 'later')).to.have.length(19)
      relay.leave(sources[answers.indexOf('send')] as Source)
      expect(await relay.offer(one, from('c.example'))).to.equal('send')
    })

    it('invites no connection that left while storage was read', async () => {
      const { relay, leases } = relayed()
      const gone = from('b.example')
      const offered = relay.offer(one, gone)
      relay.leave(gone)
      expect(await offered).to.equal('later')
      expect(leases.held(one)).to.equal(false)
      expect(await relay.offer(one, from('c.example'))).to.equal('send')
    })

    it('invites nobody while nothing is taken, and says what it has all the same', async () => {
      const { leases } = relayed()
      let known: Seen = 'new'
      let paused: Reason | undefined = new Reason('no-space')
      const relay = createRelay({
        leases,
        history: { lookup: async () => known },
        limits: () => limits,
        paused: () => paused,
        accept: () => Promise.reject(new Error('not asked')),
      })
      expect(await relay.offer(one, from('b.example'))).to.equal('later')
      expect(leases.held(one)).to.equal(false)
      known = 'have'
      expect(await relay.offer(one, from('b.example'))).to.equal('have')
      known = 'new'
      paused = undefined
      expect(await relay.offer(one, from('b.example'))).to.equal('send')
    })

    it('invites another after a minute in which nothing came', async () => {
      const { relay, clock } = relayed()
      const stalled = from('b.example')
      await relay.offer(one, stalled)
      await clock.advance(60_000)
      expect(await relay.offer(one, from('c.example'))).to.equal('send')
    })

    it('invites another where the article came damaged', async () => {
      const { relay } = relayed()
      const source = from('b.example')
      await relay.offer(one, source)
      relay.release(one, source)
      expect(await relay.offer(one, from('c.example'))).to.equal('send')
    })
  })

  describe('transfer', () => {
    it('hands a good article on, octets as they came, invited or not', async () => {
      const { relay, seen, accepted, leases } = relayed()
      const source = from('b.example')
      expect(await relay.transfer(one, { wire: wireOf() }, source)).to.deep.equal(accepted)
      expect(seen[0]?.article.wire.equals(wireOf())).to.equal(true)
      expect(seen[0]).to.deep.include({ offered: one, origin: { kind: 'peer', source } })
      expect(leases.held(one)).to.equal(false)
    })

    const refused: readonly [string, Buffer, string][] = [
      ['another message-ID', wireOf({ 'Message-ID': '<2@x.example>' }), 'message-id-mismatch'],
      ['the message-ID in other case', wireOf({ 'Message-ID': one.toUpperCase() }), 'message-id-mismatch'],
      ['a comment behind the message-ID', wireOf({ 'Message-ID': `${one} (x)` }), 'message-id-mismatch'],
      ['no header', Buffer.from('\r\n'), 'message-id-mismatch'],
      ['no body', Buffer.from(`Message-ID: ${one}\r\n`), 'no-body-separator'],
      [
        'only groups that this peer may not feed',
        wireOf({ Newsgroups: 'local.a,alt.b' }),
        'unwanted-by-peer-rule',
      ],
    ]
    for (const [what, wire, reason] of refused) {
      it(`refuses ${what}`, async () => {
        const { relay, seen, leases } = relayed()
        const verdict = await relay.transfer(one, { wire }, from('b.example'))
        expect(reasonOf(verdict)).to.equal(reason)
        expect(seen).to.have.length(0)
        expect(leases.held(one)).to.equal(false)
      })
    }

    it('takes a crosspost of which one group may be fed', async () => {
      const { relay, accepted } = relayed()
      const wire = wireOf({ Newsgroups: 'local.a,comp.b' })
      expect(await relay.transfer(one, { wire }, from('b.example'))).to.equal(accepted)
    })

    it('defers on a fault of its own, and never rejects the promise', async () => {
      const { relay, leases } = relayed('new', () => Promise.reject(new Error('disk on fire')))
      expect(await relay.transfer(one, { wire: wireOf() }, from('b.example'))).to.deep.equal({
        kind: 'deferred',
        reason: new Reason('fault'),
      })
      expect(leases.held(one)).to.equal(false)
    })

    it('keeps others waiting until the verdict', async () => {
      let decide = (_: Verdict) => {}
      const { relay, accepted } = relayed('new', () => new Promise(resolve => (decide = resolve)))
      const transfer = relay.transfer(one, { wire: wireOf() }, from('b.example'))
      expect(await relay.offer(one, from('c.example'))).to.equal('later')
      decide(accepted)
      await transfer
      expect(await relay.offer(one, from('c.example'))).to.equal('send')
    })
  })
})

describe('Path of a relayed article', () => {
  const amend = (text: string, source: Source = from('b.example')) => {
    const article = Article.parse(Buffer.from(text, 'latin1'), limits)
    if (article instanceof Reason) throw new Error(article.text)
    return amendRelayed(article, source, { identity: 'me.example' }).wire.toString('latin1')
  }
  const rest = 'Subject: s\r\n\r\n..body \xff\r\n'
  const vectors: readonly [what: string, before: string, after: string, source?: Source][] = [
    ['the peer as expected', 'Path: b.example!x', 'Path: me.example!!b.example!x'],
    ['the peer in other case', 'Path: B.Example!x', 'Path: me.example!!B.Example!x'],
    ['an alias of the peer', 'Path: b2!x', 'Path: me.example!!b2!x', from('b.example', { aliases: ['b2'] })],
    ['another site in front', 'Path: c.example!x', 'Path: me.example!.MISMATCH.b.example!c.example!x'],
    ['the tail alone', 'Path: x', 'Path: me.example!.MISMATCH.b.example!x'],
    [
      'a sender we do not know',
      'Path: b.example!x',
      'Path: me.example!.SEEN.192.0.2.7!b.example!x',
      from(''),
    ],
    [
      'folds, which stay',
      'Path: b.example!\r\n\tc.example!x',
      'Path: me.example!!b.example!\r\n\tc.example!x',
    ],
    ['diagnostics, which stay', 'PATH: b.example!.POSTED!x', 'Path: me.example!!b.example!.POSTED!x'],
  ]
  for (const [what, before, after, source] of vectors) {
    it(`${what}, in front and in the middle of the header`, () => {
      expect(amend(`${before}\r\n${rest}`, source)).to.equal(`${after}\r\n${rest}`)
      expect(amend(`From: a@b\r\n${before}\r\n${rest}`, source)).to.equal(`From: a@b\r\n${after}\r\n${rest}`)
    })
  }

  it('goes with the loss of Xref, and of nothing else', () => {
    const xref = 'Xref: b.example a.b:1\r\n c.d:2\r\n'
    const after = 'Path: me.example!!b.example!x\r\n'
    expect(amend(`Path: b.example!x\r\n${xref}${rest}`)).to.equal(after + rest)
    expect(amend(`A: 1\r\nPath: b.example!x\r\nB: \xe4\r\n${xref}${rest}`)).to.equal(
      `A: 1\r\n${after}B: \xe4\r\n${rest}`,
    )
    expect(amend(`${xref}Path: b.example!x\r\n${rest}`)).to.equal(after + rest)
  })

  it('folds where the line grows too long', () => {
    const old = `b.example!${'s'.repeat(70)}${'!c.example'.repeat(91)}`
    const amended = amend(`Path: ${old}\r\n${rest}`)
    expect(amended.slice(0, amended.indexOf('Subject'))).to.equal(`Path: me.example!\r\n !${old}\r\n`)
  })
})
