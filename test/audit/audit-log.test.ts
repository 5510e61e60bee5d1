import { appendFileSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import fc from 'fast-check'
import { type AuditFileOptions, checkAudit, openAuditFile } from '../../src/audit/audit-file.ts'
import { chainStart } from '../../src/audit/audit-line.ts'
import { AuditLog, type AuditSink } from '../../src/audit/audit-log.ts'
import { silentLog } from '../../src/log.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { temporaryDirectory } from '../support/temporary-directory.ts'

const clock = new ManualClock(Date.now())
const parts = { clock, log: silentLog }

type More = Partial<Pick<AuditFileOptions, 'most' | 'isTimeKnown'>> & { readonly clock?: ManualClock }

async function openAt(path: string, more: More = {}): Promise<AuditLog> {
  const options = { clock, keepDays: () => 90, isTimeKnown: () => true, ...more }
  return new AuditLog(await openAuditFile({ path, ...options }), { ...parts, clock: options.clock })
}

const linesIn = (path: string) => readFileSync(path, 'utf8').split('\n').slice(0, -1)

describe('audit log', () => {
  it('writes exactly one JSON line for each of 1,000 hostile strings', async () => {
    await using folder = await temporaryDirectory()
    const path = join(folder.path, 'audit', 'audit.log')
    const log = await openAt(path)
    const nasty = [
      '\n',
      '\r\n{"seq":9}',
      '\0',
      '\u2028',
      '"},{"',
      '\\',
      '\ud800',
      '__proto__',
      '\x1b[2J',
      '\u202e',
    ]
    const samples = fc.sample(fc.string({ unit: 'binary', maxLength: 600 }), { numRuns: 990, seed: 1 })
    const hostile = [...nasty, ...samples]
    for (const text of hostile) log.record('login', { account: text, ['__proto__']: text, result: 'refused' })
    await log[Symbol.asyncDispose]()
    const lines = linesIn(path)
    expect(lines).to.have.length(1000)
    for (const [n, line] of lines.entries()) {
      expect(line).not.to.match(/[\x00-\x1f\x7f-\x9f\u2028\u2029\u202e]/)
      const { seq, account, event } = JSON.parse(line)
      expect([seq, event]).to.deep.equal([n + 1, 'login'])
      expect(account).to.equal(hostile[n]?.slice(0, 500))
    }
    expect(await checkAudit(path)).to.deep.equal({ files: 1, lines: 1000 })
    expect(statSync(path).mode & 0o077).to.equal(0)
  })

  it('goes on where it ended, and cuts a torn line off', async () => {
    await using folder = await temporaryDirectory()
    const path = join(folder.path, 'audit.log')
    for (let round = 0; round < 3; round++) {
      const log = await openAt(path)
      log.record('login', { account: `${round}` })
      await log[Symbol.asyncDispose]()
      appendFileSync(path, '{"seq":99,"prev":"torn')
    }
    const log = await openAt(path)
    log.record('login', { account: 'last' })
    await log[Symbol.asyncDispose]()
    expect(linesIn(path).map(line => JSON.parse(line).account)).to.deep.equal(['0', '1', '2', 'last'])
    expect((await checkAudit(path)).fault).to.equal(undefined)
  })

  it('finds a line that was changed, taken out, added or moved', async () => {
    await using folder = await temporaryDirectory()
    const path = join(folder.path, 'audit.log')
    const log = await openAt(path)
    for (let n = 0; n < 5; n++) log.record('login', { account: `${n}` })
    await log[Symbol.asyncDispose]()
    const lines = linesIn(path)
    const [a = '', b = '', c = '', d = '', e = ''] = lines
    const tries: [string, string[]][] = [
      ['changed', [a, b.replace('"1"', '"7"'), c, d, e]],
      ['taken out', [a, b, d, e]],
      ['added', [a, b, b, c, d, e]],
      ['moved', [a, c, b, d, e]],
      ['no line', [a, b, 'x', c, d, e]],
    ]
    for (const [what, changed] of tries) {
      writeFileSync(path, `${changed.join('\n')}\n`)
      expect((await checkAudit(path)).fault, what).to.match(/audit\.log, line [23]/)
    }
    writeFileSync(path, `${lines.join('\n')}\n`)
    expect((await checkAudit(path)).fault).to.equal(undefined)
  })

  it('begins a new file by size and by day, chained to the old one, and removes those that are too old', async () => {
    await using folder = await temporaryDirectory()
    const path = join(folder.path, 'audit.log')
    const turning = new ManualClock(Date.now())
    const log = await openAt(path, { most: 200, clock: turning })
    for (let n = 0; n < 3; n++) {
      log.record('login', { account: 'x'.repeat(200) })
      await log.flush()
    }
    await turning.advance(25 * 3_600_000)
    log.record('login', { account: 'next day' })
    await log.flush()
    const files = readdirSync(folder.path).sort()
    expect(files).to.deep.equal(['audit.log', 'audit.log.000001', 'audit.log.000002', 'audit.log.000003'])
    expect(await checkAudit(path)).to.deep.equal({ files: 4, lines: 4 })
    const old = Date.now() / 1000 - 91 * 86_400
    utimesSync(join(folder.path, 'audit.log.000001'), old, old)
    await log[Symbol.asyncDispose]()
    await (await openAt(path, { isTimeKnown: () => false }))[Symbol.asyncDispose]()
    expect(readdirSync(folder.path), 'while the clock is not believed').to.include('audit.log.000001')
    await (await openAt(path))[Symbol.asyncDispose]()
    expect(readdirSync(folder.path)).not.to.include('audit.log.000001')
    expect(await checkAudit(path)).to.deep.equal({ files: 3, lines: 3 })
  })

  it('waits for nothing, keeps the order, and tries again what the disk did not take', async () => {
    const taken: string[] = []
    let full = true
    const sink: AuditSink = {
      end: chainStart,
      async append(lines) {
        if (full) throw new Error('ENOSPC')
        taken.push(lines)
      },
      async close() {},
    }
    const own = new ManualClock()
    const log = new AuditLog(sink, { clock: own, log: silentLog })
    log.record('post', { n: 1 })
    await own.advance(200)
    log.record('post', { n: 2 })
    full = false
    await own.advance(6_000)
    expect(
      taken
        .join('')
        .split('\n')
        .slice(0, -1)
        .map(line => JSON.parse(line).n),
    ).to.deep.equal([1, 2])
    await log[Symbol.asyncDispose]()
    expect(own.alarms).to.equal(0)
  })

  it('counts and drops what a disk that takes nothing has no room for', async () => {
    let full = true
    const taken: string[] = []
    const sink: AuditSink = {
      end: chainStart,
      append: async lines => {
        if (full) throw new Error('ENOSPC')
        taken.push(lines)
      },
      close: async () => {},
    }
    const own = new ManualClock()
    const log = new AuditLog(sink, { clock: own, log: silentLog })
    for (let n = 0; n < 20_000; n++) log.record('post', { text: 'x'.repeat(400) })
    await own.advance(200)
    full = false
    await own.advance(6_000)
    log.record('post', { text: 'after' })
    await log[Symbol.asyncDispose]()
    const lines = taken
      .join('')
      .split('\n')
      .slice(0, -1)
      .map(line => JSON.parse(line))
    expect(lines.length).to.be.lessThan(10_000)
    expect(lines.at(-2).event).to.equal('lost')
    expect(lines.at(-2).lines + lines.length - 2).to.equal(20_000)
  })

  it('samples limits: the first of each network in a minute, with those before', async () => {
    await using folder = await temporaryDirectory()
    const path = join(folder.path, 'audit.log')
    const own = new ManualClock()
    const log = await openAt(path, { clock: own })
    for (let n = 0; n < 100; n++) log.limit('connections', `192.0.2.${n}`)
    log.limit('connections', '198.51.100.1')
    await own.advance(61_000)
    log.limit('connections', '192.0.2.1')
    await log[Symbol.asyncDispose]()
    expect(linesIn(path).map(line => JSON.parse(line).before)).to.deep.equal([0, 0, 99])
  })
})
