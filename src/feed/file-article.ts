/** Step 5 for articles: which groups, which numbers, Xref; decided by the log and storage alone. RFC 5537 3.7 */
import { Article } from '../article.ts'
import { overviewLine } from '../overview-line.ts'
import { Reason } from '../reason.ts'
import { type GroupState, noMarks } from '../storage/active.ts'
import type { Draft } from '../storage/draft.ts'
import type { ArticleEntry, Outcome } from '../storage/entry.ts'
import type { Arrival, ArticleNumber, Filing } from '../storage/reading.ts'
import { encodeRecord, type StoredArticle } from '../storage/record.ts'
import { xrefLine } from '../storage/xref.ts'
import { terminator } from '../wire.ts'
import { createGroup } from './apply-group.ts'

/** RFC 3977 6: article numbers are at most 2^31-1. */
const highestNumber = 2 ** 31 - 1

/** What is stored was examined once: these only bound the parser. */
const storedLimits = { header_bytes: 2 ** 30, header_line_bytes: 2 ** 30, headers: 2 ** 20, lax: true }

interface Slot {
  readonly group: GroupState
  readonly number: ArticleNumber
}

export async function applyArticle(entry: ArticleEntry, draft: Draft): Promise<Outcome | 'again'> {
  const known = await draft.known(entry.messageId)
  if (known === 'gone') return { kind: 'duplicate' }
  if (known) return entry.keep ? addFiling(entry, known.have, draft) : { kind: 'duplicate' }
  const slots = await chooseSlots(entry, draft)
  if (slots instanceof Reason) return { kind: 'refused', reason: slots }
  return store(entry, slots, draft)
}

async function chooseSlots(entry: ArticleEntry, draft: Draft): Promise<readonly Slot[] | Reason> {
  if (entry.keep) {
    const group = groupFor(entry.keep.group, entry, draft)
    if (!group) return new Reason('unwanted-newsgroup', entry.keep.group)
    return keptSlot(group, entry.keep.number, draft)
  }
  const groups = entry.newsgroups
    .map(name => groupFor(name, entry, draft))
    .filter(group => group !== undefined)
  if (groups.length === 0) return new Reason('unwanted-newsgroup', entry.newsgroups.join(','))
  const slots = [...new Map(groups.map(group => [group.id, group])).values()]
    .filter(group => group.high < highestNumber)
    .map(group => ({ group, number: (group.high + 1) as ArticleNumber }))
  return slots.length > 0 ? slots : new Reason('newsgroup-full', groups[0]?.name)
}

/** The group an article named for `name` is filed in, if any. RFC 6048 3.1: aliases, `x` and `j` */
function groupFor(name: string, entry: ArticleEntry, draft: Draft): GroupState | undefined {
  const group = draft.group(name) ?? (entry.createGroups ? createGroup(name, entry, draft) : undefined)
  if (group?.status.startsWith('=')) return draft.group(group.status.slice(1))
  return group?.status === 'x' || group?.status === 'j' ? undefined : group
}

/** An import may keep a number that is free and not below the low mark. RFC 3977 6.1.1.2: low never decreases */
async function keptSlot(group: GroupState, number: number, draft: Draft): Promise<readonly Slot[] | Reason> {
  const detail = `${group.name}:${number}`
  if (number < 1 || number > highestNumber) return new Reason('newsgroup-full', detail)
  const unused = group.high === 0 || group.fresh
  if (number <= group.high && !unused) {
    if (number < group.low) return new Reason('number-taken', `${detail} is below the low mark`)
    if (await draft.numberTaken(group.id, number)) return new Reason('number-taken', detail)
  }
  return [{ group, number: number as ArticleNumber }]
}

