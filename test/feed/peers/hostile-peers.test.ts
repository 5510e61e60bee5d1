import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Duplex, duplexPair } from 'node:stream'
import { expect } from 'chai'
import { peerSchema } from '../../../src/config/sections/exchange.ts'
import { GroupNames } from '../../../src/feed/group-names.ts'
import { OutgoingFeed } from '../../../src/feed/outgoing/outgoing.ts'
import { compilePeer, type PeerRules } from '../../../src/feed/peers/peer.ts'
import { silentLog } from '../../../src/log.ts'
import { ArrivalLog, StoredPlaces } from '../../support/arrival-log.ts'
import { certificateFile } from '../../support/certificate-files.ts'
import { type Behaviour, hostilePeers } from '../../support/hostile-peers.ts'
import { ManualClock, settled } from '../../support/manual-clock.ts'
import { ScriptedPeer } from '../../support/scripted-peer.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'

const authority = certificateFile('authority')
const certificates = {
  good: certificateFile('news.b.example'),
  foreign: certificateFile('self-signed'),
  expired: certificateFile('expired'),
}

/** The longest time that a connection may wait for an answer, and for the one before it. */
const longest = 300_000 + 30_000
const count = 3

class World {
  readonly clock = new ManualClock()
  readonly log = new ArrivalLog()
  readonly have = new Set<string>()
  /** Ends of ours that were given out. */
  readonly streams: Duplex[] = []
  #serve: Behaviour['serve']

  constructor(serve: Behaviour['serve']) {
    this.#serve = serve
    for (let n = 1; n <= count; n++) this.log.add({ id: `<${n}@a.example>` })
  }

  reform(): void {
    this.#serve = (stream, have) => void new ScriptedPeer(stream, {}, have)
  }

  async feed(section: Behaviour['section']): Promise<OutgoingFeed> {
    const peer = peerSchema.parse({
      name: 'b.example',
      to: 'b.example:119',
      send: '*',
      max_connections: 1,
      ...section,
    })
    const feed = new OutgoingFeed(
      {
        reading: this.log,
        places: new StoredPlaces(),
        clock: this.clock,
        random: () => 0.5,
        dial: async () => this.#dial(),
        names: new GroupNames(this.log),
        log: silentLog,
      },
      { peer, rules: compilePeer(peer) as PeerRules, after: 0 as never },
    )
    await feed.start()
    return feed
  }

  #dial(): Duplex {
    const [ours, theirs] = duplexPair()
    theirs.on('error', () => undefined)
    ours.once('close', () => theirs.destroy())
    theirs.once('close', () => ours.destroy())
    this.streams.push(ours)
    this.#serve(theirs, this.have)
    return ours
  }
}

describe('a feed to a hostile peer', () => {
  let folder: Awaited<ReturnType<typeof temporaryDirectory>>
  let ca_file = ''
  before(async () => {
    folder = await temporaryDirectory()
    ca_file = join(folder.path, 'ca.pem')
    writeFileSync(ca_file, authority.cert)
  })
  after(() => folder[Symbol.asyncDispose]())

  // The file is there before the first test runs.
  const behaviours = hostilePeers({
    ...certificates,
    get ca_file() {
      return ca_file
    },
  })

  it('is tried with a hundred of them', () => expect(behaviours.length).to.be.at.least(100))

  for (const { name, section, serve } of behaviours)
    it(name, async () => {
      const world = new World(serve)
      const feed = await world.feed({ ...section, ...('ca_file' in section && { ca_file }) })
      // TLS and DEFLATE are done by others than the clock.
      const [first] = await until(world.streams, streams => streams.length > 0)
      await settled(40)
      await world.clock.advance(longest)
      await until(first, stream => stream?.destroyed === true)
      await settled()
      // Only what the peer itself has acknowledged counts as sent.
      expect(feed.status().counters.accepted).to.equal(world.have.size)
      if (world.have.size < count) expect(feed.status().lastError).to.match(/^b\.example:119: \S/)

      world.reform()
      // What is wrong with its TLS is for its administrator to mend.
      if ('tls' in section) {
        await stopped(feed, world)
        expect(feed.status().waiting).to.equal(count)
        return
      }
      await feed.flush()
      for (let round = 0; round < 5 && world.have.size < count; round++) {
        await settled(20)
        await world.clock.advance(3_600_000)
      }
      expect(world.have.size).to.equal(count)
      expect(feed.status()).to.include({ waiting: 0, deferred: 0 })
      expect(feed.status().counters.accepted).to.equal(count)
      await stopped(feed, world)
    })
})

async function stopped(feed: OutgoingFeed, { clock }: World): Promise<void> {
  const stop = feed.stop()
  await settled(20)
  await clock.advance(5_000)
  await stop
}

/** Waits for other threads, turn by turn. */
async function until<T>(value: T, test: (value: T) => boolean): Promise<T> {
  while (!test(value)) await settled(1)
  return value
}
