import { createHash } from 'node:crypto'
import { expect } from 'chai'
import type { AuditFields } from '../../../src/audit/audit-line.ts'
import type { Poster, Source, Verdict } from '../../../src/feed/feed.ts'
import type { Node } from '../../../src/feed/node.ts'
import { mayTakeAway } from '../../../src/feed/withdraw/ownership.ts'
import type { MessageId } from '../../../src/message-id.ts'
import { terminator, textFromWire } from '../../../src/wire.ts'
import { MortalClock } from '../../support/mortal-clock.ts'
import { anyone, crashed, memoryParts, proto, testConfig, testNode } from '../../support/node.ts'

const nobody: Poster = { ...anyone, mayApprove: () => false }
const alice: Poster = { ...nobody, account: 'alice' }
const bob: Poster = { ...nobody, account: 'bob' }
const peer: Source = {
  peer: 'peer.example',
  aliases: [],
  address: '192.0.2.1',
  accepts: () => true,
  connection: Symbol('peer'),
}

type Fields = Record<string, string>
let serial = 0
const newId = (): string => `<${++serial}@example.org>`

const fieldsOf = (more: Fields = {}): Fields => ({
  From: 'a@example.org',
  Newsgroups: 'local.test',
  Subject: 'A test',
  'Message-ID': newId(),
  ...more,
})

const cancelOf = (target: string, more: Fields = {}): Fields =>
  fieldsOf({ Control: `cancel ${target}`, Subject: `cmsg cancel ${target}`, ...more })

const post = (node: Node, poster: Poster, fields: Fields): Promise<Verdict> =>
  node.feed.inject(proto(fields), poster)

const dated = (): Fields => ({ Date: new Date().toUTCString().replace('GMT', '+0000') })

function bring(node: Node, fields: Fields): Promise<Verdict> {
  const { 'Message-ID': id = '' } = fields
  const wire = proto({ Path: 'peer.example!x', ...dated(), ...fields })
  return node.feed.transfer(id as MessageId, { wire }, peer)
}

/** A lock and the key to it. RFC 8315 2 */
function pair(secret: string, scheme = 'sha256') {
  const key = Buffer.from(secret).toString('base64')
  const hash = createHash(scheme).update(key).digest('base64')
  return { lock: { 'Cancel-Lock': `${scheme}:${hash}` }, key: { 'Cancel-Key': `${scheme}:${key}` } }
}

const isHere = async ({ storage }: Node, id: string) => (await storage.reading.locateId(id)) !== undefined
const told = (verdict: Verdict) => ('reason' in verdict ? verdict.reason.text : verdict.kind)

async function effect(verdict: Promise<Verdict>): Promise<string> {
  const done = await verdict
  return done.kind === 'accepted' ? `${done.withdrawal?.result}: ${done.withdrawal?.why}` : told(done)
}

async function marks({ storage }: Node, name: string): Promise<string> {
  const group = await storage.reading.group(name)
  return group === undefined ? 'none' : `${group.count} ${group.low} ${group.high}`
}

async function field({ storage }: Node, id: string, name: string): Promise<string> {
  const stored = await storage.reading.articleById(id)
  const head = textFromWire(stored?.head ?? Buffer.alloc(0)).toString()
  return new RegExp(`^${name}: (.*)$`, 'm').exec(head)?.[1] ?? ''
}

