import { expect } from 'chai'
import fc from 'fast-check'
import { commandTable } from '../../src/server/commands.ts'
import { buildArticle } from '../../src/web/composing/compose.ts'
import { scanBlock, stuff, terminator, unstuff } from '../../src/wire.ts'
import { WireReader } from '../../src/wire-reader.ts'
import { FakeNode, fakeConfig } from '../support/fake-node.ts'
import { FakeServer } from '../support/fake-server.ts'
import { ManualClock, settled } from '../support/manual-clock.ts'
import type { RawClient } from '../support/raw-client.ts'
import { fillWithSamples } from '../support/sample-news.ts'

const peer = { name: 'peer.example', from: ['192.0.2.9'] }
const turn = () => new Promise(resolve => setImmediate(resolve))

async function connected(address: string, config: Record<string, unknown> = {}) {
  const node = fillWithSamples(new FakeNode(new ManualClock(), fakeConfig({ peer: [peer], ...config })))
  const { client, stream } = new FakeServer({ node }).connect(address)
  await client.line()
  return { client, stream, node }
}

describe('attack 5: articles that end early', () => {
  const before = ['\n', '\r', '\n\r', '\r\r', '\0', '\r\0\n', '\r\n\0', '\r\n', '\r\r\n']
  const behind = ['\n', '\r', '\n\r', '\r\r', '\n\n', '\r\r\n', '\0\r\n', '\r\0\n', '\r\n']
  const variants = before.flatMap(a => behind.map(b => `${a}.${b}`)).filter(v => !v.includes('\r\n.\r\n'))
  const head = 'From: a@b.example\r\n\r\nx'
  const smuggled = 'MODE READER\r\nQUIT\r\n.\r\n'

  const ways: readonly [command: string, invited: string, refused: RegExp][] = [
    ['POST', '340', /^441 /],
    ['IHAVE <a@b>', '335', /^437 /],
    ['TAKETHIS <a@b>', '', /^439 <a@b>/],
  ]
  for (const [command, invited, refused] of ways)
    it(`${command}: none of ${variants.length} false ends, wherever they are split`, async () => {
      expect(variants.length).to.be.at.least(64)
      const { client, node } = await connected('192.0.2.9')
      for (const variant of variants) {
        const article = `${head}${variant}${smuggled}`
        for (let at = head.length; at <= head.length + variant.length; at++) {
          if (invited !== '') {
            client.send(`${command}\r\n`)
            expect(await client.line()).to.contain(invited)
          } else client.send(`${command}\r\n`)
          client.send(Buffer.from(article.slice(0, at), 'latin1'))
          await turn()
          client.send(Buffer.from(`${article.slice(at)}DATE\r\n`, 'latin1'))
          expect(await client.line(), JSON.stringify(variant)).to.match(refused)
          expect(await client.line(), 'in step').to.match(/^111 /)
        }
      }
      expect(client.unread).to.equal('')
      expect([node.injected, node.transferred]).to.deep.equal([[], []])
    })

  it('web: what is typed is one article or none', () => {
    const form = {
      name: 'A',
      address: 'a@b.example',
      newsgroups: ['a.b'],
      subject: 's',
      messageId: '<a@b>',
      references: [],
      followupTo: [],
      userAgent: 'x',
    }
    for (const variant of variants) {
      const built = buildArticle({ ...form, body: `x${variant}${smuggled}` })
      if (built.ok) expect(scanBlock(built.wire), JSON.stringify(variant)).to.equal(undefined)
    }
  })
})

describe('attack 6: dots', () => {
  it('what is sent is what is received, however it is cut', () => {
    const line = fc.string({ unit: fc.constantFrom('.', '..', 'a', ' ', '\xff'), maxLength: 6 })
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), fc.integer({ min: 1, max: 9 }), (lines, size) => {
        const plain = Buffer.from(lines.map(text => `${text}\r\n`).join(''), 'latin1')
        const wire = Buffer.concat([stuff(plain), terminator])
        const reader = new WireReader({ line: 512, block: 1000 })
        reader.expectBlock()
        for (let at = 0; at < wire.length; at += size) reader.push(Buffer.from(wire.subarray(at, at + size)))
        const event = reader.next()
        expect(event?.type === 'block' && unstuff(event.block).equals(plain)).to.equal(true)
        expect(reader.buffered).to.equal(0)
      }),
      { numRuns: 1000 },
    )
  })
})

