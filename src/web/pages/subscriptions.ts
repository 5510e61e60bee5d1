/** `/subscriptions/`: the groups somebody subscribes to, one by one and by pattern, and their files in and out. */
import type { Group } from '../../storage/reading.ts'
import { Wildmat } from '../../wildmat.ts'
import { subscriptionsAddress, twinAddress } from '../addresses.ts'
import { type FormParts, shownForms, typedLine } from '../form.ts'
import { undoOf } from '../groups/catch-up.ts'
import { groupLines, groupsData } from '../groups/group-lines.ts'
import { formatOpml, opmlSteps } from '../opml.ts'
import { formatNewsrc, type NewsrcLine, newsrcSteps } from '../read-state/newsrc.ts'
import { unite, upTo } from '../read-state/number-ranges.ts'
import { subscriptionsIn, unreadCounts } from '../read-state/unread-counts.ts'
import type { Answer, Site, Visit } from '../site.ts'
import { inSlices, slicesOf } from '../slices.ts'

const perPage = 300
const longestPatterns = 2000

interface Showing {
  readonly notes?: readonly string[]
  readonly problems?: Readonly<Record<string, string>>
  /** Patterns as they were typed. */
  readonly typed?: string
}

/** `?from=` names the group that the list begins with. */
export async function subscriptionsPage(site: Site, visit: Visit): Promise<Answer> {
  return showSubscriptions(site, visit, {})
}

async function showSubscriptions(site: Site, visit: Visit, showing: Showing): Promise<Answer> {
  const { words, query, reader } = visit
  const unread = await unreadCounts(await site.directory(visit.access.mayRead), reader)
  const from = query.get('from') ?? ''
  const rest = unread.subscribed.filter(({ name }) => name >= from)
  const groups = rest.slice(0, perPage)
  const lines = await groupLines(site, visit, { groups, unread })
  const { subscriptions } = words
  const next = rest[perPage]
  const here = subscriptionsAddress
  return {
    kind: 'page',
    keepsCookie: true,
    status: showing.problems === undefined ? 200 : 422,
    html: () =>
      site.render(
        'subscriptions',
        {
          frame: site.frame(visit, subscriptions.heading, twinAddress(here)),
          heading: subscriptions.heading,
          summary: `${words.groupCount(unread.subscribed.length)}, ${words.unread(unread.below('') ?? 0)}`,
          notes: [
            ...(showing.notes ?? []),
            ...(visit.person === undefined ? [subscriptions.forVisitor] : []),
          ],
          here,
          token: site.tokens.of(visit.cookie),
          groups: groups.map(lines.line),
          undo: undoOf(site, visit, here),
          forms: shownForms(formsOf(visit, showing, groups.length > 0), site.tokens.of(visit.cookie)),
          links: [
            { text: subscriptions.saveNewsrc, to: `${here}newsrc` },
            { text: subscriptions.saveOpml, to: `${here}opml` },
          ],
          pager:
            next === undefined
              ? []
              : [{ text: words.groups.further, to: `${here}?${new URLSearchParams({ from: next.name })}` }],
        },
        words,
      ),
    data: () => ({ patterns: reader.patterns, ...groupsData(groups, unread), next: next?.name ?? '' }),
  }
}

function formsOf({ words: { subscriptions }, reader }: Visit, showing: Showing, some: boolean): FormParts[] {
  const { problems = {}, typed = reader.patterns } = showing
  const action = subscriptionsAddress
  const area = (id: string, label: string, hint: string) => [{ id, label, hint, area: true }]
  return [
    ...(some ? [{ action: '/catchup', hidden: { back: action }, button: subscriptions.markAll }] : []),
    {
      action,
      heading: subscriptions.byPattern,
      button: subscriptions.save,
      hidden: { what: 'patterns' },
      problems,
      entries: [
        {
          id: 'patterns',
          label: subscriptions.patterns,
          hint: subscriptions.patternsHint,
          value: typed,
          required: false,
        },
      ],
    },
    {
      action,
      heading: subscriptions.newsrc,
      button: subscriptions.take,
      hidden: { what: 'newsrc' },
      entries: [
        ...area('newsrc', subscriptions.newsrcText, subscriptions.newsrcHint),
        { id: 'numbers', label: subscriptions.numbers, box: true, on: true, required: false },
      ],
    },
    {
      action,
      heading: subscriptions.opml,
      button: subscriptions.take,
      hidden: { what: 'opml' },
      entries: area('opml', subscriptions.opmlText, subscriptions.opmlHint),
    },
  ]
}