describe('a cancel', () => {
  it('by the account that posted the article takes it away, and lies in no group that anyone sees', async () => {
    await using node = await testNode()
    const target = fieldsOf({ Newsgroups: 'local.test,local.other' })
    const { 'Message-ID': id = '' } = target
    await post(node, alice, target)
    const cancel = cancelOf(id)
    expect(await effect(post(node, alice, cancel))).to.equal('done: key')
    expect(await isHere(node, id)).to.equal(false)
    expect(await marks(node, 'local.test')).to.equal('0 2 1')
    expect(await marks(node, 'local.other')).to.equal('0 2 1')
    expect(await node.storage.history.lookup(id)).to.equal('gone')
    expect(told(await post(node, alice, target))).to.equal('Duplicate')

    expect(await field(node, cancel['Message-ID'] ?? '', 'Xref')).to.equal('node.example control.cancel:1')
    expect(await node.storage.reading.group('control.cancel')).to.equal(undefined)
  })

  it('lies in control.cancel where the operator has made that, and goes on with its numbers', async () => {
    await using node = await testNode()
    const add = (name: string) =>
      node.storage.submit({
        kind: 'group',
        action: 'add',
        name: name as never,
        status: 'n',
        time: 1,
        source: 'test',
      })
    await bring(node, cancelOf('<1@x>'))
    await add('control.cancel')
    await bring(node, cancelOf('<2@x>'))
    expect(await marks(node, 'control.cancel')).to.equal('2 1 2')
    await add('control')
    await bring(node, cancelOf('<3@x>'))
    await bring(node, fieldsOf({ Control: 'newgroup local.new' }))
    await bring(node, fieldsOf({ Control: 'no-such-verb a.b' }))
    expect(await marks(node, 'control.cancel')).to.equal('3 1 3')
    expect(await marks(node, 'control')).to.equal('2 1 2')
    expect(await node.storage.reading.group('local.new')).to.equal(undefined)
  })

  it('tells whoever follows the log, behind its own row', async () => {
    await using node = await testNode()
    const target = fieldsOf()
    const { 'Message-ID': id = '' } = target
    await post(node, alice, target)
    const before = node.storage.reading.newest
    await post(node, alice, cancelOf(id))
    const rows = await node.storage.reading.arrivals(before, 10)
    expect(rows.map(({ kind, control }) => `${kind} ${control}`)).to.deep.equal([
      'article true',
      'cancel false',
    ])
    expect(rows[1]?.messageId).to.equal(id)
    expect(rows[1]?.filings).to.have.length(1)
  })

  it('by another account, or by nobody in particular, is refused', async () => {
    await using node = await testNode()
    const target = fieldsOf()
    const { 'Message-ID': id = '' } = target
    await post(node, alice, target)
    expect(told(await post(node, bob, cancelOf(id)))).to.equal(`Article ${id} is not known to be yours`)
    expect(told(await post(node, nobody, cancelOf(id)))).to.equal(
      'You are not allowed to post control messages',
    )
    expect(await isHere(node, id)).to.equal(true)
  })

  it('by an account that has the name of an earlier one is refused', async () => {
    await using node = await testNode()
    const target = fieldsOf()
    const { 'Message-ID': id = '' } = target
    const account = (action: 'add' | 'remove', time: number) =>
      node.storage.submit({ kind: 'account', action, name: 'alice' as never, time, source: 'test' })
    await account('add', 1)
    await post(node, alice, target)
    await account('remove', 2)
    await account('add', 2_000_000_000)
    expect(told(await post(node, alice, cancelOf(id)))).to.equal(`Article ${id} is not known to be yours`)
    expect(await isHere(node, id)).to.equal(true)
  })

  it('by a moderator of every group of the article takes it away', async () => {
    await using node = await testNode()
    const target = fieldsOf({ Newsgroups: 'local.test,local.other' })
    const { 'Message-ID': id = '' } = target
    await post(node, alice, target)
    const of = (...groups: string[]): Poster => ({ ...bob, mayApprove: name => groups.includes(name) })
    expect(told(await post(node, of('local.test'), cancelOf(id)))).to.contain('not known to be yours')
    const both = { Newsgroups: 'local.test,local.other' }
    expect(await effect(post(node, of('local.test', 'local.other'), cancelOf(id, both)))).to.equal(
      'done: approval',
    )
    expect(await isHere(node, id)).to.equal(false)
  })

  it('from a peer is taken always, and carried out with the key alone', async () => {
    await using node = await testNode()
    const { lock, key } = pair('a secret')
    const target = fieldsOf(lock)
    const { 'Message-ID': id = '' } = target
    await bring(node, target)
    expect(await effect(bring(node, cancelOf(id)))).to.equal('refused: no key')
    expect(await effect(bring(node, cancelOf(id, pair('another').key)))).to.equal('refused: wrong key')
    expect(await isHere(node, id)).to.equal(true)
    expect(await effect(bring(node, cancelOf(id, key)))).to.equal('done: key')
    expect(await isHere(node, id)).to.equal(false)
    expect(await effect(bring(node, cancelOf(id, key)))).to.equal('gone: not here')
  })

  it('is not carried out where there are two fields of locks, or of keys', async () => {
    await using node = await testNode()
    const [one, other] = [pair('a secret'), pair('another')]
    const twice = (name: string, first: Fields, second: Fields) => ({
      [name]: `${first[name]}\n${name}: ${second[name]}`,
    })
    const doubtful = fieldsOf(twice('Cancel-Lock', one.lock, other.lock))
    const clear = fieldsOf(one.lock)
    await bring(node, doubtful)
    await bring(node, clear)
    expect(await effect(bring(node, cancelOf(doubtful['Message-ID'] ?? '', one.key)))).to.equal(
      'refused: no lock',
    )
    const keys = twice('Cancel-Key', one.key, other.key)
    expect(await effect(bring(node, cancelOf(clear['Message-ID'] ?? '', keys)))).to.equal('refused: no key')
  })

  it('that says it is from the author proves nothing', async () => {
    await using node = await testNode()
    const target = fieldsOf({ Sender: 'a@example.org' })
    const { 'Message-ID': id = '' } = target
    await bring(node, target)
    const forged = cancelOf(id, { Sender: 'a@example.org', ...pair('x').key })
    expect(await effect(bring(node, forged))).to.equal('refused: no lock')
  })

  it('cancels no cancel', async () => {
    await using node = await testNode()
    const { lock, key } = pair('a secret')
    const target = fieldsOf(lock)
    await bring(node, target)
    const cancel = cancelOf(target['Message-ID'] ?? '', { ...key, ...lock })
    await bring(node, cancel)
    const { 'Message-ID': id = '' } = cancel
    expect(await effect(bring(node, cancelOf(id, key)))).to.equal('refused: a control message')
    expect(await isHere(node, id)).to.equal(true)
    const early = cancelOf('<none@example.org>', { ...key, ...lock })
    const { 'Message-ID': later = '' } = early
    expect(await effect(bring(node, cancelOf(later, key)))).to.equal('remembered: not here')
    expect((await bring(node, early)).kind).to.equal('accepted')
  })

  it('in the same commit as the article waits for it', async () => {
    await using node = await testNode()
    const target = fieldsOf()
    const { 'Message-ID': id = '' } = target
    const [posted, cancelled] = await Promise.all([
      post(node, alice, target),
      effect(post(node, alice, cancelOf(id))),
    ])
    // Whichever came first: it is not here now.
    expect(`${posted.kind} ${cancelled}`).to.match(/^(accepted done: key|rejected remembered: not here)$/)
    expect(await isHere(node, id)).to.equal(false)
  })

  it('that cannot be understood is taken from a peer and does nothing', async () => {
    await using node = await testNode()
    for (const control of ['cancel', 'cancel <no id>', 'cancel <a@b> <c@d>', 'x'.repeat(900)])
      expect(await effect(bring(node, fieldsOf({ Control: control })))).to.equal('undefined: undefined')
  })
})

