/** All that a stopped store holds, read as docs/storage-format.md says, into maps. Reading changes nothing in it. */
import { createHash } from 'node:crypto'
import { cp, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Level } from 'level'
import { temporaryDirectory } from '../temporary-directory.ts'
import { journalChanges } from './journal.ts'
import { behindChecksum, type Octets, unsealed } from './octets.ts'

export interface Filing {
  readonly group: number
  readonly number: number
}

export interface Article {
  readonly messageId: string
  readonly source: string
  readonly filings: readonly Filing[]
  readonly octets: number
  readonly lines: number
  readonly xref: string
  /** Wire form without terminator. */
  readonly wire: Buffer
  /** Of the body in `wire`. */
  readonly bodyStart: number
}

export interface Group {
  readonly name: string
  readonly removed: boolean
}

export interface Marks {
  readonly low: number
  readonly high: number
  readonly count: number
  /** Of its articles in wire form. */
  readonly octets: number
}

/** Keys and values in hexadecimal and octets, table by table; keys without the letter of their table. */
export interface Contents {
  readonly articles: ReadonlyMap<number, Article>
  readonly groups: ReadonlyMap<number, Group>
  readonly marks: ReadonlyMap<number, Marks>
  /** Ids that are gone, as hashes. */
  readonly gone: ReadonlySet<string>
  /** Cancels whose article has not come, and the ring they stand in: keys and values with their letters. */
  readonly cancels: ReadonlyMap<string, string>
  readonly slots: ReadonlyMap<string, string>
  /** Message-IDs of postings that wait for release. */
  readonly held: ReadonlySet<string>
  readonly counters: ReadonlyMap<string, number>
  /** Hash of the message-ID to arrival. */
  readonly history: ReadonlyMap<string, number>
  /** `group:number` to arrival. */
  readonly numbers: ReadonlyMap<string, number>
  /** `group:number` to the line of OVER without CRLF. */
  readonly overview: ReadonlyMap<string, string>
  readonly log: ReadonlyMap<number, { readonly messageId: string; readonly filings: readonly Filing[] }>
  /** What could not be read. */
  readonly faults: readonly string[]
}

const names = ['articles', 'state', 'index'] as const
type Table = Map<string, Buffer>

/** Rejects where the store is none, or its journal is damaged. */
export async function contentsOf(data: string): Promise<Contents> {
  const format = await readFile(join(data, 'tidings-format'), 'utf8')
  if (!/^tidings \d+\n$/.test(format)) throw new Error(`format: ${JSON.stringify(format)}`)
  const tables = await Promise.all(names.map(name => database(join(data, name))))
  for (const { database, key, value } of await journalChanges(join(data, 'journal'))) {
    const table = tables[database]
    if (table === undefined) throw new Error(`the journal speaks of database ${database}`)
    if (value === undefined) table.delete(key.toString('hex'))
    else table.set(key.toString('hex'), value)
  }
  const [articles = new Map(), state = new Map(), index = new Map()] = tables
  return read({ articles, state, index })
}

/** A copy is opened: LevelDB rewrites what it opens. */
async function database(folder: string): Promise<Table> {
  await using directory = await temporaryDirectory()
  const copy = join(directory.path, 'copy')
  await cp(folder, copy, { recursive: true })
  const level = new Level<Buffer, Buffer>(copy, { keyEncoding: 'buffer', valueEncoding: 'buffer' })
  const table: Table = new Map()
  for await (const [key, value] of level.iterator()) table.set(key.toString('hex'), value)
  await level.close()
  return table
}