/** `what`: `patterns`, `newsrc` or `opml`. */
export async function changeSubscriptions(site: Site, visit: Visit): Promise<Answer> {
  switch (visit.form.get('what')) {
    case 'patterns':
      return takePatterns(site, visit)
    case 'newsrc':
      return takeNewsrc(site, visit)
    default:
      return takeOpml(site, visit)
  }
}

async function takePatterns(site: Site, visit: Visit): Promise<Answer> {
  const typed = typedLine(visit.form, 'patterns').replace(/\s*,\s*|\s+/g, ',')
  const { subscriptions } = visit.words
  if (typed.length > longestPatterns || (typed !== '' && Wildmat.parse(typed) === undefined))
    return showSubscriptions(site, visit, { typed, problems: { patterns: subscriptions.badPatterns } })
  visit.reader.patterns = typed
  return showSubscriptions(site, visit, { notes: [subscriptions.saved] })
}

async function takeNewsrc(site: Site, visit: Visit): Promise<Answer> {
  const slices = slicesOf(site.clock)
  const { lines, odd } = await inSlices(newsrcSteps(visit.form.get('newsrc') ?? ''), slices)
  const directory = await site.directory(visit.access.mayRead)
  const numbers = visit.form.get('numbers') === 'on'
  let [taken, absent] = [0, 0]
  for (const { group: name, wanted, read } of lines) {
    await slices.rest()
    const group = directory.named(name)
    if (group === undefined) {
      absent++
      continue
    }
    taken++
    visit.reader.subscribe(group, wanted)
    // Numbers that are to come are not read, whatever another server has under them.
    if (numbers) visit.reader.mark(group, upTo(read, group.high))
  }
  return showSubscriptions(site, visit, { notes: notesOf(visit, { taken, absent, odd }) })
}

async function takeOpml(site: Site, visit: Visit): Promise<Answer> {
  const names = await inSlices(opmlSteps(visit.form.get('opml') ?? ''), slicesOf(site.clock))
  const directory = await site.directory(visit.access.mayRead)
  const groups = names.map(name => directory.named(name)).filter(group => group !== undefined)
  for (const group of groups) visit.reader.subscribe(group, true)
  const notes = notesOf(visit, { taken: groups.length, absent: names.length - groups.length, odd: 0 })
  return showSubscriptions(site, visit, { notes })
}

interface Taken {
  readonly taken: number
  readonly absent: number
  readonly odd: number
}

function notesOf({ words }: Visit, { taken, absent, odd }: Taken): string[] {
  const { subscriptions } = words
  return [
    subscriptions.taken(words.groupCount(taken)),
    ...(absent > 0 ? [subscriptions.absent(words.groupCount(absent))] : []),
    ...(odd > 0 ? [subscriptions.odd(words.lines(odd))] : []),
  ]
}

/** Every group that is subscribed to or has been read in, in name order. */
export async function newsrcFile(site: Site, visit: Visit): Promise<Answer> {
  const directory = await site.directory(visit.access.mayRead)
  const lines = new Map<Group, NewsrcLine>()
  for (const group of subscriptionsIn(directory, visit.reader)) lines.set(group, lineOf(group, visit, true))
  for (const [group] of visit.reader.marked(directory))
    if (!lines.has(group)) lines.set(group, lineOf(group, visit, false))
  const sorted = [...lines.values()].sort((a, b) => (a.group < b.group ? -1 : 1))
  return {
    kind: 'octets',
    type: 'text/plain; charset=utf-8',
    disposition: 'attachment; filename="newsrc"',
    body: Buffer.from(formatNewsrc(sorted)),
  }
}

function lineOf(group: Group, { reader }: Visit, wanted: boolean): NewsrcLine {
  const read = reader.readIn(group)
  // Newsreaders take what has expired for unread unless it is said.
  const gone = group.low > 1 && read.length > 0 ? [{ low: 1, high: group.low - 1 }] : []
  return { group: group.name, wanted, read: unite(read, gone) }
}

export async function opmlFile(site: Site, visit: Visit): Promise<Answer> {
  const directory = await site.directory(visit.access.mayRead)
  const names = subscriptionsIn(directory, visit.reader).map(({ name }) => name)
  const text = formatOpml(names, { title: site.config().web.title, origin: visit.origin })
  return {
    kind: 'octets',
    type: 'text/x-opml; charset=utf-8',
    disposition: 'attachment; filename="subscriptions.opml"',
    body: Buffer.from(text),
  }
}
