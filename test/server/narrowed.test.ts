import { expect } from 'chai'
import { narrowOverview, visibleOverview } from '../../src/server/narrowed.ts'
import type { GroupId } from '../../src/storage/reading.ts'
import { FakeServer } from '../support/fake-server.ts'
import { fillWithSamples } from '../support/sample-news.ts'

const line = (number: number, bytes: number, xref: string) =>
  `${number}\tRe: a b c d\tA B <a@b>\tdate\t<${number}@x>\t<1@x> <2@x>\t${bytes}\t7\t${xref}\r\n`
const mayRead = (name: string) => !name.startsWith('secret.')
const narrow = (text: string) => narrowOverview(Buffer.from(text, 'latin1'), mayRead).toString('latin1')

describe('server/narrowed', () => {
  it('hands on what names no hidden group, the same buffer', () => {
    const chunk = Buffer.from(
      line(1, 100, 'Xref: h a.b:1') + line(2, 100, '') + line(3, 100, 'Xref: h a.b:3 c.d:4'),
    )
    expect(narrowOverview(chunk, mayRead)).to.equal(chunk)
    expect(narrow('')).to.equal('')
    expect(narrow('odd\r\n')).to.equal('odd\r\n')
  })

  it('takes hidden groups out of Xref, and their octets out of the size', () => {
    const before = line(1, 100, 'Xref: h a.b:1')
    const after = line(3, 100, 'Xref: h a.b:3')
    expect(narrow(before + line(2, 500, 'Xref: h secret.x:9 a.b:2') + after)).to.equal(
      before + line(2, 500 - ' secret.x:9'.length, 'Xref: h a.b:2') + after,
    )
    expect(narrow(line(1, 200, 'Xref: h a.b:1 secret.x:9 c.d:2 secret.y:10'))).to.equal(
      line(1, 200 - ' secret.x:9 secret.y:10'.length, 'Xref: h a.b:1 c.d:2'),
    )
  })

  it('is nothing at all for who may read everything', () => {
    const stored = (async function* () {})()
    const reading = { overview: () => stored }
    const session = { services: { reading }, access: { readsAll: true, mayRead } }
    expect(visibleOverview(session, 1 as GroupId, { low: 1, high: 9 })).to.equal(stored)
  })

  it('keeps octets that are no characters', () => {
    const odd = (xref: string) => Buffer.from(`1\t\xe9\xff\t\t\t\t\t9999\t1\t${xref}\r\n`, 'latin1')
    expect(narrowOverview(odd('Xref: h a.b:1 secret.x:9'), mayRead).toString('latin1')).to.equal(
      odd('Xref: h a.b:1')
        .toString('latin1')
        .replace('9999', String(9999 - ' secret.x:9'.length)),
    )
  })
})

describe('rights of open sessions', () => {
  it('follow a reload', async () => {
    const server = new FakeServer()
    fillWithSamples(server.node)
    const { client, served } = server.connect('192.0.2.1')
    await client.line()
    await client.play('C: GROUP misc.test\nS: 211 *\nC: STAT\nS: 223 *')
    const before = server.node.config
    const [rule] = before.access
    server.node.config = { ...before, access: rule === undefined ? [] : [{ ...rule, read: '*,!misc.*' }] }
    await client.play('C: STAT\nS: 223 *')
    server.server.reload()
    await client.play('C: STAT\nS: 412 *\nC: GROUP misc.test\nS: 411 *\nC: GROUP tx.natives\nS: 211 *')
    server.node.config = before
    server.server.reload()
    await client.play('C: GROUP misc.test\nS: 211 *')
    client.end()
    await served
  })
})