function read({ articles, state, index }: Record<(typeof names)[number], Table>): Contents {
  const faults: string[] = []
  /** Each value of a table, without the letter in front of its key. */
  const each = (table: Table, letter: string, use: (key: Buffer, value: Buffer) => void) => {
    for (const [hex, value] of table) {
      const key = Buffer.from(hex, 'hex')
      if (letter !== '' && key[0] !== letter.charCodeAt(0)) continue
      try {
        use(key.subarray(letter.length), value)
      } catch (error) {
        faults.push(`${letter === '' ? 'article' : letter} ${hex}: ${error}`)
      }
    }
  }
  const found = {
    articles: new Map<number, Article>(),
    groups: new Map<number, Group>(),
    marks: new Map<number, Marks>(),
    gone: new Set<string>(),
    cancels: new Map<string, string>(),
    slots: new Map<string, string>(),
    held: new Set<string>(),
    counters: new Map<string, number>(),
    history: new Map<string, number>(),
    numbers: new Map<string, number>(),
    overview: new Map<string, string>(),
    log: new Map<number, { messageId: string; filings: readonly Filing[] }>(),
    faults,
  }
  each(articles, '', (key, value) => found.articles.set(wide(key), article(behindChecksum(value))))
  each(state, 'g', (key, value) => {
    const [name, , , , , removed] = JSON.parse(unsealed(value).toString('utf8'))
    found.groups.set(key.readUInt32BE(), { name, removed: removed === true })
  })
  each(state, 'm', (key, value) => {
    const octets = unsealed(value)
    const [low, high, count] = [0, 4, 8].map(at => octets.readUInt32BE(at))
    found.marks.set(key.readUInt32BE(), {
      low: low ?? 0,
      high: high ?? 0,
      count: count ?? 0,
      octets: wide(octets.subarray(17)),
    })
  })
  each(state, 'x', (key, value) => {
    unsealed(value)
    found.gone.add(key.toString('hex'))
  })
  each(state, 'l', (key, value) => {
    if (key.length !== 32) throw new Error('not a message-ID and a lock')
    found.cancels.set(`6c${key.toString('hex')}`, unsealed(value).toString('hex'))
  })
  each(state, 's', (key, value) => {
    if (key.readUInt32BE() >= 65_536) throw new Error('outside the ring')
    found.slots.set(`73${key.toString('hex')}`, unsealed(value).toString('hex'))
  })
  each(state, 'r', (key, value) => {
    const octets = unsealed(value)
    const end = 4 + octets.readUInt32BE()
    const { messageId, time, dated } = JSON.parse(octets.toString('utf8', 4, end))
    if (!key.equals(createHash('sha256').update(messageId).digest().subarray(0, 16)))
      throw new Error(`${messageId} lies under another hash`)
    if (!octets.includes(`Message-ID: ${messageId}\r\n`, end)) throw new Error(`${messageId} is not in it`)
    if (!Number.isInteger(time) || typeof dated !== 'boolean') throw new Error(`${messageId}: no time`)
    found.held.add(messageId)
  })
  each(state, 'p', (_, value) => void unsealed(value))
  each(state, 'v', (_, value) => void unsealed(value))
  each(state, 'c', (key, value) => {
    const octets = unsealed(value)
    if (octets.length === 8) found.counters.set(key.toString('latin1'), wide(octets))
  })
  each(index, 'h', (key, value) => found.history.set(key.toString('hex'), wide(value)))
  each(index, 'n', (key, value) => found.numbers.set(pair(key), wide(value)))
  each(index, 'o', (key, value) => overviewOf(key, value, found.overview))
  each(index, 'a', (key, value) => {
    const row = rowOf(behindChecksum(value))
    if (row !== undefined) found.log.set(wide(key), row)
  })
  return found
}

const wide = (octets: Buffer) => Number(octets.readBigUInt64BE())
const pair = (key: Buffer) => `${key.readUInt32BE()}:${key.readUInt32BE(4)}`

function filingsOf(octets: Octets, count: number): Filing[] {
  return Array.from({ length: count }, () => ({ group: octets.number(4), number: octets.number(4) }))
}

function article(octets: Octets): Article {
  octets.take(2)
  const [filings, size, lines, , xrefLength, bodyStart] = [2, 4, 4, 4, 4, 4].map(width =>
    octets.number(width),
  )
  octets.take(4)
  const [idLength, sourceLength] = [octets.number(1), octets.number(1)]
  const messageId = octets.text(idLength)
  const source = octets.text(sourceLength)
  const filed = filingsOf(octets, filings ?? 0)
  const xref = octets.text(xrefLength ?? 0)
  const wire = octets.take(octets.left - 3)
  if (octets.text(3) !== '.\r\n') throw new Error('no terminator at the end')
  return {
    messageId,
    source,
    filings: filed,
    octets: size ?? 0,
    lines: lines ?? 0,
    xref,
    wire,
    bodyStart: bodyStart ?? 0,
  }
}

/** A sealed block, or a run of loose rows: both are written alike. */
function overviewOf(key: Buffer, value: Buffer, overview: Map<string, string>): void {
  const [group, block] = [key.readUInt32BE(), key.readUInt32BE(4)]
  const octets = behindChecksum(value)
  octets.take(2)
  const ends = Array.from({ length: octets.number(2) }, () => [octets.number(1), octets.number(4)] as const)
  const lines = octets.rest()
  let start = 0
  for (const [at, end] of ends) {
    const line = lines.subarray(start, end).toString('latin1')
    overview.set(`${group}:${block * 128 + at}`, line.replace(/\r\n$/, ''))
    start = end
  }
}

/** Undefined for what is no article. */
function rowOf(octets: Octets) {
  const kind = octets.number(1)
  octets.take(1 + 4 + 4)
  const filings = octets.number(2)
  octets.take(2 + 1)
  const [idLength, sourceLength] = [octets.number(1), octets.number(1)]
  const messageId = octets.text(idLength)
  octets.take(sourceLength)
  return kind === 0 ? { messageId, filings: filingsOf(octets, filings) } : undefined
}
