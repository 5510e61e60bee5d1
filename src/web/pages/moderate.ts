/** `/moderate`: articles that an access rule holds for release, for those who may approve in their newsgroups. */
import { Article } from '../../article.ts'
import { decodeHeader } from '../../article-text/header-words.ts'
import { visibleLine } from '../../article-text/visible.ts'
import { stuff } from '../../wire.ts'
import { moderateAddress, twinAddress } from '../addresses.ts'
import { done } from '../admin/act.ts'
import { withOffice } from '../admin/office-page.ts'
import { blockSteps } from '../article/body-blocks.ts'
import { contentOf } from '../article/shown-article.ts'
import { typedLine } from '../form.ts'
import type { HeldState, Office } from '../office.ts'
import type { HeldLine, Link } from '../render.ts'
import type { Answer, Site, Visit } from '../site.ts'
import { inSlices, type Slices, slicesOf } from '../slices.ts'
import { whenAt } from '../wording.ts'

/** In a page: each shows its text. */
const heldAtOnce = 20
/** Characters of a reason that are on record. */
const longestReason = 200

interface Showing {
  readonly office: Office
  readonly alert?: string
}

/** Whether this visitor may decide on it: an administrator on all, others where they may approve in every newsgroup. */
function decides({ person, access }: Visit, { newsgroups }: HeldState): boolean {
  if (person?.account.roles.has('admin') === true) return true
  return newsgroups.length > 0 && newsgroups.every(access.poster.mayApprove)
}

export const moderatePage = withOffice((site, visit, office) => page(site, visit, { office }))

export const moderate = withOffice(async (site, visit, office) => {
  const { form, words } = visit
  const { held } = office.control
  const messageId = form.get('id') ?? ''
  const copy = await held.find(messageId)
  const wish = form.get('do')
  if (copy === undefined || !decides(visit, copy.row) || (wish !== 'release' && wish !== 'reject'))
    return page(site, visit, { office, alert: words.moderate.gone })
  const reason = typedLine(form, 'reason').slice(0, longestReason)
  const alert = await done(site, visit, {
    office,
    cmd: `moderate.${wish}`,
    args: { messageId, ...(reason !== '' && { reason }) },
    run: async () => held[wish](messageId),
  })
  if (alert !== undefined) return page(site, visit, { office, alert })
  return { kind: 'redirect', status: 303, to: moderateAddress }
})

async function page(site: Site, visit: Visit, { office, alert = '' }: Showing): Promise<Answer> {
  const { words, query } = visit
  const rows: HeldState[] = []
  for await (const batch of office.control.held.list()) rows.push(...batch.filter(row => decides(visit, row)))
  const asked = Number(query.get('page') ?? '1')
  const number = Number.isInteger(asked) && asked >= 1 ? asked : 1
  const shown = rows.slice((number - 1) * heldAtOnce, number * heldAtOnce)
  const slices = slicesOf(site.clock)
  const held: HeldLine[] = []
  for (const row of shown) {
    held.push(await lineOf(site, visit, { office, row, slices }))
    await slices.rest()
  }
  return {
    kind: 'page',
    status: alert === '' ? 200 : 422,
    keepsCookie: true,
    html: () =>
      site.render(
        'moderate',
        {
          frame: site.frame(visit, words.moderate.heading, twinAddress(moderateAddress)),
          alert,
          summary: words.moderate.waiting(words.articles(rows.length)),
          token: site.tokens.of(visit.cookie),
          held,
          pager: pagerOf(visit, number, rows.length),
        },
        words,
      ),
    data: { held: shown, waiting: rows.length },
  }
}

function pagerOf({ words: { page } }: Visit, number: number, count: number): Link[] {
  const link = (text: string, to: number) => ({ text, to: `${moderateAddress}?page=${to}` })
  return [
    ...(number > 1 ? [link(page.older, number - 1)] : []),
    ...(number * heldAtOnce < count ? [link(page.newer, number + 1)] : []),
  ]
}

async function lineOf(
  site: Site,
  { words }: Visit,
  { office, row, slices }: { readonly office: Office; readonly row: HeldState; readonly slices: Slices },
): Promise<HeldLine> {
  const copy = await office.control.held.find(row.messageId)
  const article = copy && Article.parse(stuff(copy.text), site.config().limits)
  const content = article instanceof Article ? contentOf(article) : undefined
  const { facts, nobody, longer } = words.moderate
  const files = content?.body.files.map(({ name }) => visibleLine(name)) ?? []
  return {
    id: row.messageId,
    subject: visibleLine(content?.header('Subject') ?? decodeHeader(row.subject)) || words.page.noSubject,
    facts: [
      { name: facts.from, value: visibleLine(content?.header('From') ?? row.from) },
      { name: facts.groups, value: visibleLine(row.newsgroups.join(', ')) },
      { name: facts.time, value: whenAt(row.time, words).text },
      { name: facts.account, value: row.account === '' ? nobody : visibleLine(row.account) },
      { name: facts.address, value: visibleLine(row.address) },
      { name: facts.messageId, value: visibleLine(row.messageId) },
      ...(files.length === 0 ? [] : [{ name: facts.files, value: files.join(', ') }]),
    ],
    blocks:
      content === undefined ? [] : await inSlices(blockSteps(content.body.part(1), false, words), slices),
    rest: content !== undefined && content.body.parts > 1 ? longer : '',
  }
}
