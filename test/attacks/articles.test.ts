import { expect } from 'chai'
import fc from 'fast-check'
import { Article } from '../../src/article.ts'
import { readableBody } from '../../src/article-text/readable.ts'
import { configSchema } from '../../src/config/config.ts'
import { formatDate, parseDate } from '../../src/date.ts'
import { examine } from '../../src/feed/examine.ts'
import type { Source } from '../../src/feed/feed.ts'
import { type MessageId, parseMessageId } from '../../src/message-id.ts'
import { Reason } from '../../src/reason.ts'
import type { Change, Store } from '../../src/storage/database/store.ts'
import { blockKey, messageIdHash, numberKey } from '../../src/storage/keys.ts'
import type { GroupId } from '../../src/storage/reading.ts'
import { wireFromText } from '../../src/wire.ts'
import { anyone, memoryStores, proto, testConfig, testNode } from '../support/node.ts'

const { limits } = configSchema.parse({})
const good = { From: 'a@example.org', Newsgroups: 'local.test', Subject: 's' }

async function posted(headers: Record<string, string>): Promise<string> {
  await using node = await testNode()
  const verdict = await node.feed.inject(proto(headers), anyone)
  return verdict.kind === 'rejected' ? verdict.reason.name : verdict.kind
}

const parsed = (text: string): string => {
  const article = Article.parse(wireFromText(Buffer.from(text)), limits)
  return article instanceof Reason ? article.name : 'article'
}

describe('attack 9: articles that are too much', () => {
  it('many groups', async () => {
    const names = Array.from({ length: 100 }, (_, at) => `a.g${at}`).join(',')
    expect(await posted({ ...good, Newsgroups: names })).to.equal('too-many-groups')
    const all = Array.from({ length: 10_000 }, (_, at) => `a.g${at}`).join(',')
    expect(await posted({ ...good, Newsgroups: all })).to.equal('header-too-large')
  })

  it('many fields, many folds, many references, a long header', () => {
    expect(parsed(`${'A: b\n'.repeat(100_000)}\nx\n`)).to.equal('too-many-headers')
    expect(parsed(`A: b\n${' c\n'.repeat(100_000)}\nx\n`)).to.equal('header-too-large')
    expect(parsed(`References: ${'<a@b>\n '.repeat(10_000)}<c@d>\n\nx\n`)).to.equal('header-too-large')
    expect(parsed(`References: ${'<a@b>\n '.repeat(2000)}<c@d>\n\nx\n`)).to.equal('line-too-long')
    expect(parsed(`${`A: ${'x'.repeat(8000)}\n`.repeat(1250)}\nx\n`)).to.equal('header-too-large')
    expect(parsed(`A: ${'x'.repeat(10_000_000)}\n\nx\n`)).to.equal('header-too-large')
  })

  it('parts within parts', () => {
    let body = 'text'
    for (let depth = 0; depth < 64; depth++)
      body = `--b${depth}\r\nContent-Type: multipart/mixed; boundary=b${depth - 1}\r\n\r\n${body}\r\n--b${depth}--\r\n`
    const shown = readableBody(() => 'multipart/mixed; boundary=b63', Buffer.from(body))
    expect(JSON.stringify(shown).length).to.be.lessThan(4 * body.length)
  })
})

describe('attack 10: crossposts', () => {
  it('cost at most 3 keys a group and 8 more', async () => {
    const group = Array.from({ length: 20 }, (_, at) => ({ name: `local.g${at}` }))
    const stores = await memoryStores()
    let changes = 0
    for (const store of Object.values(stores)) {
      const batch: Store['batch'] = store.batch.bind(store)
      store.batch = (written: readonly Change[]) => {
        changes += written.length
        return batch(written)
      }
    }
    await using node = await testNode({ stores, config: testConfig({ group }) })
    for (const count of [1, 5, 20]) {
      const Newsgroups = group
        .slice(0, count)
        .map(({ name }) => name)
        .join(',')
      changes = 0
      const verdict = await node.feed.inject(proto({ ...good, Newsgroups }), anyone)
      expect(verdict.kind).to.equal('accepted')
      // Each group has marks, a number and a line of overview of its own.
      expect(changes, `${count} groups`).to.be.within(count, 3 * count + 8)
    }
  })
})

describe('attack 22: message-IDs that are nearly the same', () => {
  it('are different, or none', () => {
    const base = '<Abc.def@Example.org>'
    const near = fc
      .tuple(
        fc.integer({ min: 0, max: base.length }),
        fc.constantFrom('', 'a', 'A', ' ', '\0', '\t', '>', '.', '"', '\xe9', '\u0430'),
      )
      .map(([at, text]) => [
        base.slice(0, at) + text + base.slice(at),
        base.slice(0, at) + text + base.slice(at + 1),
      ])
    fc.assert(
      fc.property(near, texts => {
        for (const text of [...texts, base.toLowerCase(), base.toUpperCase(), `${base} `]) {
          const id = parseMessageId(text)
          expect(id === undefined || id === text).to.equal(true)
          if (text !== base && id !== undefined) expect(messageIdHash(text)).to.not.equal(messageIdHash(base))
        }
      }),
      { numRuns: 2000 },
    )
  })
})

