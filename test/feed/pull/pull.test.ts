import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { duplexPair } from 'node:stream'
import { expect } from 'chai'
import type { Incoming } from '../../../src/feed/accept.ts'
import type { Verdict } from '../../../src/feed/feed.ts'
import { plainLink } from '../../../src/feed/link/link.ts'
import { NntpFault } from '../../../src/feed/link/nntp-client.ts'
import { type PullOptions, type PullProgress, PullStopped } from '../../../src/feed/pull/options.ts'
import { pull } from '../../../src/feed/pull/pull.ts'
import { silentLog } from '../../../src/log.ts'
import { Reason } from '../../../src/reason.ts'
import type { Arrival } from '../../../src/storage/reading.ts'
import { Wildmat } from '../../../src/wildmat.ts'
import { StoredPlaces } from '../../support/arrival-log.ts'
import { ManualClock, settled } from '../../support/manual-clock.ts'
import { rejection } from '../../support/rejection.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'

interface Remote {
  /** Numbers to message-IDs, by group. */
  readonly groups: Record<string, Map<number, string>>
  /** Answers in place of the usual ones; undefined: the usual one. */
  react?: (line: string) => string | undefined
}

const dateOf = (id: string) =>
  id.includes('old') ? '1 Jan 2001 00:00:00 +0000' : '1 Jan 2026 00:00:00 +0000'
const articleOf = (id: string) =>
  `Path: news.far.example!not-for-mail\r\nMessage-ID: ${id}\r\nDate: ${dateOf(id)}\r\n\r\n${id.includes('big') ? 'x'.repeat(5_000) : '..dot'}\r\n.`

/** A server for readers, in lines. */
function serve(remote: Remote, stream: NodeJS.ReadWriteStream, heard: string[]): void {
  let selected = new Map<number, string>()
  let rest = ''
  const usual = (line: string): string => {
    const [verb = '', argument = ''] = line.split(' ')
    if (line === 'MODE READER') return '201 read'
    if (line.startsWith('LIST ACTIVE')) {
      const rows = Object.entries(remote.groups).map(
        ([name, numbers]) =>
          `${name} ${Math.max(0, ...numbers.keys())} ${Math.min(...numbers.keys(), 1)} y\r\n`,
      )
      return `215 list\r\n${rows.join('')}.`
    }
    if (verb === 'GROUP') {
      const numbers = remote.groups[argument]
      if (numbers === undefined) return '411 none'
      selected = numbers
      const all = [...numbers.keys()]
      return `211 ${all.length} ${Math.min(...all, 1)} ${Math.max(0, ...all)} ${argument}`
    }
    if (verb === 'OVER') {
      const [low = 0, high = 0] = argument.split('-').map(Number)
      const rows = [...selected].filter(([number]) => number >= low && number <= high)
      if (rows.length === 0) return '423 none'
      return `224 list\r\n${rows.map(([n, id]) => `${n}\ts\tf\t${dateOf(id)}\t${id}\t\t9\t1\r\n`).join('')}.`
    }
    if (verb === 'ARTICLE') {
      const id = selected.get(Number(argument))
      return id === undefined ? '423 none' : `220 ${argument} ${id}\r\n${articleOf(id)}`
    }
    return verb === 'QUIT' ? '205 bye' : '500 what?'
  }
  let gone = false
  stream.on('data', (chunk: Buffer) => {
    if (gone) return
    const lines = `${rest}${chunk}`.split('\r\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      heard.push(line)
      const answer = remote.react?.(line) ?? usual(line)
      if (answer === 'hang up') {
        gone = true
        stream.end()
        return
      }
      stream.write(`${answer}\r\n`)
    }
  })
  stream.on('error', () => undefined)
  stream.write('200 hello\r\n')
}

