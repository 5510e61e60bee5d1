/** Step 5 for articles: which groups, which numbers, Xref; decided by the log and storage alone. RFC 5537 3.7 */
import type { Article } from '../../article.ts'
import { overviewLine } from '../../overview-line.ts'
import { Reason } from '../../reason.ts'
import { encodeRecord } from '../../storage/article/record.ts'
import { articleIn, expiresOf } from '../../storage/article/stored-article.ts'
import { xrefLine } from '../../storage/article/xref.ts'
import type { Draft, Known } from '../../storage/commit/draft.ts'
import type { ArticleEntry, Decision, Outcome } from '../../storage/entry.ts'
import type { Arrival, ArticleNumber, Filing, StoredArticle } from '../../storage/reading.ts'
import { type GroupState, highestNumber, noMarks } from '../../storage/state/active.ts'
import { anyControl, controlGroup } from '../control.ts'
import { createGroup, hiddenGroup } from './apply-group.ts'
import { unlessCancelled } from './withdraw.ts'

interface Slot {
  readonly group: GroupState
  readonly name: string
  readonly number: ArticleNumber
}

const slotIn = (group: GroupState, number: number): Slot => ({
  group,
  name: group.name,
  number: number as ArticleNumber,
})

/** A promise only where something has to be read. */
export function applyArticle(entry: ArticleEntry, draft: Draft): Decision | Promise<Decision> {
  const known = draft.known(entry.messageId)
  return known instanceof Promise ? known.then(it => decide(entry, it, draft)) : decide(entry, known, draft)
}

function decide(entry: ArticleEntry, known: Known, draft: Draft): Decision | Promise<Decision> {
  if (entry.keep && draft.touched(entry.messageId)) return 'again'
  if (known === 'gone') return { kind: 'duplicate' }
  if (known) return entry.keep ? addFiling(entry, known.have, draft) : { kind: 'duplicate' }
  return draft.mayHold(entry.messageId)
    ? unlessCancelled(entry, draft, () => fileNew(entry, draft))
    : fileNew(entry, draft)
}

function fileNew(entry: ArticleEntry, draft: Draft): Decision | Promise<Decision> {
  const slots = entry.keep ? keptSlots(entry, entry.keep, draft) : nextSlots(entry, draft)
  return slots instanceof Promise
    ? slots.then(it => storeUnlessRefused(entry, it, draft))
    : storeUnlessRefused(entry, slots, draft)
}

function storeUnlessRefused(entry: ArticleEntry, slots: readonly Slot[] | Reason, draft: Draft) {
  return slots instanceof Reason ? ({ kind: 'refused', reason: slots } as const) : store(entry, slots, draft)
}

async function keptSlots(
  entry: ArticleEntry,
  keep: NonNullable<ArticleEntry['keep']>,
  draft: Draft,
): Promise<readonly Slot[] | Reason> {
  const group = groupFor(keep.group, entry, draft)
  if (!group) return new Reason('unwanted-newsgroup', keep.group)
  return keptSlot(group, keep.number, draft)
}

function nextSlots(entry: ArticleEntry, draft: Draft): readonly Slot[] | Reason {
  if (entry.control) return controlSlot(entry, draft)
  const slots: Slot[] = []
  let full: GroupState | undefined
  for (const name of entry.newsgroups) {
    const group = groupFor(name, entry, draft)
    if (group === undefined) continue
    if (group.high >= highestNumber) full ??= group
    // An alias may stand for a group that is named too.
    else if (slots.length === 0 || !slots.some(slot => slot.group.id === group.id))
      slots.push(slotIn(group, group.high + 1))
  }
  if (slots.length > 0) return slots
  return full === undefined
    ? new Reason('unwanted-newsgroup', entry.newsgroups.join(','))
    : new Reason('newsgroup-full', full.name)
}

/**
 * Control messages lie in a group of their own and not among the articles of those they name; it is hidden where the
 * operator has made none. RFC 5537 3.7, RFC 5536 3.1.4
 */
function controlSlot(entry: ArticleEntry, draft: Draft): readonly Slot[] | Reason {
  const name = controlGroup(entry.article)
  const group = draft.group(name) ?? draft.group(anyControl) ?? hiddenGroup(name, entry, draft)
  if (group.high >= highestNumber) return new Reason('newsgroup-full', name)
  return [slotIn(group, group.high + 1)]
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
    if (number <= group.used) return new Reason('number-taken', `${detail} may have been another article's`)
    if (await draft.numbers.taken(group.id, number)) return new Reason('number-taken', detail)
  }
  return [slotIn(group, number)]
}