describe('control messages', () => {
  it('expire by the rules for their group, hidden or not', async () => {
    await using node = await testNode({
      config: testConfig({ expire: [{ groups: 'control.*', keep_articles: 2 }] }),
    })
    const cancels = [1, 2, 3, 4, 5].map(at => cancelOf(`<none${at}@x>`))
    for (const cancel of cancels) await bring(node, cancel)
    await node.expirer.round()
    const left = await Promise.all(cancels.map(cancel => isHere(node, cancel['Message-ID'] ?? '')))
    expect(left).to.deep.equal([false, false, false, true, true])
  })

  it('that cancel in a moderated group go to its moderator', async () => {
    await using node = await testNode()
    expect(told(await post(node, alice, cancelOf('<1@x>', { Newsgroups: 'local.moderated' })))).to.equal(
      'mailed',
    )
  })
})

describe('secrets of locks', () => {
  it('are two: what the old one locked is opened under the new one too', async () => {
    const [old, next] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)]
    const parts = await memoryParts()
    const target = fieldsOf()
    const { 'Message-ID': id = '' } = target
    const clock = new MortalClock()
    await post(await testNode({ ...parts, clock, cancelSecrets: [old] }), alice, target)
    clock.die()
    await using node = await testNode({ ...(await crashed(parts, () => 0.7)), cancelSecrets: [next, old] })
    expect(await effect(post(node, alice, cancelOf(id)))).to.equal('done: key')
  })

  it('do not open what a third one locked; the account that posted it is known all the same', async () => {
    const parts = await memoryParts()
    const target = fieldsOf()
    const { 'Message-ID': id = '' } = target
    const clock = new MortalClock()
    await post(await testNode({ ...parts, clock, cancelSecrets: [Buffer.alloc(32, 3)] }), alice, target)
    clock.die()
    await using node = await testNode(await crashed(parts, () => 0.7))
    expect(await effect(post(node, alice, cancelOf(id)))).to.equal('done: account')
  })
})

