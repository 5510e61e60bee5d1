import { mkdtempSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import fc from 'fast-check'
import { openLog } from '../src/log-output.ts'

describe('log output', () => {
  function lines(plain: boolean, level: 'trace' | 'info' = 'info') {
    const written: string[] = []
    const { log } = openLog({ level, plain, to: { write: line => written.push(line) } })
    return { log, written }
  }

  it('is a JSON line an event', () => {
    const { log, written } = lines(false)
    log.child({ connection: 7 }).warn({ group: 'local.test' }, 'odd')
    log.debug({}, 'not shown')
    expect(written).to.have.length(1)
    const { time, ...rest } = JSON.parse(written[0] ?? '')
    expect(rest).to.deep.equal({ level: 'warn', connection: 7, group: 'local.test', msg: 'odd' })
    expect(time).to.match(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
  })

  it('is a plain line on a terminal', () => {
    const { log, written } = lines(true)
    log.info({ address: '127.0.0.1', text: 'two words', count: 2, list: ['a'] }, 'connected')
    expect(written.join('')).to.match(
      /^\d\d:\d\d:\d\d\.\d{3} INFO {2}connected address=127\.0\.0\.1 text="two words" count=2 list=\["a"\]\n$/,
    )
  })

  it('shows the stack of an error on one line', () => {
    for (const plain of [true, false]) {
      const { log, written } = lines(plain)
      log.error({ err: new Error('broken') }, 'fault')
      expect(written.join('').trimEnd())
        .to.contain('broken')
        .and.contain('log-output.test')
        .and.not.contain('\n')
    }
  })

  it('shows the dialogue at level trace only', () => {
    const { log, written } = lines(true, 'trace')
    log.trace({ line: 'GROUP local.test' }, 'C')
    expect(written).to.have.length(1)
  })

  it('is one line without control characters whatever is logged', () => {
    for (const plain of [true, false]) {
      const { log, written } = lines(plain)
      fc.assert(
        fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (field, event) => {
          log.info({ field, [event]: 1 }, event)
          const line = written.pop() ?? ''
          return (
            line.endsWith('\n') && !/[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/.test(line.slice(0, -1))
          )
        }),
        { numRuns: 250 },
      )
    }
  })

  it('goes on in a new file after the old one was moved away', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tidings-log-'))
    try {
      const file = join(folder, 'sub', 'log')
      const output = openLog({ level: 'info', plain: false, to: file })
      output.log.info({}, 'one')
      renameSync(file, `${file}.1`)
      output.reopen()
      output.log.info({}, 'two')
      expect(readFileSync(`${file}.1`, 'utf8'))
        .to.contain('one')
        .and.not.contain('two')
      expect(readFileSync(file, 'utf8')).to.contain('two').and.not.contain('one')
      // Addresses stand in it.
      for (const each of [file, `${file}.1`]) expect(statSync(each).mode & 0o027).to.equal(0)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