describe('attack 7: answers that say what a client wrote', () => {
  const hostile = [
    '<a\x1b[31m@b>',
    '<\xff\xfe@b>',
    '<a@b>\x85400',
    '\x7f',
    '\u2028x',
    '%s%n%d',
    '<a@b%0d%0a200>',
    '__proto__',
    '..',
    `<${'a'.repeat(244)}@b>`,
    'a'.repeat(480),
    '*'.repeat(480),
    '1-99999999999999999999',
    '-1',
    'é',
  ]

  /** Reads one whole answer. */
  async function answer(client: RawClient): Promise<string> {
    const status = await client.line()
    if (/^(?:100|101|215|22[0-5]|230|231|282) /.test(status)) await client.block()
    return status
  }

  it('are one line of printable ASCII, whatever the command and the argument', async () => {
    const { client } = await connected('192.0.2.9')
    for (const { name, args } of commandTable().rows) {
      if (/^(?:QUIT|STARTTLS|COMPRESS|XSUBSCRIBE|AUTHINFO)/.test(name)) continue
      for (const text of hostile) {
        const words = Array.from({ length: Math.min(Math.max(1, args[0]), 3) }, () => text).join(' ')
        client.send(`${name} ${words}\r\n`)
        if (name === 'TAKETHIS') client.send('x\r\n.\r\n')
        const status = await answer(client)
        expect(status, name).to.match(/^\d{3} [\x20-\x7e]*$/)
        expect(status.length).to.be.at.most(510)
        if (/^3[34]\d /.test(status)) {
          client.send('x\r\n.\r\n')
          expect(await answer(client)).to.match(/^\d{3} [\x20-\x7e]*$/)
        }
        client.send('DATE\r\n')
        expect(await client.line(), `in step behind ${name}`).to.match(/^111 /)
      }
    }
  })
})

describe('attack 8: endless lines', () => {
  it('keep nothing in memory and are told once', () => {
    const reader = new WireReader({ line: 512, block: 100_000 })
    const chunk = Buffer.alloc(65_536, 'x')
    const events: string[] = []
    for (let sent = 0; sent < 64; sent++) {
      reader.push(chunk)
      for (let event = reader.next(); event !== undefined; event = reader.next()) events.push(event.type)
      expect(reader.buffered).to.be.at.most(512)
    }
    expect(events).to.deep.equal(['bad line'])
    reader.push(Buffer.from('\r\nDATE\r\n'))
    expect(reader.next()).to.have.property('type', 'line')
  })

  it('in an article are read to the end, and refused', () => {
    const reader = new WireReader({ line: 512, block: 100_000 })
    reader.expectBlock()
    for (let sent = 0; sent < 64; sent++) {
      reader.push(Buffer.alloc(65_536, 'x'))
      expect(reader.next()).to.equal(undefined)
      expect(reader.buffered).to.be.at.most(100_002)
    }
    reader.push(Buffer.from('\r\n.\r\nDATE\r\n'))
    expect(reader.next()).to.deep.equal({ type: 'bad block', fault: 'article-too-large' })
    expect(reader.next()).to.have.property('type', 'line')
  })

  it('leave the session in step', async () => {
    const { client } = await connected('192.0.2.1')
    for (let sent = 0; sent < 16; sent++) client.send('x'.repeat(65_536))
    client.send('\r\nDATE\r\n')
    expect(await client.line()).to.equal('501 Line too long')
    expect(await client.line()).to.match(/^111 /)
  })
})

describe('attack 16: a flood of commands', () => {
  it('waits outside, and every one is answered in order', async () => {
    const { client, stream } = await connected('127.0.0.1')
    stream.pause()
    const commands = Array.from({ length: 10_000 }, (_, at) => `STAT <${at}@nowhere.example>\r\n`)
    for (let at = 0; at < commands.length; at += 100) client.send(commands.slice(at, at + 100).join(''))
    await settled(50)
    expect(stream.writableLength, 'still at the client').to.be.greaterThan(1000)
    stream.resume()
    client.send('DATE\r\n')
    let answers = ''
    let count = 0
    for (answers = await client.line(); !answers.startsWith('111'); answers = await client.line()) {
      expect(answers).to.match(/^430 /)
      count++
    }
    expect(count).to.equal(commands.length)
  })
})
