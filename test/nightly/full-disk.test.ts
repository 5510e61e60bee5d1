import { rm, statfs, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { expect } from 'chai'
import { systemClock } from '../../src/clock.ts'
import { auditOverNntp } from '../durability/auditor.ts'
import { peerName, sketch, wire } from '../durability/load.ts'
import { killed, Victim } from '../durability/victim.ts'
import { LoopDisk } from '../support/loop-disk.ts'
import { RawClient } from '../support/raw-client.ts'
import { seeded } from '../support/seeded.ts'
import { temporaryDirectory } from '../support/temporary-directory.ts'

/** How often the disk is filled; one seed again with TIDINGS_SEED. */
const fills = Number(process.env.TIDINGS_FULL_DISKS ?? 50)
const seed = Number(process.env.TIDINGS_SEED ?? Math.floor(Math.random() * 1e9))
const octets = 400 * 1024 * 1024
const piece = 8 * 1024 * 1024

/** Takes all the room but `left` octets. */
async function fill(disk: string, left: number): Promise<() => Promise<void>> {
  const file = join(disk, 'filler')
  await writeFile(file, '')
  for (;;) {
    const { bavail, bsize } = await statfs(disk)
    const room = bavail * bsize - left
    if (room <= bsize) break
    try {
      await writeFile(file, Buffer.alloc(Math.min(piece, room), 1), { flag: 'a' })
    } catch {
      break // no room for the last of it: as full as it gets
    }
  }
  return () => rm(file)
}

/** Answers to a POST, an IHAVE and a TAKETHIS, each on a connection of its own; '' where it was closed. */
async function answers(port: number, victim: Victim, serial: number): Promise<string[]> {
  const target = { recorder: victim.recorder, random: seeded(seed + serial) }
  const transit = [`Path: ${peerName}!not-for-mail`, `Date: ${new Date().toUTCString()}`]
  const ask = async (kind: string, offer: (id: string) => string, later: string, taken: RegExp) => {
    const article = sketch(target, `full.${kind}.${serial}`)
    const client = new RawClient(connect(port, '127.0.0.1'))
    try {
      await client.line()
      client.send(offer(article.id))
      let line = later === '' ? '' : await client.line()
      if (later === '' || line.startsWith(later)) {
        client.send(wire(article, kind === 'post' ? [] : transit))
        line = await client.line()
      }
      if (taken.test(line)) victim.recorder.acknowledge(article.id)
      return line
    } finally {
      client.destroy()
    }
  }
  return [
    await ask('post', () => 'POST\r\n', '340', /^240/),
    await ask('ihave', id => `IHAVE ${id}\r\n`, '335', /^235/),
    await ask('takethis', id => `TAKETHIS ${id}\r\n`, '', /^239/),
  ]
}

/** Asks until all three are taken. */
async function accepting(port: number, victim: Victim, serial: number): Promise<void> {
  for (let at = 0; ; at++) {
    const lines = await answers(port, victim, serial * 1000 + at)
    if (lines.every(line => /^(240|235|239)/.test(line))) return
    await systemClock.sleep(100)
  }
}

describe('a node whose disk is full', () => {
  it(`refuses nothing for good, comes back by itself, and loses nothing, ${fills} times (seed ${seed})`, async function () {
    this.timeout(60_000 + fills * 30_000)
    await using home = await temporaryDirectory()
    await using disk = await LoopDisk.make({ home: home.path, kind: 'ext4', octets })
    if (disk === undefined) return this.skip()
    const victim = new Victim({ home: home.path, data: join(disk.path, 'data'), seed, die: killed })
    await victim.prepare()
    const random = seeded(seed)
    const waits: number[] = []
    const said = new Map<string, number>()
    for (let serial = 1; serial <= fills; serial++) {
      await using node = victim.start()
      const { port } = await victim.target(node)
      const empty = await fill(disk.path, Math.floor(random() * 3) * 4 * 1024 * 1024)
      for (let at = 0; at < 20; at++)
        for (const line of await answers(port, victim, serial * 1000 + 500 + at)) {
          expect(line, 'while the disk is full').to.match(/^(240|235|239|441 .*later|436|431|400|403)/)
          said.set(line.slice(0, 3), (said.get(line.slice(0, 3)) ?? 0) + 1)
        }
      await empty()
      const since = systemClock.monotonic()
      await accepting(port, victim, serial)
      waits.push(systemClock.monotonic() - since)
      victim.faults.push(...(await auditOverNntp(port, victim.recorder)))
      expect(victim.faults, `TIDINGS_SEED=${seed}, time ${serial}`).to.deep.equal([])
      await killed(node)
    }
    await victim.restInPeace()
    expect(victim.faults, `TIDINGS_SEED=${seed}`).to.deep.equal([])
    for (const code of ['441', '436', '400']) expect([...said.keys()], 'answers').to.include(code)
    console.log(
      `      ${fills} full disks, ${victim.recorder.acknowledged.size} acknowledged, lost 0; answers ${JSON.stringify([...said])}; accepts again after at most ${Math.round(Math.max(...waits))} ms`,
    )
  })
})
