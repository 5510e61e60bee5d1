import { duplexPair } from 'node:stream'
import { expect } from 'chai'
import { Link, plainLink } from '../../../src/feed/link/link.ts'
import { NntpClient, NntpFault } from '../../../src/feed/link/nntp-client.ts'
import { ManualClock, settled } from '../../support/manual-clock.ts'
import { rejection } from '../../support/rejection.ts'

const words = async (promise: Promise<unknown>) => {
  const error = await rejection(promise)
  return error instanceof NntpFault ? error.message : `no fault of ours: ${error}`
}

function connected(options: { mostOctets?: number } = {}) {
  const [ours, theirs] = duplexPair()
  const clock = new ManualClock()
  const abort = new AbortController()
  const heard: string[] = []
  theirs.on('data', (chunk: Buffer) => heard.push(chunk.toString('latin1')))
  theirs.on('error', () => undefined)
  const client = new NntpClient(ours, { clock, signal: abort.signal, timeout: 30_000, ...options })
  const says = (text: string) => theirs.write(text, 'latin1')
  return { client, clock, abort, theirs, heard, says }
}

describe('NNTP client', () => {
  it('reads lines and blocks, however they are cut', async () => {
    const { client, says } = connected()
    const all =
      '200 hello\r\n101 list\r\nVERSION 2\r\n..dot\r\n.\r\n220 1 <a@b>\r\n..x\r\n.\r\n423 none\r\n101 list\r\n.\r\n'
    for (const octet of all) says(octet)
    expect(await client.reply()).to.deep.equal({ code: 200, text: 'hello' })
    expect((await client.reply()).code).to.equal(101)
    expect(await client.lines()).to.deep.equal(['VERSION 2', '.dot'])
    expect((await client.reply()).text).to.equal('1 <a@b>')
    expect(await client.block()).to.deep.equal({ ok: true, wire: Buffer.from('..x\r\n') })
    expect((await client.reply()).code).to.equal(423)
    await client.reply()
    expect(await client.lines()).to.deep.equal([])
  })

  it('reads a block that is too large or damaged to its end', async () => {
    const { client, says } = connected({ mostOctets: 100 })
    says(`220 1\r\n${'x'.repeat(1_000)}\r\n.\r\n220 2\r\na\rb\r\n.\r\n423 none\r\n`)
    await client.reply()
    expect(await client.block()).to.deep.equal({ ok: false, fault: 'article-too-large' })
    await client.reply()
    expect(await client.block()).to.deep.equal({ ok: false, fault: 'bare-cr' })
    expect((await client.reply()).code).to.equal(423)
  })

  it('says in words why nothing comes any more', async () => {
    const why = async (act: (world: ReturnType<typeof connected>) => unknown) => {
      const world = connected()
      const reply = words(world.client.reply())
      await act(world)
      return reply
    }
    expect(await why(({ theirs }) => theirs.end())).to.equal('the server closed the connection')
    expect(await why(({ says }) => says('SSH-2.0\r\n'))).to.equal('the server does not speak NNTP: "SSH-2.0"')
    expect(await why(({ says }) => says('x'.repeat(5_000)))).to.equal('the server sent a line that is none')
    expect(await why(({ clock }) => clock.advance(30_000))).to.equal('no answer for 30 seconds')
    expect(await why(({ abort }) => abort.abort())).to.equal('cancelled')
  })

  it('gives what came before the end first', async () => {
    const { client, theirs, says } = connected()
    says('400 bye\r\n')
    theirs.end()
    expect((await client.reply()).code).to.equal(400)
    expect(await words(client.reply())).to.equal('the server closed the connection')
    expect(await words(client.reply())).to.equal('the server closed the connection')
  })

  it('says QUIT at the end, and hangs up where that is not heard', async () => {
    const { client, clock, heard, theirs } = connected()
    client.send('DATE', 'HELP')
    const closed = new Promise(resolve => theirs.once('end', resolve))
    await client[Symbol.asyncDispose]()
    await closed
    expect(heard.join('')).to.equal('DATE\r\nHELP\r\nQUIT\r\n')
    expect(clock.alarms).to.equal(1)
    await clock.advance(5_000)
    expect(clock.alarms).to.equal(0)
    client.send('MORE')
    await settled()
    expect(heard.join('')).to.not.contain('MORE')
  })

  it('gives up a call that is not answered', async () => {
    const clock = new ManualClock()
    const signal = new AbortController().signal
    const call = NntpClient.call('b:119', {
      clock,
      signal,
      goal: 'read',
      link: new Link(plainLink, {
        dial: (_address, options) =>
          new Promise((_, reject) => {
            options.signal.addEventListener('abort', () => reject(new Error('no connection in time')))
          }),
      }),
    })
    const failed = words(call)
    await clock.advance(30_000)
    expect(await failed).to.equal('no connection in time')
  })
})
