import { type Duplex, duplexPair } from 'node:stream'
import { expect } from 'chai'
import { plainLink } from '../../../src/feed/link/link.ts'
import { NntpFault } from '../../../src/feed/link/nntp-client.ts'
import { pull } from '../../../src/feed/pull/pull.ts'
import { silentLog } from '../../../src/log.ts'
import type { Arrival } from '../../../src/storage/reading.ts'
import { Wildmat } from '../../../src/wildmat.ts'
import { StoredPlaces } from '../../support/arrival-log.ts'
import { acts } from '../../support/hostile-peers.ts'
import { ManualClock, settled } from '../../support/manual-clock.ts'

const ids = ['<1@x>', '<2@x>', '<3@x>']
const articleOf = (id: string) =>
  `Path: far.example!not-for-mail\r\nMessage-ID: ${id}\r\nDate: 1 Jan 2026 00:00:00 +0000\r\n\r\nbody\r\n.`

/** What a good server says. */
function answerTo(line: string): string {
  const [verb = '', argument = ''] = line.split(' ')
  switch (verb) {
    case 'MODE':
      return '201 read'
    case 'LIST':
      return '215 list\r\ncomp.a 3 1 y\r\n.'
    case 'GROUP':
      return '211 3 1 3 comp.a'
    case 'OVER':
      return `224 list\r\n${ids.map((id, n) => `${n + 1}\ts\tf\t\t${id}\t\t9\t1\r\n`).join('')}.`
    case 'ARTICLE':
      return `220 ${argument} ${ids[Number(argument) - 1]}\r\n${articleOf(ids[Number(argument) - 1] ?? '')}`
    default:
      return '500 what?'
  }
}

/** The commands at which a server turns; the greeting is none. */
const stages = ['greeting', 'MODE', 'LIST', 'GROUP', 'OVER', 'ARTICLE'] as const

/** What is sent besides, where a list or an article is due. */
const answers: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  LIST: {
    'a list without end': `215 list\r\n${'comp.a 3 1 y\r\n'.repeat(50_000)}`,
    'a list of garbage': '215 list\r\n\0\x01\xff\r\n\r\ncomp.a -1 99999999999999999999 y\r\n.\r\n',
    'a list and goes': '215 list\r\ncomp.a 3 1 y\r\n',
  },
  GROUP: {
    'marks without end': `211 3 1 ${'9'.repeat(400)} comp.a\r\n`,
    'marks that are none': '211 a b c\r\n',
  },
  OVER: {
    'overview without end': `224 list\r\n${'1\ts\tf\t\t<1@x>\t\t9\t1\r\n'.repeat(20_000)}`,
  },
  ARTICLE: {
    'another article': `220 2 <2@x>\r\n${articleOf('<2@x>')}\r\n`,
    'half an article': `220 1 <1@x>\r\n${articleOf('<1@x>').slice(0, 60)}`,
    'an article without end': `220 1 <1@x>\r\n${articleOf('<1@x>').slice(0, -1)}${'x\r\n'.repeat(200_000)}`,
    'octets of no article': '220 1 <1@x>\r\n\0\0\xff\r\n.\r\n',
  },
}

class World {
  readonly clock = new ManualClock()
  readonly places = new StoredPlaces()
  readonly have = new Set<string>()
  readonly refused: string[] = []
  stream: Duplex | undefined
  turn = ''
  act: (stream: Duplex) => void = () => undefined

  async pull(): Promise<void> {
    const { signal } = new AbortController()
    const options = {
      host: 'far.example',
      port: 119,
      groups: Wildmat.parse('comp.*') as Wildmat,
      createGroups: false,
      link: plainLink,
    }
    for await (const _ of pull(options, {
      clock: this.clock,
      signal,
      log: silentLog,
      places: this.places,
      refusals: { add: id => this.refused.push(id) },
      limits: { article_bytes: 100_000, header_bytes: 500, header_line_bytes: 300, headers: 20 },
      hasGroup: name => name === 'comp.a',
      createGroup: async () => false,
      history: { lookup: async id => (this.have.has(id) ? 'have' : 'new') },
      accept: async ({ article }) => {
        const messageId = article.header('Message-ID') ?? ''
        this.have.add(messageId)
        return { kind: 'accepted', arrival: 1 as Arrival, messageId: messageId as never, filings: [] }
      },
      dial: async () => this.#dial(),
    }));
  }

  #dial(): Duplex {
    const [ours, theirs] = duplexPair()
    theirs.on('error', () => undefined)
    ours.once('close', () => theirs.destroy())
    theirs.once('close', () => ours.destroy())
    this.stream = ours
    let [rest, turned] = ['', false]
    const hear = (verb: string, line: string) => {
      if (turned) return
      turned = verb === this.turn
      if (turned) this.act(theirs)
      else theirs.write(`${line}\r\n`, 'latin1')
    }
    theirs.on('data', (chunk: Buffer) => {
      const lines = `${rest}${chunk}`.split('\r\n')
      rest = lines.pop() ?? ''
      for (const line of lines) hear(line.split(' ')[0] ?? '', answerTo(line))
    })
    hear('greeting', '200 hello')
    return ours
  }
}

describe('a pull from a hostile server', () => {
  for (const stage of stages) {
    const sent = Object.entries(answers[stage] ?? {}).map(
      ([name, octets]): [string, (stream: Duplex) => void] => [
        name,
        stream => void (name.endsWith('goes') ? stream.end(octets) : stream.write(octets, 'latin1')),
      ],
    )
    const all = Object.entries(acts).map(([name, act]): [string, (stream: Duplex) => void] => [
      name,
      stream => act(stream, '<1@x>'),
    ])
    for (const [name, act] of [...all, ...sent])
      it(`at ${stage}: ${name}`, async () => {
        const world = new World()
        Object.assign(world, { turn: stage, act })
        let ended = false
        const pulling = world.pull().then(
          () => undefined,
          (error: unknown) => error,
        )
        void pulling.then(() => {
          ended = true
        })
        for (let round = 0; round < 20 && !ended; round++) {
          await settled(40)
          await world.clock.advance(121_000)
        }
        expect(ended).to.equal(true)
        const error = await pulling
        if (error !== undefined) expect(error).to.be.instanceOf(NntpFault)
        for (const id of world.have) expect(ids).to.include(id)
        // What was not fetched and not refused is fetched from a server that behaves.
        world.turn = ''
        await world.pull()
        const wanted = ids.filter(id => !world.refused.includes(id))
        expect([...world.have].sort()).to.include.members(wanted)
        expect(world.stream?.destroyed || world.stream?.writableEnded).to.equal(true)
      })
  }
})
