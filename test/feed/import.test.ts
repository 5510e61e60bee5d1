import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect } from 'chai'
import type { Clock } from '../../src/clock.ts'
import type { Accept, Incoming } from '../../src/feed/accept.ts'
import type { Verdict } from '../../src/feed/feed.ts'
import { type ImportOptions, type ImportProgress, importArticles } from '../../src/feed/import.ts'
import { parseLaxMessageId } from '../../src/message-id.ts'
import { Reason, type ReasonName } from '../../src/reason.ts'
import type { Arrival } from '../../src/storage/reading.ts'
import { rejection } from '../support/rejection.ts'
import { config } from './sample.ts'

function articleText(number: number | string, more = ''): string {
  const head = `From: a@b.test\nDate: 1 Jan 93 00:00 GMT\nSubject: ${number}\nMessage-ID: <${number}@b.test>\n`
  return `${head}Newsgroups: comp.x\nPath: b!a\n${more}\nbody ${number}\n`
}

function clockAt(slept: number[] = []): Clock {
  const time = { monotonic: 0 }
  return {
    now: () => 0,
    monotonic: () => (time.monotonic += 100),
    timer: () => ({ cancel: () => {} }),
    async sleep(milliseconds) {
      slept.push(milliseconds)
    },
  }
}

/** Takes each message-ID once. */
class Store {
  readonly incoming: Incoming[] = []
  readonly #seen = new Set<string>()