async function store(entry: ArticleEntry, slots: readonly Slot[], draft: Draft): Promise<Outcome> {
  const { article, messageId } = entry
  const filings = slots.map(({ group, number }) => ({ group: group.id, number }))
  const xref = xrefOf(entry.pathIdentity, slots)
  const record = encodeRecord({
    messageId,
    filings,
    localOnly: entry.localOnly,
    octets: article.octets + xref.length + 2,
    lines: article.lines,
    xref: Buffer.from(`${xref}\r\n`, 'latin1'),
    article: article.wire,
    bodyStart: article.bodyStart,
  })
  const { arrival } = draft.announce({ ...rowOf(entry), kind: 'article', filings }, record)
  draft.putArticle(arrival, record)
  draft.remember(messageId, arrival)
  for (const slot of slots) await file(slot, { article, arrival, xref }, draft)
  return { kind: 'stored', arrival, filings }
}

const xrefOf = (identity: string, slots: readonly Slot[]): string =>
  xrefLine(
    identity,
    slots.map(({ group, number }) => ({ name: group.name, number })),
  )

const rowOf = (entry: ArticleEntry) => ({
  time: entry.time,
  source: entry.source,
  messageId: entry.messageId,
  path: entry.path,
  distributions: entry.distributions,
  size: entry.article.wire.length,
  localOnly: entry.localOnly,
  control: entry.control,
})

interface Filed {
  readonly article: Article
  readonly arrival: Arrival
  readonly xref: string
}

async function file({ group, number }: Slot, { article, arrival, xref }: Filed, draft: Draft): Promise<void> {
  draft.putNumber(group.id, number, arrival)
  await draft.overview.add(group.id, number, overviewLine({ article, number, xref }), group.high)
  draft.setGroup({
    ...group,
    low: group.count === 0 ? number : Math.min(group.low, number),
    high: Math.max(group.high, number),
    count: group.count + 1,
    fresh: false,
  })
}

/** The same article in another folder of an imported spool: a further number, one article. RFC 5537 3.7 */
async function addFiling(entry: ArticleEntry, arrival: Arrival, draft: Draft): Promise<Outcome> {
  const stored = await draft.article(arrival)
  const group = entry.keep && groupFor(entry.keep.group, entry, draft)
  if (!stored || !group || !entry.keep) return { kind: 'duplicate' }
  if (stored.filings.some(filing => filing.group === group.id)) return { kind: 'duplicate' }
  const slots = await keptSlot(group, entry.keep.number, draft)
  if (slots instanceof Reason) return { kind: 'refused', reason: slots }
  const article = Article.parse(withoutTerminator(stored.transfer), storedLimits)
  if (article instanceof Reason) return { kind: 'refused', reason: article }
  const all = [...slotsOf(stored, draft), ...slots]
  const xref = xrefOf(entry.pathIdentity, all)
  const filings = all.map(slot => ({ group: slot.group.id, number: slot.number }))
  const record = encodeRecord({
    messageId: stored.messageId,
    filings,
    localOnly: stored.localOnly,
    octets: article.octets + xref.length + 2,
    lines: article.lines,
    xref: Buffer.from(`${xref}\r\n`, 'latin1'),
    article: article.wire,
    bodyStart: article.bodyStart,
  })
  draft.putArticle(arrival, record)
  // The Xref of the numbers it already has changes with it: OVER and ARTICLE never disagree. RFC 3977 8.3.2
  for (const { group: filed, number } of stored.filings)
    await draft.overview.replace(filed, number, overviewLine({ article, number, xref }))
  for (const slot of slots) await file(slot, { article, arrival, xref }, draft)
  const added = slots.map(slot => ({ group: slot.group.id, number: slot.number }))
  await draft.amendRow(stored.messageId, arrival, filings)
  const row = draft.announce({ ...rowOf(entry), kind: 'file', filings: added })
  return { kind: 'stored', arrival: row.arrival, filings: added }
}

function slotsOf(stored: StoredArticle, draft: Draft): Slot[] {
  return stored.filings.map(({ group, number }: Filing) => ({
    group: draft.groupWithId(group) ?? unknownGroup(group),
    number,
  }))
}

const unknownGroup = (id: Filing['group']): GroupState => ({
  ...noMarks,
  id,
  name: 'unknown' as GroupState['name'],
  status: 'x',
  description: '',
  created: 0,
  creator: '',
  removed: true,
})

const withoutTerminator = (wire: Buffer): Buffer => wire.subarray(0, wire.length - terminator.length)
