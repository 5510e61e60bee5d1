import { expect } from 'chai'
import { type ExportFormat, exportArticles } from '../../src/feed/export.ts'
import { readMbox } from '../../src/feed/import/mbox.ts'
import { OctetSource } from '../../src/feed/import/octet-source.ts'
import { readRnews } from '../../src/feed/import/rnews.ts'
import { type MessageId, parseLaxMessageId } from '../../src/message-id.ts'
import { type Newsgroup, parseNewsgroup } from '../../src/newsgroup.ts'
import type {
  Arrival,
  ArrivalRow,
  ArticleNumber,
  Group,
  GroupId,
  Reading,
  StoredArticle,
} from '../../src/storage/reading.ts'
import { Wildmat } from '../../src/wildmat.ts'
import { terminator, textFromWire } from '../../src/wire.ts'
import { wireOf } from './sample.ts'

const names = ['test.a', 'test.b', 'other.c']

function idOf(text: string): MessageId {
  const id = parseLaxMessageId(text)
  if (id === undefined) throw new Error(text)
  return id
}

function groupOf(id: number): Group {
  const name = parseNewsgroup(names[id - 1] ?? '') as Newsgroup
  const marks = { low: 1, high: 9, count: 9, created: 0, creator: '' }
  return { id: id as GroupId, name, status: 'y', description: '', ...marks }
}

interface Kept {
  readonly wire: Buffer
  /** Group to number. */
  readonly filed: Readonly<Record<number, number>>
  readonly kind?: ArrivalRow['kind']
  readonly gone?: boolean
}

/** Only what an export asks for. */
function readingOf(kept: readonly Kept[]): Reading {
  const rows = kept.map(({ filed, kind = 'article' }, index) => ({
    arrival: (index + 1) as Arrival,
    kind,
    time: Date.UTC(2026, 10, 1, 8, 0, index) / 1000,
    source: 'import',
    messageId: idOf(`<${index + 1}@example.org>`),
    filings: Object.entries(filed).map(([group, number]) => ({
      group: Number(group) as GroupId,
      number: number as ArticleNumber,
    })),
    path: [],
    distributions: [],
    size: 1,
    localOnly: false,
    control: false,
  }))
  const not = () => {
    throw new Error('not asked for by an export')
  }
  return {
    ...{
      group: not,
      groups: not,
      numbers: not,
      next: not,
      previous: not,
      locateNumber: not,
      locateId: not,
      articleByNumber: not,
      articleById: not,
    },
    ...{ overview: not, arrivalBefore: not, changed: not },
    groupById: async id => (names[id - 1] === undefined ? undefined : groupOf(id)),
    article: async arrival => articleAt(kept[arrival - 1], rows[arrival - 1]),
    arrivals: async (after, limit) => rows.slice(after, after + Math.min(limit, 2)),
    newest: rows.length as Arrival,
  }
}

function articleAt(kept: Kept | undefined, row: ArrivalRow | undefined): StoredArticle | undefined {
  if (kept === undefined || kept.gone === true || row === undefined || row.messageId === '') return undefined
  const transfer = Buffer.concat([kept.wire, terminator])
  const served = Buffer.concat([Buffer.from('Xref: here test.a:1\r\n'), transfer])
  const { messageId, filings, localOnly } = row
  return {
    messageId,
    filings,
    localOnly,
    octets: 0,
    lines: 0,
    served,
    transfer,
    head: served,
    body: transfer,
  }
}

const kept: readonly Kept[] = [
  {
    wire: wireOf({ Subject: 'one' }, 'From here\r\n>From there\r\nFromage\r\n..dots\r\n'),
    filed: { 1: 4, 2: 9 },
  },
  { wire: wireOf({ Subject: 'two' }, 'latin1: \xe9\r\n'), filed: { 2: 10, 3: 1 } },
  { wire: wireOf({ Subject: 'elsewhere' }), filed: { 3: 2 } },
  { wire: wireOf({ Subject: 'cancelled' }), filed: { 1: 5 }, kind: 'cancel' },
  { wire: wireOf({ Subject: 'gone' }), filed: { 1: 6 }, gone: true },
  { wire: wireOf({ Subject: 'group removed' }), filed: { 99: 1 } },
  { wire: wireOf({ Subject: 'three' }), filed: { 1: 7 } },
]

async function exported(format: ExportFormat, wildmat = 'test.*') {
  const groups = Wildmat.parse(wildmat)
  if (groups === undefined) throw new Error(wildmat)
  const chunks: { path?: string; octets: Buffer }[] = []
  for await (const chunk of exportArticles({ format, groups }, readingOf(kept))) chunks.push(chunk)
  return chunks
}

async function* once(chunks: readonly { octets: Buffer }[]): AsyncGenerator<Buffer> {
  for (const { octets } of chunks) yield octets
}

const wanted = [0, 1, 6].map(index => textFromWire(kept[index]?.wire ?? Buffer.alloc(0)).toString('latin1'))

describe('exportArticles', () => {
  it('writes a mailbox that reads back octet for octet', async () => {
    const chunks = await exported('mbox')
    expect(chunks[0]?.octets.toString('latin1')).to.match(
      /^From tidings@localhost Sun Nov {2}1 08:00:00 2026\n/,
    )
    const texts: string[] = []
    for await (const { text } of readMbox(new OctetSource(once(chunks)), 'x', 10_000))
      texts.push(text.toString('latin1'))
    expect(texts).to.deep.equal(wanted)
  })

  it('writes a batch that reads back octet for octet', async () => {
    const texts: string[] = []
    const source = new OctetSource(once(await exported('rnews')))
    for await (const some of readRnews(source, 'x', 10_000))
      for (const { text } of some) texts.push(text.toString('latin1'))
    expect(texts).to.deep.equal(wanted)
  })

  it('writes a spool: an article in each of its groups, with Xref', async () => {
    const chunks = await exported('spool')
    expect(chunks.map(({ path }) => path)).to.deep.equal(['test/a/4', 'test/b/9', 'test/b/10', 'test/a/7'])
    expect(chunks[3]?.octets.toString('latin1')).to.equal(`Xref: here test.a:1\n${wanted[2]}`)
  })

  it('writes JSON lines, in base64 what is not UTF-8', async () => {
    const lines = (await exported('jsonl', '*,!test.a')).map(({ octets }) => octets.toString())
    expect(lines.every(line => line.endsWith('}\n'))).to.equal(true)
    const objects = lines.map(line => JSON.parse(line))
    expect(objects[0]).to.deep.equal({
      message_id: '<1@example.org>',
      arrival: 1,
      time: Date.UTC(2026, 10, 1, 8) / 1000,
      source: 'import',
      groups: [{ group: 'test.b', number: 9 }],
      article: wanted[0],
    })
    expect(Buffer.from(objects[1].article_base64, 'base64').toString('latin1')).to.equal(wanted[1])
    expect(objects.map(({ message_id }) => message_id)).to.deep.equal([
      '<1@example.org>',
      '<2@example.org>',
      '<3@example.org>',
    ])
  })
})
