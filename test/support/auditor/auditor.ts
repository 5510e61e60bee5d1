/**
 * Whether a stopped store agrees with itself and with what clients were told: an independent reading of
 * docs/storage-format.md that shares no code with the server. Also a program: `auditor.js FOLDER`.
 */
import { argv, exit } from 'node:process'
import { fileURLToPath } from 'node:url'
import { type Contents, contentsOf } from './contents.ts'
import { hashOf } from './octets.ts'

export interface AuditReport {
  readonly articles: number
  readonly groups: number
  readonly numbers: number
  /** Sentences; none where all is well. */
  readonly faults: readonly string[]
}

/** Rejects where there is no store, or its journal is damaged. `acknowledged` are message-IDs. */
export async function auditStore(data: string, acknowledged: Iterable<string> = []): Promise<AuditReport> {
  const contents = await contentsOf(data)
  const ids = new Map([...contents.articles].map(([arrival, { messageId }]) => [messageId, arrival]))
  const lost = [...acknowledged]
    .filter(id => !ids.has(id))
    .map(id => `${id} was acknowledged and is not there`)
  const faults = [
    ...contents.faults,
    ...lost,
    ...articleFaults(contents),
    ...indexFaults(contents),
    ...groupFaults(contents),
    ...cancelFaults(contents),
  ]
  const { articles, groups, numbers } = contents
  return { articles: articles.size, groups: groups.size, numbers: numbers.size, faults }
}

/** Each article by itself: its octets, its id, its Xref. */
function articleFaults({ articles, groups, gone, counters }: Contents): string[] {
  const faults: string[] = []
  const ids = new Set<string>()
  const last = counters.get('arrival') ?? 0
  for (const [arrival, article] of articles) {
    const fault = (what: string) => faults.push(`article ${arrival} ${article.messageId}: ${what}`)
    const { messageId, wire, xref, filings } = article
    if (ids.has(messageId)) fault('is there twice')
    ids.add(messageId)
    if (arrival > last) fault(`the counter says ${last}`)
    if (gone.has(hashOf(messageId))) fault('is gone and here')
    const head = wire.subarray(0, article.bodyStart).toString('latin1')
    const named = /^message-id:[ \t]*(?:\r\n[ \t]+)?(\S+)/im.exec(head)?.[1]
    if (named !== messageId) fault(`its header says ${named}`)
    if (!head.endsWith('\r\n\r\n')) fault('the header section does not end where the record says')
    if (/^xref:/im.test(head)) fault('has an Xref of its own')
    const places = filings.map(({ group, number }) => `${groups.get(group)?.name}:${number}`)
    if (
      xref
        .replace(/\r\n[ \t]/g, ' ')
        .trim()
        .split(/ +/)
        .slice(2)
        .join() !== places.join()
    )
      fault(`Xref is ${xref.trim()}, filed in ${places}`)
    const plain = wire.toString('latin1').replace(/(^|\r\n)\.\./g, '$1.')
    const shown = plain.length + xref.length
    if (article.octets !== shown && article.octets !== plain.length)
      fault(`${article.octets} octets are said, ${shown} are there`)
    const lines = wire.subarray(article.bodyStart).toString('latin1').split('\r\n').length - 1
    if (article.lines !== lines) fault(`${article.lines} lines are said, ${lines} are there`)
  }
  return faults
}

/** What leads to articles: history, numbers, overview, the log, and the way back. */
function indexFaults({ articles, history, numbers, overview, log }: Contents): string[] {
  const faults: string[] = []
  for (const [arrival, { messageId, filings, xref }] of articles) {
    if (history.get(hashOf(messageId)) !== arrival) faults.push(`history does not lead to ${messageId}`)
    const row = log.get(arrival)
    if (row !== undefined && JSON.stringify(row) !== JSON.stringify({ messageId, filings }))
      faults.push(`the log and the record of ${messageId} differ`)
    for (const { group, number } of filings) {
      const place = `${group}:${number}`
      if (numbers.get(place) !== arrival) faults.push(`number ${place} does not lead to ${messageId}`)
      const columns = overview.get(place)?.split('\t') ?? []
      if (columns[0] !== String(number) || columns[4] !== messageId)
        faults.push(`overview of ${place} is ${columns.join('|')}, not of ${messageId}`)
      else if (columns[8]?.trim() !== xref.replace(/\r\n[ \t]/g, ' ').trim())
        faults.push(`overview of ${place} has ${columns[8]}, the article ${xref.trim()}`)
    }
  }
  for (const [hash, arrival] of history)
    if (hashOf(articles.get(arrival)?.messageId ?? '') !== hash) faults.push(`history ${hash} leads nowhere`)
  for (const [place, arrival] of numbers)
    if (!articles.has(arrival)) faults.push(`number ${place} leads to no article`)
  for (const place of overview.keys()) if (!numbers.has(place)) faults.push(`overview of ${place}, no number`)
  return faults
}

/** What is remembered for articles to come stands in the ring, so that it can be displaced. */
function cancelFaults({ cancels, slots, counters }: Contents): string[] {
  const faults = [...cancels]
    .filter(([cancel, slot]) => slots.get(slot) !== cancel)
    .map(([cancel]) => `the cancel ${cancel} has no place in the ring`)
  const counted = counters.get('cancel') ?? 0
  if (slots.size > counted) faults.push(`${slots.size} places for cancels, ${counted} were counted`)
  return faults
}

/** Marks and counts against the numbers that are there. */
function groupFaults({ groups, marks, numbers, counters, articles }: Contents): string[] {
  const faults: string[] = []
  const present = new Map<number, number[]>()
  for (const place of numbers.keys()) {
    const [group = 0, number = 0] = place.split(':').map(Number)
    present.set(group, [...(present.get(group) ?? []), number])
  }
  const names = [...groups.values()].map(({ name }) => name)
  if (new Set(names).size !== names.length) faults.push('a name of a group is there twice')
  for (const [group, { name }] of groups) {
    const mark = marks.get(group)
    if (mark === undefined) {
      faults.push(`${name} has no marks`)
      continue
    }
    if (group > (counters.get('group') ?? 0)) faults.push(`${name}: the counter of groups is below ${group}`)
    const filed = present.get(group) ?? []
    if (filed.length !== mark.count) faults.push(`${name}: count ${mark.count}, ${filed.length} numbers`)
    const octets = filed.map(number => articles.get(numbers.get(`${group}:${number}`) ?? 0)?.wire.length ?? 0)
    const sum = octets.reduce((all, each) => all + each, 0)
    if (sum !== mark.octets) faults.push(`${name}: ${mark.octets} octets are said, ${sum} are there`)
    for (const number of filed)
      if (number < mark.low || number > mark.high)
        faults.push(`${name}: ${number} lies outside ${mark.low} to ${mark.high}`)
  }
  for (const group of [...marks.keys(), ...present.keys()])
    if (!groups.has(group)) faults.push(`group ${group} has no definition`)
  return faults
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const report = await auditStore(argv[2] ?? 'data')
  console.log(JSON.stringify(report, undefined, 2))
  exit(report.faults.length === 0 ? 0 : 1)
}