describe('a cancel before its article', () => {
  const { lock, key } = pair('a secret')

  it('keeps it from ever being taken, also after a restart', async () => {
    const parts = await memoryParts()
    const target = fieldsOf(lock)
    const { 'Message-ID': id = '' } = target
    const clock = new MortalClock()
    const before = await testNode({ ...parts, clock })
    expect(await effect(bring(before, cancelOf(id, key)))).to.equal('remembered: not here')
    expect(await before.storage.history.lookup(id)).to.equal('new')
    clock.die()
    await using node = await testNode(await crashed(parts, () => 0.7))
    expect(told(await bring(node, target))).to.equal('Article was cancelled before it came')
    expect(await node.storage.history.lookup(id)).to.equal('gone')
    expect(told(await bring(node, target))).to.equal('Duplicate')
    expect(await marks(node, 'local.test')).to.equal('0 1 0')
  })

  it('takes back a posting that is still held for release', async () => {
    await using node = await testNode()
    const target = fieldsOf()
    const { 'Message-ID': id = '' } = target
    expect(told(await post(node, { ...alice, holds: () => true }, target))).to.equal('held')
    expect(await effect(post(node, alice, cancelOf(id)))).to.equal('remembered: not here')
    const held = await node.storage.held.find(id)
    if (held === undefined) throw new Error('it is not held')
    expect(told(await node.feed.releaseHeld(held))).to.equal('Article was cancelled before it came')
    expect(node.storage.held.count).to.equal(0)
    expect(await node.storage.history.lookup(id)).to.equal('gone')
  })

  it('with the wrong key, or none, keeps nothing out', async () => {
    await using node = await testNode()
    const target = fieldsOf(lock)
    const { 'Message-ID': id = '' } = target
    expect(await effect(bring(node, cancelOf(id)))).to.equal('refused: no key')
    expect(await effect(bring(node, cancelOf(id, pair('other').key)))).to.equal('remembered: not here')
    expect(told(await bring(node, target))).to.equal('accepted')
    const unlocked = fieldsOf()
    expect(await effect(bring(node, cancelOf(unlocked['Message-ID'] ?? '', key)))).to.equal(
      'remembered: not here',
    )
    expect(told(await bring(node, unlocked))).to.equal('accepted')
  })

  it('that is the right one holds, whatever forged ones came before and after', async () => {
    await using node = await testNode()
    const target = fieldsOf(lock)
    const { 'Message-ID': id = '' } = target
    for (let at = 0; at < 20; at++) await bring(node, cancelOf(id, pair(`forged ${at}`).key))
    await bring(node, cancelOf(id, key))
    for (let at = 20; at < 40; at++) await bring(node, cancelOf(id, pair(`forged ${at}`).key))
    expect(told(await bring(node, target))).to.equal('Article was cancelled before it came')
  })
})

