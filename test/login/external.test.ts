import { chmodSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect } from 'chai'
import { parseAnswer } from '../../src/login/external.ts'
import { runProgram } from '../../src/run-program.ts'
import { TestLogins } from '../support/logins.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { rejection } from '../support/rejection.ts'
import { temporaryDirectory } from '../support/temporary-directory.ts'

const node = (script: string) => [process.execPath, '-e', script]
const askedBy = `let text = ''; process.stdin.on('data', d => { text += d }); process.stdin.on('end', () => {
  const [user, pass, address] = text.split('\\n')
  console.log(pass === 'pass right' ? 'ok\\nrole reader\\ngroup staff' : 'no') })`

/** Answers with what `reply` does, and says what it was asked. */
async function serve(reply: (request: string, response: ServerResponse) => void) {
  const asked: string[] = []
  const server = createServer((request: IncomingMessage, response) => {
    let text = ''
    request.on('data', chunk => {
      text += chunk
    })
    request.on('end', () => {
      asked.push(text)
      reply(text, response)
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const close = () =>
    new Promise<void>(resolve => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return { url, asked, [Symbol.asyncDispose]: close }
}

const ok = (response: ServerResponse, body: object) => response.end(JSON.stringify(body))

describe('login/external', () => {
  it('asks a program about names without an account here, once in ten minutes', async () => {
    await using world = new TestLogins({ elsewhere: { program: node(askedBy), url: '' } })
    expect(world.logins.available).to.equal(true)
    const outcome = await world.logins.password({ name: 'fred f', password: 'right', address: '::1' })
    expect(outcome).to.deep.equal({
      kind: 'proven',
      account: { name: 'fred f', roles: new Set(['reader']), groups: ['staff'] },
    })
    expect(await world.try('fred f', 'wrong')).to.equal('refused')
    await world.add('here', 'own')
    expect(await world.try('here', 'right')).to.equal('refused')
    expect(await world.try('here', 'own')).to.equal('proven')
  })

  it('asks a URL with POST and JSON, and remembers what it says', async () => {
    await using server = await serve((_, response) => ok(response, { ok: true, groups: ['staff'] }))
    await using world = new TestLogins({ elsewhere: { program: [], url: server.url } })
    expect(await world.try('fred', 'right', '192.0.2.9')).to.equal('proven')
    expect(await world.try('fred', 'right', '192.0.2.9')).to.equal('proven')
    expect(server.asked.map(text => JSON.parse(text))).to.deep.equal([
      { user: 'fred', password: 'right', address: '192.0.2.9' },
    ])
  })

  it('is refused by a no, and busy where the answer is none', async () => {
    const answers: ((response: ServerResponse) => void)[] = [
      response => ok(response, { ok: false }),
      response => response.writeHead(401).end(),
      response => response.writeHead(500).end(),
      response => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
      response => response.end('ok'),
      response => ok(response, { ok: true, roles: ['root'] }),
      response => response.end(`{"ok": true, "x": "${'x'.repeat(70_000)}"}`),
      response => response.destroy(),
    ]
    await using server = await serve((_, response) => answers[server.asked.length - 1]?.(response))
    await using world = new TestLogins({ elsewhere: { program: [], url: server.url } })
    const outcomes: string[] = []
    for (const [n] of answers.entries()) outcomes.push(await world.try(`user${n}`, 'x'))
    expect(outcomes).to.deep.equal(['refused', 'refused', 'busy', 'busy', 'busy', 'busy', 'busy', 'busy'])
  })

  it('gives up after five seconds', async () => {
    const clock = new ManualClock()
    let came = () => {}
    const asked = new Promise<void>(resolve => {
      came = resolve
    })
    await using server = await serve(() => came())
    await using world = new TestLogins({ clock, elsewhere: { program: [], url: server.url } })
    const outcome = world.try('fred', 'x')
    await asked
    await clock.advance(5_001)
    expect(await outcome).to.equal('busy')
  })

  it('reads the answer of a program strictly', () => {
    expect(parseAnswer('no\n')).to.equal(undefined)
    expect(parseAnswer('ok\n')).to.deep.include({ roles: ['reader', 'poster'], groups: [] })
    expect(parseAnswer('ok\r\nrole poster\r\nrole moderator\r\ngroup a\n')).to.deep.include({
      roles: ['poster', 'moderator'],
      groups: ['a'],
    })
    for (const text of ['', 'yes', 'ok\nrole root', 'ok\ngroup a b', 'ok\nhello', 'OK'])
      expect(() => parseAnswer(text), text).to.throw()
  })

  it('runs no shell, passes no environment, and ends what is slow, large or fails', async () => {
    const clock = new ManualClock()
    const run = (command: readonly string[], most = 100) =>
      runProgram({ command, input: 'in\n', clock, deadline: 1000, most })
    expect(await run(node('console.log(Object.keys(process.env).join())'))).to.equal('PATH\n')
    await using folder = await temporaryDirectory()
    const echo = join(folder.path, 'echo $(id)')
    writeFileSync(echo, '#!/bin/sh\necho "$1"\n')
    chmodSync(echo, 0o700)
    expect(await run([echo, '$(id); `id` | x'])).to.equal('$(id); `id` | x\n')
    expect(String(await rejection(run(node('process.exit(3)'))))).to.contain('ended with 3')
    expect(String(await rejection(run(node("console.log('x'.repeat(200))"))))).to.contain('more than 100')
    expect(String(await rejection(run(['/nowhere/at/all'])))).to.contain('ENOENT')
    const slow = rejection(run(node('setInterval(() => {}, 1000)')))
    await clock.advance(1_001)
    expect(String(await slow)).to.contain('no answer in 1 s')
  })
})