describe('attack 23: dates', () => {
  const source: Source = { peer: 'p', aliases: [], address: '', accepts: () => true, connection: Symbol('p') }
  const config = testConfig()

  function verdict(date: string, now: number): string {
    const text = `Path: p!x\nFrom: a@b.example\nNewsgroups: local.test\nSubject: s\nMessage-ID: <a@b>\nDate: ${date}\n\nx\n`
    const article = Article.parse(wireFromText(Buffer.from(text)), limits)
    if (article instanceof Reason) return article.name
    const facts = { now, config, group: () => ({ status: 'y' }), horizon: now / 1000 - 10 * 86_400 }
    const examined = examine(article, { kind: 'peer', source }, facts)
    if (examined instanceof Reason) return examined.name
    expect(Number.isInteger(examined.date)).to.equal(true)
    return 'good'
  }

  it('are taken within the window alone, whatever the clock says', () => {
    const year = 366 * 86_400
    const seconds = fc.integer({ min: 0, max: 8000 * year })
    fc.assert(
      fc.property(seconds, fc.integer({ min: -40 * 86_400, max: 3 * 86_400 }), (now, offset) => {
        const date = Math.max(0, now + offset)
        const expected = date > now + 86_400 ? 'future' : date < now - 10 * 86_400 ? 'too-old' : 'good'
        expect(verdict(formatDate(date), now * 1000)).to.equal(expected)
      }),
      { numRuns: 1000 },
    )
  })

  it('that nobody can mean are refused', () => {
    const now = Date.UTC(2026, 0, 1)
    for (const date of [
      'Sat, 13 Sep 275760 00:00:00 +0000',
      '1 Jan 99999 00:00:00 GMT',
      '0 Jan 2026 00:00:00 GMT',
      'NaN',
      '31 Feb 2026 00:00:00 GMT',
      '1 Jan 2026 24:00:00 GMT',
      '-1 Jan 2026 00:00:00 GMT',
      'x'.repeat(900),
    ]) {
      expect(parseDate(date), date).to.equal(undefined)
      expect(verdict(date, now), date).to.equal('bad-date')
    }
  })
})

const magic = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'valueOf',
  'prototype',
  '..',
  '/',
  '!',
  '\xff',
  '../../x',
]

describe('attack 28: names that mean something elsewhere', () => {
  it('the keys of two groups never lie between each other', () => {
    const id = fc.integer({ min: 1, max: 0xffff_ffff })
    const number = fc.integer({ min: 0, max: 0x7fff_ffff })
    fc.assert(
      fc.property(id, id, number, number, (one, other, low, high) => {
        if (one === other) return
        const [a, b] = [Math.min(one, other) as GroupId, Math.max(one, other) as GroupId]
        expect(Buffer.compare(numberKey(a, high), numberKey(b, low))).to.equal(-1)
        expect(Buffer.compare(blockKey(a, high >>> 7), blockKey(b, low >>> 7))).to.equal(-1)
      }),
      { numRuns: 5000 },
    )
  })

  it('a group is not its longer or shorter neighbour', async () => {
    const group = ['a.b', 'a.b.c', 'a.b-c', 'a.bc'].map(name => ({ name }))
    await using node = await testNode({ config: testConfig({ group }) })
    for (const { name } of group) {
      const verdict = await node.feed.inject(proto({ ...good, Newsgroups: `${name},a.b.c` }), anyone)
      expect(verdict.kind === 'accepted' && verdict.filings.length).to.equal(name === 'a.b.c' ? 1 : 2)
    }
    const counts = await Promise.all(group.map(({ name }) => node.storage.reading.group(name)))
    expect(counts.map(found => found?.count)).to.deep.equal([1, 4, 1, 1])
  })
})

describe('attack 29: names that JavaScript knows', () => {
  const before = Object.getOwnPropertyNames(Object.prototype)

  it('are groups, identifiers and fields like others', async () => {
    await using node = await testNode({ config: testConfig() })
    for (const name of magic) {
      const fields = { ...good, [`X-${name.replace(/[^\w]/g, '')}`]: name, Subject: name }
      const into = await node.feed.inject(proto({ ...fields, Newsgroups: `local.test,${name}` }), anyone)
      expect(into.kind, name).to.be.oneOf(['accepted', 'rejected'])
      expect(await node.storage.reading.group(name)).to.equal(undefined)
      expect(await node.storage.reading.locateId(`<${name}@x>`)).to.equal(undefined)
      const id = `<${name.replace(/[^\w.]/g, 'x')}@magic.example>`.replace('<..', '<x') as MessageId
      const header = wireFromText(Buffer.from(`__proto__: x\nconstructor: y\nMessage-ID: ${id}\n\nx\n`))
      const article = Article.parse(header, limits)
      expect(article instanceof Article && article.header('__proto__')).to.equal('x')
      expect(article instanceof Article && article.header('toString')).to.equal(undefined)
    }
  })

  it('leave what all objects have as it was', () => {
    expect(Object.getOwnPropertyNames(Object.prototype)).to.deep.equal(before)
    expect(Object.keys(Object.prototype)).to.deep.equal([])
  })
})
