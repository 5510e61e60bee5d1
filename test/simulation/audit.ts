/** What must hold on one machine: everything once, every number once, and all views of a group agreeing. */
import type { Node } from '../../src/feed/node.ts'
import type { ArrivalRow, Group } from '../../src/storage/reading.ts'

/** What a machine has in the end. */
export interface Holding {
  readonly rows: readonly ArrivalRow[]
  /** Rows of articles by message-ID. */
  readonly articles: ReadonlyMap<string, ArrivalRow>
  /** Articles by message-ID, without Path and Xref. */
  readonly contents: ReadonlyMap<string, string>
  /** Names of the groups an article is filed in. */
  readonly names: (row: ArrivalRow) => readonly string[]
}

const all = { low: 1, high: 2 ** 31 - 1 }

/** Adds a sentence to `wrong` for each thing that does not hold. */
export async function audit(name: string, node: Node, wrong: string[]): Promise<Holding> {
  const complain = (what: string) => void wrong.push(`${name}: ${what}`)
  const { reading } = node.storage
  const groups = (await collected(reading.groups())).flat()
  const names = new Map(groups.map(group => [group.id, group.name as string]))
  const rows: ArrivalRow[] = []
  for (let more = await reading.arrivals(0 as never, 500); more.length > 0; ) {
    rows.push(...more)
    more = await reading.arrivals(more.at(-1)?.arrival ?? (0 as never), 500)
  }
  const articles = new Map<string, ArrivalRow>()
  const contents = new Map<string, string>()
  for (const row of rows) {
    if (row.kind !== 'article') continue
    if (articles.has(row.messageId)) complain(`${row.messageId} is there twice`)
    articles.set(row.messageId, row)
    contents.set(row.messageId, await auditArticle(node, row, complain))
  }
  for (const group of groups) await auditGroup(node, { group, rows }, complain)
  return { rows, articles, contents, names: row => row.filings.map(({ group }) => names.get(group) ?? '?') }
}

async function collected<T>(source: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = []
  for await (const item of source) items.push(item)
  return items
}

type Complain = (what: string) => void

async function auditArticle(node: Node, row: ArrivalRow, complain: Complain): Promise<string> {
  const { reading, history } = node.storage
  if ((await history.lookup(row.messageId)) !== 'have') complain(`${row.messageId} is not in the history`)
  const located = await reading.locateId(row.messageId)
  if (located?.arrival !== row.arrival) complain(`${row.messageId} is not found at ${row.arrival}`)
  const stored = await reading.article(row.arrival)
  if (stored === undefined) complain(`${row.messageId} cannot be read`)
  const text = stored?.transfer.toString('latin1') ?? ''
  const path = /^Path: (.*)\r\n/m.exec(text)?.[1]?.split(/!+/) ?? []
  const injected = path.findIndex(site => site.startsWith('.POSTED'))
  const sites = path.slice(0, injected).filter(site => !site.startsWith('.'))
  if (new Set(sites).size < sites.length) complain(`${row.messageId} went in a circle: ${path.join('!')}`)
  return text.replace(/^(Path|Xref): .*\r\n/gm, '')
}

interface Filed {
  readonly group: Group
  readonly rows: readonly ArrivalRow[]
}

async function auditGroup(node: Node, { group, rows }: Filed, complain: Complain): Promise<void> {
  const { reading } = node.storage
  const { id, name, low, high, count } = group
  const filed = new Map<number, string>()
  for (const row of rows)
    for (const { group: into, number } of row.filings) {
      if (into !== id) continue
      if (filed.has(number)) complain(`${name}:${number} was given twice`)
      filed.set(number, row.messageId)
    }
  const numbers = (await collected(reading.numbers(id, all))).flat()
  const expected = [...filed.keys()].sort((a, b) => a - b)
  if (numbers.join() !== expected.join()) complain(`${name}: numbers ${numbers}, filed are ${expected}`)
  if (count !== filed.size) complain(`${name}: count ${count}, filed are ${filed.size}`)
  if (filed.size > 0 && (low !== expected[0] || high !== expected.at(-1)))
    complain(`${name}: marks ${low} ${high}, filed are ${expected[0]} to ${expected.at(-1)}`)
  await auditOverview(node, { group, filed }, complain)
}

async function auditOverview(
  node: Node,
  { group, filed }: { group: Group; filed: ReadonlyMap<number, string> },
  complain: Complain,
): Promise<void> {
  const { reading } = node.storage
  const chunks = await collected(reading.overview(group.id, all))
  const lines = Buffer.concat(chunks).toString('latin1').split('\r\n').slice(0, -1)
  if (lines.length !== filed.size) complain(`${group.name}: ${lines.length} overview lines for ${filed.size}`)
  for (const line of lines) {
    const fields = line.split('\t')
    const number = Number(fields[0])
    const located = await reading.locateNumber(group.id, number)
    if (fields[4] !== filed.get(number) || located?.messageId !== fields[4])
      complain(`${group.name}:${number} is ${filed.get(number)}, overview says ${fields[4]}`)
    if (!line.includes(` ${group.name}:${number}`)) complain(`${group.name}:${number} is not in its Xref`)
  }
}
