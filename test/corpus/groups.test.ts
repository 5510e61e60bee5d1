import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import type { RawClient } from '../support/raw-client.ts'
import { corpusSuite } from './corpus.ts'
import { ProcessNode } from './process-node.ts'

interface Group {
  readonly high: number
  readonly low: number
  readonly status: string
}

function readActive(path: string): Map<string, Group> {
  const groups = new Map<string, Group>()
  for (const line of readFileSync(path, 'latin1').split('\n')) {
    const [name = '', high, low, status = ''] = line.split(' ')
    if (status !== '') groups.set(name, { high: Number(high), low: Number(low), status })
  }
  return groups
}

/** The octets of each description, one character an octet. */
function readDescriptions(path: string): Map<string, string> {
  const found = new Map<string, string>()
  for (const line of readFileSync(path, 'latin1').split('\n')) {
    const match = /^(\S+)[ \t]+(.*?)\s*$/.exec(line)
    if (match?.[1] !== undefined && match[2] !== undefined) found.set(match[1], match[2])
  }
  return found
}

async function list(client: RawClient, what: string): Promise<string[]> {
  client.send(`LIST ${what}\r\n`)
  expect(await client.line()).to.match(/^215 /)
  return client.block()
}

const decoder = new TextDecoder('utf-8', { fatal: true })
/** Fails where the octets are not UTF-8. */
const decoded = (octets: string) => decoder.decode(Buffer.from(octets, 'latin1'))

const importing = (active: string, descriptions: string) => [
  'group',
  'import',
  active,
  '--descriptions',
  descriptions,
  '--json',
]

corpusSuite('lists of groups', folder => {
  const activePath = join(folder, 'active', 'i2pn2.org.active')
  const descriptionsPath = join(folder, 'active', 'newsgroups.isc.latest')
  const active = readActive(activePath)
  const descriptions = readDescriptions(descriptionsPath)

  it('give the groups with their marks and descriptions, twice as once', async () => {
    await using node = await ProcessNode.start()
    const first = await node.run(importing(activePath, descriptionsPath))
    expect(first.code, first.stderr).to.equal(0)
    expect(JSON.parse(first.stdout)).to.deep.include({ created: active.size, refused: [], faults: [] })
    const client = await node.connect()

    const listed = await list(client, 'ACTIVE')
    expect(listed).to.have.lengthOf(active.size).and.be.greaterThan(42_000)
    for (const line of listed) {
      const [name = '', high, low, status] = line.split(' ')
      const group = active.get(name)
      // Nothing is filed yet: numbers go on behind the old high mark. RFC 3977 6.1.1.2
      const marks = [Number(high), Number(low), status]
      expect(marks, name).to.deep.equal([group?.high, (group?.high ?? 0) + 1, group?.status])
    }
    expect(listed).to.deep.equal([...listed].sort())

    let foreign = 0
    const described = await list(client, 'NEWSGROUPS')
    for (const line of described) {
      const tab = line.indexOf('\t')
      const name = line.slice(0, tab)
      const text = decoded(line.slice(tab + 1))
      const original = descriptions.get(name) ?? ''
      if (/^[\x20-\x7e\t]*$/.test(original)) expect(text, name).to.equal(original.replace(/\t+/g, ' '))
      else foreign++
      expect(text, name).not.to.match(/[\ufffd\x00-\x1f\x7f]/)
    }
    expect(foreign).to.be.greaterThan(1500)
    const wanted = [...active.keys()].filter(name => (descriptions.get(name) ?? '') !== '')
    expect(described.map(line => line.split('\t')[0])).to.deep.equal(wanted.sort())

    const again = await node.run(importing(activePath, descriptionsPath))
    expect(JSON.parse(again.stdout)).to.include({ created: 0, changed: 0, unchanged: active.size })
    await node.stop()
    await node.start()
    expect(await list(await node.connect(), 'ACTIVE')).to.deep.equal(listed)
  })

  it('may name 117,000 groups: listing needs no memory, starting little time', async () => {
    await using node = await ProcessNode.start()
    const all = new Map([...active].map(([name, { high }]) => [name, high]))
    for (const name of descriptions.keys()) if (!all.has(name)) all.set(name, 0)
    const known = [...all.keys()]
    for (let at = 0; all.size < 117_000; at++) all.set(`more.${known[(at * 37) % known.length]}.x${at}`, at)
    const path = join(node.path, 'active')
    const texts = join(node.path, 'newsgroups')
    writeFileSync(path, [...all].map(([name, high]) => `${name} ${high} 1 y\n`).join(''))
    writeFileSync(texts, [...all.keys()].map(name => `${name}\tAll about ${name}\n`).join(''))
    const outcome = JSON.parse((await node.run(importing(path, texts))).stdout)
    expect(outcome.created + outcome.refused.length + outcome.faults.length).to.equal(117_000)
    expect(outcome.created).to.be.greaterThan(116_000)
    await node.stop()

    await node.start()
    // On a machine with nothing else to do that is the time it takes.
    const start = node.cpu
    expect(start, 'milliseconds of processor to start').to.be.below(3000)
    const idle = node.rssAnon
    expect(idle, 'kB when idle').to.be.below(200_000)
    // Sent all at once and read late: what is not read must not pile up in the node.
    const lists = 20
    const client = await node.connect()
    client.send('LIST ACTIVE\r\n'.repeat(lists))
    const sizes: number[] = []
    for (let at = 0; at < lists; at++) {
      expect(await client.line()).to.match(/^215 /)
      sizes.push((await client.block()).length)
    }
    expect(new Set(sizes)).to.deep.equal(new Set([outcome.created]))
    expect(node.rssAnon - idle, 'kB more after listing').to.be.below(50_000)
    console.log(
      `      117,000 groups: start ${Math.round(node.startup)} ms (${start} of processor), idle ${idle} kB, then ${node.rssAnon} kB`,
    )
  })
})