describe('Supersedes', () => {
  it('by the author puts the new article in the place of the old one', async () => {
    await using node = await testNode()
    const old = fieldsOf()
    const { 'Message-ID': id = '' } = old
    await post(node, alice, old)
    expect(await effect(post(node, alice, fieldsOf({ Supersedes: id })))).to.equal('done: key')
    expect(await isHere(node, id)).to.equal(false)
    expect(await marks(node, 'local.test')).to.equal('1 2 2')
  })

  it('without the right is an article like any other', async () => {
    await using node = await testNode()
    const old = fieldsOf()
    const { 'Message-ID': id = '' } = old
    await post(node, alice, old)
    expect(await effect(post(node, bob, fieldsOf({ Supersedes: id })))).to.equal('refused: wrong key')
    expect(await effect(post(node, nobody, fieldsOf({ Supersedes: id })))).to.equal('refused: no key')
    expect(await effect(bring(node, fieldsOf({ Supersedes: id })))).to.equal('refused: no key')
    expect(await isHere(node, id)).to.equal(true)
    expect(await marks(node, 'local.test')).to.equal('4 1 4')
  })

  it('before the old article keeps that out', async () => {
    await using node = await testNode()
    const { lock, key } = pair('a secret')
    const old = fieldsOf(lock)
    expect(await effect(bring(node, fieldsOf({ Supersedes: old['Message-ID'] ?? '', ...key })))).to.equal(
      'remembered: not here',
    )
    expect(told(await bring(node, old))).to.equal('Article was cancelled before it came')
  })

  it('is proven by a key in front of the field that is written anew where the article stands', async () => {
    await using node = await testNode()
    const { lock, key } = pair('a secret')
    const old = fieldsOf(lock)
    const { 'Message-ID': id = '' } = old
    await bring(node, old)
    const fields = fieldsOf({ Supersedes: id, ...dated() })
    const { 'Message-ID': own = '' } = fields
    const wire = proto({ ...key, Path: 'peer.example!x', ...fields })
    const before = 1024
    const memory = Buffer.concat([Buffer.alloc(before), wire, terminator])
    const arrived = { wire: memory.subarray(before, before + wire.length), around: { memory, before } }
    expect(await effect(node.feed.transfer(own as MessageId, arrived, peer))).to.equal('done: key')
    expect(arrived.wire.equals(wire), 'used up').to.equal(false)
    expect(await isHere(node, id)).to.equal(false)
  })
})

/** So many values were asked for. */
class CountedReads {
  reads = 0

  count<S extends object>(store: S): S {
    return new Proxy(store, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name)
        if (typeof value !== 'function') return value
        return (...words: readonly unknown[]) => {
          if (name === 'get') this.reads += 1
          if (name === 'getMany') this.reads += Array.isArray(words[0]) ? words[0].length : 0
          if (name === 'iterate' || name === 'keys') this.reads += 100
          return value.apply(target, words)
        }
      },
    })
  }
}