function store(entry: ArticleEntry, slots: readonly Slot[], draft: Draft): Outcome | Promise<Outcome> {
  const { article, messageId } = entry
  const filings = slots.map(({ group, number }) => ({ group: group.id, number }))
  const xref = xrefLine(entry.pathIdentity, slots)
  const time = Math.max(entry.time, draft.time)
  const octets = article.octets + xref.length + 2
  const { lines, wire, bodyStart } = article
  const { localOnly, control, source, path, distributions } = entry
  const kind = 'article'
  // What the record and the row of the log are made of: one object, there is one for each article.
  const stored = {
    kind,
    time,
    source,
    messageId,
    filings,
    path,
    distributions,
    size: wire.length,
    localOnly,
    control,
    octets,
    lines,
    xref: `${xref}\r\n`,
    article: wire,
    bodyStart,
    memory: article,
  } as const
  const record = encodeRecord(stored, draft.room)
  const expires = expiresOf(article)
  const arrival = draft.announce(expires === undefined ? stored : { ...stored, expires }, record)
  draft.putArticle(arrival, record)
  draft.remember(messageId, arrival)
  const filed = { article, arrival, xref }
  let reading: Promise<void>[] | undefined
  for (const slot of slots) {
    const read = file(slot, filed, draft)
    if (read === undefined) continue
    reading ??= []
    reading.push(read)
  }
  const outcome: Outcome = { kind: 'stored', arrival, filings }
  return reading === undefined ? outcome : Promise.all(reading).then(() => outcome)
}

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

/** A promise where overview has to be read; the rest is done. */
function file({ group, number }: Slot, { article, arrival, xref }: Filed, draft: Draft) {
  const { id, high } = group
  draft.numbers.put(id, number, arrival)
  draft.groups.file(group, number, article.wire.length)
  return draft.overview.add(id, number, overviewLine({ article, number, xref }, draft.room), high)
}

/** The same article in another folder of an imported spool: a further number, one article. RFC 5537 3.7 */
async function addFiling(entry: ArticleEntry, arrival: Arrival, draft: Draft): Promise<Outcome> {
  const stored = await draft.article(arrival)
  const group = entry.keep && groupFor(entry.keep.group, entry, draft)
  if (!stored || !group || !entry.keep) return { kind: 'duplicate' }
  if (stored.filings.some(filing => filing.group === group.id)) return { kind: 'duplicate' }
  const slots = await keptSlot(group, entry.keep.number, draft)
  if (slots instanceof Reason) return { kind: 'refused', reason: slots }
  const article = articleIn(stored)
  if (article === undefined) throw new Error(`the stored article ${stored.messageId} cannot be read`)
  const all = [...slotsOf(stored, draft), ...slots]
  const xref = xrefLine(entry.pathIdentity, all)
  const filings = all.map(slot => ({ group: slot.group.id, number: slot.number }))
  const record = encodeRecord({
    messageId: stored.messageId,
    filings,
    localOnly: stored.localOnly,
    control: stored.control,
    time: stored.time,
    source: stored.source,
    octets: article.octets + xref.length + 2,
    lines: article.lines,
    xref: `${xref}\r\n`,
    article: article.wire,
    bodyStart: article.bodyStart,
  })
  await draft.amend(stored.messageId, arrival, { record, filings })
  // The Xref of the numbers it already has changes with it: OVER and ARTICLE never disagree. RFC 3977 8.3.2
  for (const { group: filed, number } of stored.filings)
    await draft.overview.replace(filed, number, overviewLine({ article, number, xref }))
  for (const slot of slots) await file(slot, { article, arrival, xref }, draft)
  const added = slots.map(slot => ({ group: slot.group.id, number: slot.number }))
  const announced = draft.announce({ ...rowOf(entry), kind: 'file', filings: added })
  return { kind: 'stored', arrival: announced, filings: added }
}

function slotsOf(stored: StoredArticle, draft: Draft): Slot[] {
  return stored.filings.map(({ group, number }: Filing) =>
    slotIn(draft.groupWithId(group) ?? unknownGroup(group), number),
  )
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
