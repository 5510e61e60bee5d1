import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { CliContext } from '../../src/cli/context.ts'
import { start } from '../../src/cli/start.ts'
import type { NodeOptions, RunningNode } from '../../src/main.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { FakeProcess } from './fake-process.ts'

describe('tidings start', () => {
  let folder = ''
  const config = () => join(folder, 'conf', 'tidings.toml')
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tidings-start-'))
    mkdirSync(join(folder, 'conf'))
    writeFileSync(config(), '')
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  function begin(around = new FakeProcess(), more: Partial<RunningNode> = {}) {
    const context = new CliContext(around)
    if (around.env.TIDINGS_CONFIG === undefined) context.configFile = config()
    let finish: (code: number) => void = () => {}
    const calls: string[] = []
    const seen: NodeOptions[] = []
    const node: RunningNode = {
      listening: {
        nntp: ['127.0.0.1:1119', '[::]:119'],
        nntps: [],
        web: ['0.0.0.0:8119'],
        webs: [],
        admin: ['127.0.0.1:9119'],
      },
      finished: new Promise(resolve => {
        finish = resolve
      }),
      stop: async () => void calls.push('stop'),
      reload: async () => {
        calls.push('reload')
        return { applied: [], restart: [], warnings: [] }
      },
      ...more,
    }
    const running = start(context, async options => {
      seen.push(options)
      return node
    })
    return { around, context, running, calls, seen, finish: (code: number) => finish(code) }
  }

  it('says what to open next, and ends with the code of the node', async () => {
    const { around, context, running, finish } = begin()
    await around.stdout.shows('Ctrl-C')
    expect(around.stdout.text).to.equal(
      [
        'Tidings 1.2.3 runs as localhost.invalid.',
        '  Web reader    http://localhost:8119/',
        '  Newsreaders   server 127.0.0.1, port 1119; with tin: rtin -g 127.0.0.1 -p 1119',
        '  Newsreaders   server localhost, port 119; with tin: rtin -g localhost -p 119',
        '  Metrics       http://127.0.0.1:9119/metrics',
        `  Store         ${join(folder, 'data')}`,
        `"tidings status --config ${config()}" shows how it is, Ctrl-C stops it.`,
        '',
      ].join('\n'),
    )
    finish(70)
    await running
    expect(context.exitCode).to.equal(70)
    expect(around.send('SIGINT')).to.equal(false)
  })

  it('names the command as it can be typed where npm started it', async () => {
    const { around, running, finish } = begin(new FakeProcess({ env: { npm_lifecycle_event: 'start' } }))
    await around.stdout.shows(`"npx tidings status --config ${config()}" shows how it is`)
    finish(0)
    await running
  })

  it('leaves --config out where it was not given', async () => {
    const around = new FakeProcess({ env: { TIDINGS_CONFIG: config() } })
    const { running, finish } = begin(around)
    await around.stdout.shows('"tidings status" shows how it is')
    finish(0)
    await running
  })

  it('says how the first account is made where there is none', async () => {
    const { around, running, finish } = begin(new FakeProcess(), {
      firstLink: 'http://127.0.0.1:8119/first?token=abc',
    })
    await around.stdout.shows('Ctrl-C')
    expect(around.stdout.text).to.contain(
      '  First account http://127.0.0.1:8119/first?token=abc makes you the administrator, once\n',
    )
    expect(around.stderr.text).not.to.contain('abc')
    finish(0)
    await running
  })

  it('stops at the first signal and ends at the second, if that is no echo of the first', async () => {
    const clock = new ManualClock()
    const { around, running, calls, finish } = begin(new FakeProcess({ clock }))
    await around.stdout.shows('Ctrl-C')
    around.send('SIGTERM')
    expect(calls).to.deep.equal(['stop'])
    around.send('SIGINT')
    expect(around.exits).to.deep.equal([])
    await clock.advance(1000)
    around.send('SIGINT')
    expect(around.exits).to.deep.equal([130])
    expect(calls).to.deep.equal(['stop'])
    finish(0)
    await running
  })

  it('logs warnings of the configuration, as JSON where there is no terminal', async () => {
    const { around, running, finish } = begin()
    await around.stdout.shows('Ctrl-C')
    finish(0)
    await running
    expect(JSON.parse(around.stderr.text)).to.include({ level: 'warn', file: config() })
  })

  it('logs plain lines on a terminal', async () => {
    const { around, running, finish } = begin(new FakeProcess({ terminal: true }))
    await around.stdout.shows('Ctrl-C')
    finish(0)
    await running
    expect(around.stderr.text).to.match(/^\d\d:\d\d:\d\d\.\d\d\d WARN {2}there is no \[\[access\]\] rule/)
  })

  it('reloads and opens its log again at SIGHUP', async () => {
    writeFileSync(config(), '[log]\nfile = "log"')
    const { around, running, calls, seen, finish } = begin()
    await around.stdout.shows('Ctrl-C')
    renameSync(join(folder, 'log'), join(folder, 'log.1'))
    around.send('SIGHUP')
    expect(calls).to.deep.equal(['reload'])
    finish(0)
    await running
    expect(readFileSync(join(folder, 'log'), 'utf8')).to.contain('configuration read again')

    writeFileSync(config(), '[log]\nlevel = "debug"\nfile = "log"')
    expect(seen[0]?.reload()).to.have.nested.property('config.log.level', 'debug')
    seen[0]?.log.debug({}, 'now shown')
    expect(readFileSync(join(folder, 'log'), 'utf8')).to.contain('now shown')
    writeFileSync(config(), 'broken')
    expect(seen[0]?.reload()).to.have.property('ok', false)
  })

  it('logs a fault that nobody caught, and ends with 70', async () => {
    const { around, running, finish } = begin()
    await around.stdout.shows('Ctrl-C')
    around.fault(new Error('lost'))
    expect(around.exits).to.deep.equal([70])
    expect(around.stderr.text).to.contain('unexpected fault').and.contain('lost')
    finish(70)
    await running
  })

  it('fails with every error of the configuration', async () => {
    writeFileSync(config(), '[a]\n[b]')
    const { running } = begin()
    const error = await running.catch((fault: Error) => fault)
    expect(error).to.have.property('code', 'config')
    expect(String(error).split('\n')).to.have.length(2)
  })
})