describe('forged cancels and superseding articles', () => {
  it('take nothing away, and cost a few reads each, however many come', async () => {
    const counted = new CountedReads()
    const { stores, disk } = await memoryParts()
    const { articles, state, index } = stores
    await using node = await testNode({
      stores: { articles: counted.count(articles), state: counted.count(state), index: counted.count(index) },
      disk,
    })
    const victims: { readonly id: string; readonly lock: string }[] = []
    for (let at = 0; at < 10; at++) {
      const fields = fieldsOf()
      const { 'Message-ID': id = '' } = fields
      await post(node, alice, fields)
      victims.push({ id, lock: await field(node, id, 'Cancel-Lock') })
    }
    const bobs = fieldsOf()
    await post(node, bob, bobs)
    const superseding = fieldsOf({ Supersedes: bobs['Message-ID'] ?? '' })
    await post(node, bob, superseding)
    const own = await field(node, superseding['Message-ID'] ?? '', 'Cancel-Key')
    const forgeries = (lock: string): Fields[] => [
      {},
      pair('wrong').key,
      { 'Cancel-Key': `sha1:${Buffer.from('x').toString('base64')}` },
      { 'Cancel-Key': own },
      { 'Cancel-Key': lock },
      { 'Cancel-Lock': lock, 'Cancel-Key': lock },
      { ...pair('mine').lock, ...pair('mine').key },
    ]
    expect(own).to.match(/^sha256:/)
    const results = new Set<string>()
    const costs: number[] = []
    for (let round = 0; round < 3; round++) {
      const before = counted.reads
      for (const { id, lock } of victims)
        for (const forged of forgeries(lock))
          for (const fields of [cancelOf(id, forged), fieldsOf({ Supersedes: id, ...forged })]) {
            const verdict = await bring(node, fields)
            results.add(verdict.kind === 'accepted' ? (verdict.withdrawal?.result ?? '') : verdict.kind)
          }
      costs.push((counted.reads - before) / (victims.length * forgeries('').length * 2))
    }
    expect([...results]).to.deep.equal(['refused'])
    for (const { id } of victims) expect(await isHere(node, id)).to.equal(true)
    // What a block of overview costs when it is full is counted too.
    for (const cost of costs) expect(cost).to.be.greaterThan(0).and.at.most(8)
  })
})

describe('the record of cancels', () => {
  it('has each that was carried out with its proof, and of those that peers bring in vain a few', async () => {
    const lines: AuditFields[] = []
    const audit = {
      record: (event: string, fields: AuditFields) => void (event === 'cancel' && lines.push(fields)),
      limit: () => {},
    }
    await using node = await testNode({ audit })
    const target = fieldsOf()
    const { 'Message-ID': id = '' } = target
    await post(node, alice, target)
    for (let at = 0; at < 50; at++) await bring(node, cancelOf(id))
    await post(node, bob, cancelOf(id))
    const cancel = cancelOf(id)
    await post(node, alice, cancel)
    expect(lines.map(({ result, why, source }) => `${result}, ${why}, ${source}`)).to.deep.equal([
      'refused, no key, peer:peer.example',
      'refused, not the author, post:bob',
      'done, key, post:alice',
    ])
    expect(lines[2]).to.deep.include({ how: 'cancel', target: id, by: cancel['Message-ID'] })
    const other = fieldsOf()
    await post(node, alice, other)
    await node.cancel(other['Message-ID'] as MessageId)
    expect(lines[3]).to.deep.include({ result: 'done', why: 'administrator', target: other['Message-ID'] })
  })
})

describe('whose an article is', () => {
  it('is known before anything is posted', async () => {
    await using node = await testNode()
    const target = fieldsOf()
    const { 'Message-ID': id = '' } = target
    await post(node, alice, target)
    const { reading } = node.storage
    expect(await mayTakeAway(reading, id, alice)).to.equal('account')
    expect(await mayTakeAway(reading, id, { ...alice, since: 4_000_000_000 })).to.equal(undefined)
    expect(await mayTakeAway(reading, id, bob)).to.equal(undefined)
    expect(await mayTakeAway(reading, id, { ...bob, mayApprove: () => true })).to.equal('approval')
    expect(await mayTakeAway(reading, '<none@example.org>', alice)).to.equal(undefined)
    const strangers = fieldsOf()
    await post(node, nobody, strangers)
    expect(await mayTakeAway(reading, strangers['Message-ID'] ?? '', nobody)).to.equal(undefined)
  })
})