class World {
  readonly clock = new ManualClock()
  readonly places = new StoredPlaces()
  readonly have = new Set<string>()
  readonly heard: string[] = []
  readonly refused: string[] = []
  readonly made: string[] = []
  readonly taken: Incoming[] = []
  readonly abort = new AbortController()
  readonly remote: Remote = { groups: {} }
  known = ['comp.a', 'comp.b']
  verdict: (id: string) => Verdict | undefined = () => undefined

  group(name: string, ...ids: readonly [number, string][]): void {
    this.remote.groups[name] = new Map(ids)
  }

  async pull(options: Partial<PullOptions> = {}): Promise<PullProgress | undefined> {
    let last: PullProgress | undefined
    const wanted: PullOptions = {
      host: 'news.far.example',
      port: 119,
      groups: Wildmat.parse('comp.*') as Wildmat,
      createGroups: false,
      link: plainLink,
      ...options,
    }
    for await (const progress of pull(wanted, {
      clock: this.clock,
      signal: this.abort.signal,
      log: silentLog,
      places: this.places,
      refusals: { add: (id, source, reason) => this.refused.push(`${id} ${source} ${reason.name}`) },
      limits: { article_bytes: 1_000, header_bytes: 500, header_line_bytes: 300, headers: 20 },
      hasGroup: name => this.known.includes(name),
      createGroup: async (name, status) => this.made.push(`${name} ${status}`) > 0,
      history: { lookup: async id => (this.have.has(id) ? 'have' : 'new') },
      accept: async incoming => this.#accept(incoming),
      dial: async () => {
        const [ours, theirs] = duplexPair()
        serve(this.remote, theirs, this.heard)
        return ours
      },
    }))
      last = progress
    return last
  }

  #accept(incoming: Incoming): Verdict {
    const id = incoming.article.header('Message-ID') ?? ''
    const said = this.verdict(id)
    if (said !== undefined) return said
    if (this.have.has(id)) return { kind: 'rejected', reason: new Reason('duplicate') }
    this.have.add(id)
    this.taken.push(incoming)
    return { kind: 'accepted', arrival: 1 as Arrival, messageId: id as never, filings: [] }
  }

  get fetched(): string[] {
    return this.heard.filter(line => line.startsWith('ARTICLE'))
  }

  mark(group: string): number | undefined {
    return this.places.places.get(`pull:news.far.example:119/${group}`)?.cursor
  }
}

const many = (count: number) =>
  Array.from({ length: count }, (_, n) => [n + 1, `<${n + 1}@x>`] as [number, string])

