/** `/g/<group>/unread/`: the unread articles of a group, oldest first. */
import { visibleLine } from '../../article-text/visible.ts'
import { groupAddress, twinAddress, unreadAddress } from '../addresses.ts'
import { articleLine } from '../article/article-lines.ts'
import { catchUpOf, undoOf } from '../groups/catch-up.ts'
import { noSuchGroup } from '../missing.ts'
import { trailTo } from '../navigation.ts'
import { unreadRows } from '../read-state/unread-rows.ts'
import type { Link } from '../render.ts'
import type { Answer, Site, Visit } from '../site.ts'

function positive(text: string | null): number {
  return text !== null && /^\d{1,10}$/.test(text) ? Number(text) : 0
}

/** `?after=`: greater numbers only. `?hidden=1`: those too that a rule hides. */
export async function unreadPage(site: Site, visit: Visit): Promise<Answer> {
  const { words, query, reader } = visit
  const rowsPerPage = visit.settings.perPage
  const group = await site.reading.group(visit.parameter('group'))
  if (group === undefined || !visit.access.mayRead(group.name)) return noSuchGroup
  const hidden = query.get('hidden') === '1'
  const span = { after: positive(query.get('after')), count: rowsPerPage, hidden }
  const { rows, hiddenCount } = await unreadRows({ ...visit, reading: site.reading }, group, span)
  const unread = await reader.unread(group)
  const last = rows.at(-1)
  const here = unreadAddress(group.name)
  const name = visibleLine(group.name)
  const further: Link[] =
    rows.length < rowsPerPage || last === undefined
      ? []
      : [{ text: words.reading.further, to: `${here}?after=${last.number}${hidden ? '&hidden=1' : ''}` }]
  const now = site.clock.now()
  return {
    kind: 'page',
    keepsCookie: true,
    html: () =>
      site.render(
        'unread',
        {
          frame: site.frame(visit, words.reading.unreadIn(name), twinAddress(here)),
          trail: [...trailTo(group.name, words), { text: name, to: groupAddress(group.name) }],
          heading: words.reading.unreadIn(name),
          summary: words.unread(unread),
          hidden: hiddenCount === 0 ? '' : words.reading.hidden(words.articles(hiddenCount)),
          showHidden: `${here}?hidden=1`,
          articles: rows.map(row =>
            articleLine(row, now, { words, judgement: visit.taste.judge(row, group.name) }),
          ),
          catchUp: catchUpOf(site, visit, { group, upTo: last?.number ?? group.high, back: here }),
          undo: undoOf(site, visit, here),
          pager: further,
        },
        words,
      ),
    data: () => ({
      group: group.name,
      unread,
      hidden: hiddenCount,
      articles: rows.map(({ newsgroups: _, ...row }) => row),
    }),
  }
}