  readonly accept: Accept = async incoming => {
    this.incoming.push(incoming)
    const id = parseLaxMessageId(incoming.article.header('Message-ID') ?? '')
    if (id === undefined) return refused('bad-message-id')
    if (this.#seen.has(id)) return refused('duplicate')
    this.#seen.add(id)
    return { kind: 'accepted', arrival: this.#seen.size as Arrival, messageId: id, filings: [] }
  }

  get subjects(): (string | undefined)[] {
    return this.incoming.map(({ article }) => article.header('Subject'))
  }
}

function refused(name: ReasonName): Verdict {
  return { kind: 'rejected', reason: new Reason(name) }
}

describe('importArticles', () => {
  let root: string
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'tidings-import-'))
  })
  afterEach(() => rm(root, { recursive: true }))

  async function put(files: Readonly<Record<string, string | Buffer>>): Promise<void> {
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(root, path)), { recursive: true })
      await writeFile(join(root, path), content)
    }
  }

  async function run(options: Partial<ImportOptions> = {}, accept = new Store().accept, clock = clockAt()) {
    const reports: ImportProgress[] = []
    const parts = { accept, clock, signal: new AbortController().signal, limits: config.limits }
    for await (const report of importArticles({ paths: [root], format: 'auto', ...options }, parts)) {
      reports.push(report)
    }
    return { last: reports.at(-1), reports }
  }

  it('tells the formats apart by themselves, packed or not', async () => {
    const mbox = `From x Thu Apr 15 12:00:00 1993\n${articleText('mail')}\n`
    const batch = `#! rnews ${articleText('batch').length}\n${articleText('batch')}`
    await put({
      'a.mbox': mbox,
      'b.rnews.gz': gzipSync(batch),
      'c.eml': articleText('file'),
      'comp.x/7': articleText('spool'),
      '.hidden': articleText('hidden'),
    })
    const store = new Store()
    const { last } = await run({ keepNumbers: true }, store.accept)
    expect(store.subjects).to.deep.equal(['mail', 'batch', 'file', 'spool'])
    expect(store.incoming.map(({ keep }) => keep?.number)).to.deep.equal([undefined, undefined, undefined, 7])
    expect(last).to.include({ articles: 4, accepted: 4, duplicates: 0, refused: 0 })
    expect(last?.octetsDone).to.equal(last?.octetsTotal).and.be.greaterThan(300)
  })

  it('reads a spool of either shape in the order of its numbers', async () => {
    await put({
      'comp.x/10': articleText(10),
      'comp.x/9': articleText(9),
      'comp/y/z/3': articleText(3),
      'comp.x/.overview': 'no',
      'comp.x/README': 'no',
      'comp.x/0': 'no',
      'comp.x/99999999999': 'no',
    })
    await symlink(join(root, 'comp.x/9'), join(root, 'comp/y/z/4'))
    const store = new Store()
    const { last } = await run({ format: 'spool', keepNumbers: true }, store.accept)
    expect(store.incoming.map(({ keep }) => keep)).to.deep.equal([
      { group: 'comp.y.z', number: 3 },
      { group: 'comp.y.z', number: 4 },
      { group: 'comp.x', number: 9 },
      { group: 'comp.x', number: 10 },
    ])
    // A crosspost met again is handed over with its number: storage adds it.
    expect(last).to.include({ accepted: 3, duplicates: 1, refused: 0 })
    expect(last?.octetsDone).to.equal(last?.octetsTotal)
  })

  it('takes the directory of one group too', async () => {
    await put({ 'comp.x/5': articleText(5) })
    const store = new Store()
    await run({ paths: [join(root, 'comp.x')], format: 'spool', keepNumbers: true }, store.accept)
    expect(store.incoming[0]?.keep).to.deep.equal({ group: 'comp.x', number: 5 })
  })

  it('reads a maildir', async () => {
    await put({
      'cur/1.a:2,S': articleText('read'),
      'new/2.b': articleText('new'),
      'tmp/3.c': articleText('unfinished'),
    })
    const store = new Store()
    const { last } = await run({ format: 'maildir' }, store.accept)
    expect(store.subjects).to.deep.equal(['read', 'new'])
    expect(last?.octetsDone).to.equal(last?.octetsTotal)
  })

  it('changes nothing the second time', async () => {
    await put({ box: `From x\n${articleText(1).replace(/Message-ID.*\n/, '')}\nFrom x\n${articleText(2)}\n` })
    const store = new Store()
    expect((await run({}, store.accept)).last).to.include({ accepted: 2 })
    expect((await run({}, store.accept)).last).to.include({ accepted: 0, duplicates: 2, refused: 0 })
  })

  it('files what is refused with the reason, so that it can be mended and read again', async () => {
    await put({
      'in/1': articleText('good'),
      'in/2': 'no header\n',
      'in/3': articleText('bad').replace('<bad@', '<b ad@'),
      'in/4': articleText('large', `X: ${'y'.repeat(60)}\n`.repeat(30_000)),
    })
    const rejects = join(root, 'rejects')
    const { last } = await run({ paths: [join(root, 'in')], format: 'files', rejects })
    expect(last).to.include({ articles: 4, accepted: 1, refused: 3 })
    expect(last?.refusedFor.map(({ reason, articles, where }) => [reason, articles, where])).to.deep.equal([
      ['bad-header', 1, join(root, 'in/2')],
      ['bad-message-id', 1, join(root, 'in/3')],
      ['article-too-large', 1, join(root, 'in/4')],
    ])
    const text = await readFile(rejects, 'latin1')
    expect(text.match(/^X-Tidings-Rejected: [a-z-]+/gm)).to.deep.equal([
      'X-Tidings-Rejected: bad-header',
      'X-Tidings-Rejected: bad-message-id',
      'X-Tidings-Rejected: article-too-large',
    ])
    await writeFile(rejects, text.replace('<b ad@', '<b-ad@'))
    const again = await run({ paths: [rejects] })
    expect(again.last).to.include({ articles: 3, accepted: 1, refused: 2 })
  })

  it('ends where what is refused is appended to the very file that is read', async () => {
    const batch = (id: string) => {
      const text = articleText(id, `X: ${'y'.repeat(900)}\n`)
      return `#! rnews ${text.length}\n${text}`
    }
    const ids = Array.from({ length: 1500 }, (_, at) => `${at}`)
    await put({ rejects: ids.map(batch).join('') })
    const stop = new AbortController()
    let calls = 0
    const accept: Accept = async () => {
      if (++calls > 2 * ids.length) stop.abort()
      return refused('unwanted-newsgroup')
    }
    const rejects = join(root, 'rejects')
    const options = { paths: [rejects], format: 'auto', rejects } as const
    const parts = { accept, clock: clockAt(), signal: stop.signal, limits: config.limits }
    for await (const _ of importArticles(options, parts));
    expect(calls).to.equal(ids.length)
    expect((await readFile(rejects, 'latin1')).match(/^#! rnews /gm)).to.have.length(2 * ids.length)
  })

  it('leaves no file of rejects where nothing was refused', async () => {
    await put({ 'in/1': articleText(1) })
    const rejects = join(root, 'rejects')
    await run({ paths: [join(root, 'in')], rejects })
    const missing = await readFile(rejects).then(
      () => undefined,
      (cause: NodeJS.ErrnoException) => cause.code,
    )
    expect(missing).to.equal('ENOENT')
  })

  it('has at most 256 articles under way, in order, and counts them all', async () => {
    const files: Record<string, string> = {}
    for (let i = 1; i <= 600; i++) files[`comp.x/${i}`] = articleText(i)
    await put(files)
    const store = new Store()
    const waiting: (() => void)[] = []
    let most = 0
    const accept: Accept = async incoming => {
      const verdict = await store.accept(incoming)
      const gate = new Promise<void>(resolve => waiting.push(resolve))
      most = Math.max(most, waiting.length)
      if (waiting.length === 256 || store.incoming.length === 600)
        for (const open of waiting.splice(0)) open()
      await gate
      return verdict
    }
    const { last, reports } = await run({}, accept)
    expect(most).to.equal(256)
    expect(store.subjects).to.deep.equal(Object.keys(files).map((_, i) => String(i + 1)))
    expect(last).to.include({ articles: 600, accepted: 600 })
    expect(reports.length).to.be.greaterThan(2)
    expect(last?.rate).to.be.greaterThan(0)
  })

  it('tries again what the store puts off, and gives up after a while', async () => {
    await put({ '1': articleText('soon'), '2': articleText('never'), '3': articleText('fault') })
    const store = new Store()
    let calls = 0
    const slept: number[] = []
    const accept: Accept = async incoming => {
      const subject = incoming.article.header('Subject')
      if (subject === 'fault') throw new Error('disk')
      const later = subject === 'never' || calls++ < 2
      return later ? { kind: 'deferred', reason: new Reason('no-space') } : await store.accept(incoming)
    }
    const { last } = await run({ format: 'files' }, accept, clockAt(slept))
    expect(store.subjects).to.deep.equal(['soon'])
    expect(last).to.include({ accepted: 1, refused: 2 })
    expect(slept).to.have.length(22)
    expect(Math.max(...slept)).to.equal(15_000)
  })

  it('stops when told to, and after what is under way', async () => {
    const files: Record<string, string> = {}
    for (let i = 1; i <= 50; i++) files[`${i}`] = articleText(i)
    await put(files)
    const stop = new AbortController()
    const store = new Store()
    const accept: Accept = incoming => {
      if (store.incoming.length === 9) stop.abort()
      return store.accept(incoming)
    }
    const parts = { accept, clock: clockAt(), signal: stop.signal, limits: config.limits }
    let last: ImportProgress | undefined
    for await (const report of importArticles({ paths: [root], format: 'files' }, parts)) last = report
    expect(last).to.include({ articles: 10, accepted: 10 })
  })

  it('names the file that cannot be unpacked', async () => {
    await put({ good: articleText(1), 'packed.gz': gzipSync(articleText(2)).subarray(0, 40) })
    const failure = await rejection(run())
    expect(String(failure)).to.contain(`${join(root, 'packed.gz')}: cannot be unpacked`)
  })

  it('rejects where a path does not exist', async () => {
    const failure = await run({ paths: [join(root, 'nothing')] }).then(
      () => undefined,
      (cause: NodeJS.ErrnoException) => cause.code,
    )
    expect(failure).to.equal('ENOENT')
  })
})