describe('a pull', () => {
  let world: World
  beforeEach(() => {
    world = new World()
  })

  it('fetches what is new in the groups that are here, and keeps a mark for each', async () => {
    world.group('comp.a', [3, '<3@x>'], [5, '<5@x>'], [6, '<known@x>'])
    world.group('comp.b', [1, '<3@x>'])
    world.group('comp.far', [1, '<far@x>'])
    world.group('misc.a', [1, '<misc@x>'])
    world.have.add('<known@x>')
    expect(await world.pull()).to.deep.include({
      groups: 2,
      unknownGroups: 1,
      fetched: 2,
      accepted: 2,
      known: 2,
      refused: 0,
      done: 7,
      total: 7,
    })
    expect(world.fetched).to.deep.equal(['ARTICLE 3', 'ARTICLE 5'])
    const [first] = world.taken
    expect(first?.origin).to.deep.equal({ kind: 'import', host: 'news.far.example' })
    expect(first?.article.wire.toString()).to.equal(articleOf('<3@x>').slice(0, -1))
    expect([world.mark('comp.a'), world.mark('comp.b')]).to.deep.equal([6, 1])
    world.group('comp.a', [6, '<known@x>'], [7, '<7@x>'])
    expect(await world.pull()).to.include({ fetched: 1, accepted: 1, known: 0, total: 1 })
    expect(world.heard).to.include('OVER 7-7')
  })

  it('goes on where the connection was lost, and stores nothing twice', async () => {
    world.group('comp.a', ...many(1_200))
    world.remote.react = line => (line === 'ARTICLE 777' ? 'hang up' : undefined)
    expect(await rejection(world.pull())).to.be.instanceOf(NntpFault)
    expect(world.mark('comp.a')).to.equal(500)
    expect(world.have.size).to.equal(776)
    delete world.remote.react
    const before = world.fetched.length
    expect(await world.pull()).to.include({ accepted: 424, known: 276, total: 700, done: 700 })
    expect(world.fetched.length - before).to.equal(424)
    expect(world.mark('comp.a')).to.equal(1_200)
  })

  for (const answer of ['239 <1@x>', '203 go', `220 3 <3@x>\r\n${articleOf('<3@x>')}`])
    it(`gives up where ${answer.slice(0, 7)} answers another command, and skips nothing`, async () => {
      world.group('comp.a', ...many(3))
      world.remote.react = line => (line === 'ARTICLE 2' ? answer : undefined)
      expect(String(await rejection(world.pull()))).to.contain('to ARTICLE 2')
      expect(world.mark('comp.a')).to.equal(undefined)
      delete world.remote.react
      expect(await world.pull()).to.include({ accepted: 2, known: 1 })
    })

  it('never has more than a window of commands out', async () => {
    world.group('comp.a', ...many(200))
    let answered = 0
    let most = 0
    world.remote.react = line => {
      if (line.startsWith('ARTICLE')) most = Math.max(most, world.fetched.length - answered++)
      return undefined
    }
    await world.pull()
    expect(most).to.be.within(1, 32)
  })

  it('takes no step past an article that our own store put off', async () => {
    world.group('comp.a', ...many(3))
    world.verdict = id => (id === '<2@x>' ? { kind: 'deferred', reason: new Reason('no-space') } : undefined)
    const failed = rejection(world.pull())
    for (let pause = 0; pause < 12; pause++) await world.clock.advance(20_000)
    expect(await failed).to.be.instanceOf(PullStopped)
    expect(world.mark('comp.a')).to.equal(undefined)
    world.verdict = () => undefined
    expect(await world.pull()).to.include({ accepted: 1, known: 2 })
    expect(world.mark('comp.a')).to.equal(3)
  })

  it('counts what is refused, too large, gone there or dated too early', async () => {
    world.group('comp.a', [1, '<big@x>'], [2, '<bad@x>'], [3, '<gone@x>'], [4, '<old@x>'], [5, '<5@x>'])
    world.verdict = id =>
      id === '<bad@x>' ? { kind: 'rejected', reason: new Reason('bad-date') } : undefined
    world.remote.react = line => (line === 'ARTICLE 3' ? '423 gone' : undefined)
    const since = Date.UTC(2020, 0) / 1000
    expect(await world.pull({ since })).to.include({
      accepted: 1,
      refused: 2,
      missing: 1,
      older: 1,
      fetched: 3,
    })
    expect(world.refused.sort()).to.deep.equal([
      '<bad@x> pull:news.far.example bad-date',
      '<big@x> pull:news.far.example article-too-large',
    ])
    // Later with an earlier date: the mark does not hide what was left out.
    expect(await world.pull({ since: 1, afresh: true })).to.include({ accepted: 1, known: 1 })
  })

  it('creates groups where it is told to', async () => {
    world.group('comp.new', [1, '<1@x>'])
    expect(await world.pull({ createGroups: true })).to.include({ groups: 1, unknownGroups: 0, accepted: 1 })
    expect(world.made).to.deep.equal(['comp.new y'])
  })

  it('looks at all numbers again where they have gone back, or our store was restored', async () => {
    world.group('comp.a', ...many(5))
    await world.pull()
    world.group('comp.a', [1, '<new@x>'], [2, '<2@x>'])
    expect(await world.pull()).to.include({ accepted: 1, known: 1 })
    expect(world.mark('comp.a')).to.equal(2)
    world.places.places.set('pull:news.far.example:119/comp.a', {
      epoch: 9,
      cursor: 2 as Arrival,
      exceptions: [],
    })
    expect(await world.pull()).to.include({ known: 2 })
  })

  it('crosses wide gaps in a few steps', async () => {
    world.group('comp.a', [1, '<1@x>'], [900_000_000, '<2@x>'])
    expect(await world.pull()).to.include({ accepted: 2 })
    expect(world.heard.filter(line => line.startsWith('OVER')).length).to.be.lessThan(1_000)
  })

  for (const [name, react, overviews] of [
    ['XOVER alone', (line: string) => (line.startsWith('OVER') ? '500 what?' : undefined), 1],
    ['no overview', (line: string) => (/^X?OVER/.test(line) ? '503 none' : undefined), 2],
  ] as const)
    it(`manages with ${name}`, async () => {
      world.group('comp.a', [1, '<1@x>'], [3, '<3@x>'])
      world.remote.react = line =>
        line.startsWith('XOVER') && name !== 'no overview' ? xover(world, line) : react(line)
      expect(await world.pull()).to.include({ accepted: 2 })
      expect(world.heard.filter(line => /^X?OVER/.test(line)).length).to.be.at.least(overviews)
      expect(world.mark('comp.a')).to.equal(3)
    })

  it('asks for less where an overview cannot be read, and at last for the article itself', async () => {
    world.group('comp.a', ...many(4))
    world.remote.react = line => {
      const [low = 0, high = 0] = (/^OVER (\d+)-(\d+)$/.exec(line) ?? []).slice(1).map(Number)
      return low <= 2 && high >= 2 ? '224 list\r\n2\ts\rbroken\r\n.' : undefined
    }
    expect(await world.pull()).to.include({ accepted: 4 })
  })

  it('logs in where it has an account, and says what the server said', async () => {
    world.group('comp.a', [1, '<1@x>'])
    await using folder = await temporaryDirectory()
    const password_file = join(folder.path, 'password')
    writeFileSync(password_file, 'gehe\u00efm\n', { mode: 0o600 })
    const link = { ...plainLink, user: 'me', password_file }
    const near = { host: '127.0.0.1', link }
    world.remote.react = line =>
      line.startsWith('AUTHINFO USER')
        ? '381 more'
        : line === 'AUTHINFO PASS gehe\u00efm'
          ? '281 ok'
          : undefined
    expect(await world.pull(near)).to.include({ accepted: 1 })
    world.remote.react = line => (line.startsWith('AUTHINFO') ? '481 no\x1b' : undefined)
    expect(String(await rejection(world.pull(near)))).to.contain(
      'it does not take the login of me: "481 no?"',
    )
    world.heard.length = 0
    expect(String(await rejection(world.pull({ link })))).to.contain(
      'no password goes to another host without TLS',
    )
    expect(world.heard).to.deep.equal([])
    world.remote.react = line => (line.startsWith('GROUP') ? '480 log in' : undefined)
    expect(String(await rejection(world.pull()))).to.contain('it does not let us read: "480 log in"')
    world.remote.react = line => (line === 'MODE READER' ? '502 go away' : undefined)
    expect(String(await rejection(world.pull()))).to.contain('it takes no readers from here: "502 go away"')
  })

  it('ends when it is told to, with everything settled', async () => {
    world.group('comp.a', ...many(100))
    world.remote.react = line => {
      if (line === 'ARTICLE 50') world.abort.abort()
      return undefined
    }
    expect(String(await rejection(world.pull()))).to.contain('cancelled')
    await settled()
    expect(world.mark('comp.a')).to.equal(undefined)
    expect(world.clock.alarms).to.equal(0)
  })
})

function xover({ remote }: World, line: string): string {
  const [low = 0, high = 0] = (line.split(' ')[1] ?? '').split('-').map(Number)
  const rows = [...(remote.groups['comp.a'] ?? [])].filter(([number]) => number >= low && number <= high)
  return `224 list\r\n${rows.map(([n, id]) => `${n}\ts\tf\t${dateOf(id)}\t${id}\t\t9\t1\r\n`).join('')}.`
}
