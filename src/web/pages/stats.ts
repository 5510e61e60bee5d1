/** `/stats/`: what has been counted of the articles here, as pictures with their tables; `/stats/chart/` the pictures. */
import { visibleLine } from '../../article-text/visible.ts'
import type { Counts } from '../../feed/statistics/counts.ts'
import { chartAddress, groupAddress, statsAddress, twinAddress } from '../addresses.ts'
import { noSuchPage } from '../missing.ts'
import { type Answer, type Site, trouble, type Visit } from '../site.ts'
import { flowPicture, type Hop, pictureOf } from '../stats/chart.ts'
import {
  countText,
  type Figure,
  type FigureName,
  figureNames,
  figureOf,
  figuresOf,
  type Shown,
} from '../stats/figures.ts'

/** Steps between hosts that are drawn. */
const mostHops = 40

const notCounted = trouble(404, words => words.stats.none)

function shownTo({ access, words }: Visit, counts: Counts): Shown {
  return { counts, words, mayRead: access.mayRead, readsAll: access.readsAll === true }
}

const hopsOf = (counts: Counts): Hop[] =>
  counts.hops.top(mostHops).map(([hop, count]) => {
    const [from = '', to = ''] = hop.split(' ')
    return { from: visibleLine(from), to: visibleLine(to), count }
  })

function rowsShown(figure: Figure, { words }: Visit) {
  const text = countText(figure, words)
  return figure.rows.map(({ name, count, group }) => ({
    name,
    to: group === undefined ? '' : groupAddress(group),
    count: text(count),
  }))
}

export async function statsPage(site: Site, visit: Visit): Promise<Answer> {
  const { words } = visit
  if (site.statistics === undefined) return notCounted
  const { counts, behind } = site.statistics
  const figures = figuresOf(shownTo(visit, counts))
  const hops = hopsOf(counts)
  const articles = counts.days().reduce((sum, day) => sum + day.articles, 0)
  const octets = counts.days().reduce((sum, day) => sum + day.octets, 0)
  return {
    kind: 'page',
    html: () =>
      site.render(
        'stats',
        {
          frame: site.frame(visit, words.stats.heading, twinAddress(statsAddress)),
          summary: words.stats.summary(words.articles(articles), words.size(octets)),
          // What an article counts for in the totals is not kept by group.
          others: visit.access.readsAll !== true,
          late: behind === 0 ? '' : words.stats.late(words.articles(behind)),
          figures: figures.map(figure => ({
            title: figure.title,
            chart: chartAddress(figure.name),
            counted: words.stats.counted[figure.of ?? 'articles'],
            rows: rowsShown(figure, visit),
          })),
          flow: hops.length === 0 ? '' : chartAddress('flow'),
          hops: hops.map(({ from, to, count }) => ({ from, to, count: words.number(count) })),
        },
        words,
      ),
    data: () => ({
      articles,
      octets,
      notCounted: behind,
      figures: Object.fromEntries(figures.map(({ name, rows }) => [name, rows])),
      hops,
    }),
  }
}

/** One picture as SVG. */
export async function chartPage(site: Site, visit: Visit): Promise<Answer> {
  const { words } = visit
  const name = visit.parameter('name').replace(/\.svg$/, '')
  if (site.statistics === undefined) return notCounted
  const { counts } = site.statistics
  const known = figureNames.find(it => it === name)
  if (known === undefined && name !== 'flow') return noSuchPage
  const picture =
    known === undefined ? flowPicture(hopsOf(counts), words.stats.flow) : drawn(known, visit, counts)
  const type = 'image/svg+xml; charset=utf-8'
  return { kind: 'stream', type, chunks: oneChunk(site.render('chart', picture, words)) }
}

async function* oneChunk(text: string): AsyncGenerator<string> {
  yield text
}

function drawn(name: FigureName, visit: Visit, counts: Counts) {
  const figure = figureOf(name, shownTo(visit, counts))
  return pictureOf(figure, countText(figure, visit.words))
}
