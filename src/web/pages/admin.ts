/** `/admin/`: the state of the node, as `tidings status` says it; `/admin/refusals/`: what was refused lately. */
import { visibleLine } from '../../article-text/visible.ts'
import { adminAddress, adminRefusalsAddress } from '../addresses.ts'
import { officePage, rowsAtOnce, withOffice } from '../admin/office-page.ts'
import type { NodeState } from '../office.ts'
import type { Fact } from '../shown/office.ts'
import type { Visit } from '../site.ts'
import { whenAt } from '../wording.ts'

export const adminPage = withOffice(async (site, visit, { control }) => {
  const state = await control.status()
  const { admin, warnings } = visit.words
  const shown = (text: string) => visibleLine(warnings.told(text))
  return officePage(site, visit, {
    heading: admin.heading,
    here: adminAddress,
    alert: state.troubles.map(shown).join(' '),
    status: 200,
    notes: state.warnings.map(shown),
    facts: factsOf(state, visit, site.clock.now() / 1000),
    data: state,
  })
})

function factsOf(state: NodeState, { words }: Visit, now: number): Fact[] {
  const { facts, paused, running, searchOff, searchLag, freeOf } = words.admin
  const { number, size } = words
  const { search, newest } = state
  return [
    { name: facts.state, value: state.troubles.length === 0 ? running : paused },
    { name: facts.node, value: visibleLine(state.pathIdentity) },
    { name: facts.version, value: state.version },
    { name: facts.uptime, value: words.span(state.uptime) },
    { name: facts.groups, value: number(state.groups) },
    { name: facts.articles, value: number(state.articles) },
    { name: facts.newest, value: newest === undefined ? '' : words.ago(now - newest.time) },
    { name: facts.connections, value: number(state.connections) },
    { name: facts.held, value: number(state.held) },
    { name: facts.journal, value: size(state.journalBytes) },
    { name: facts.disk, value: freeOf(size(state.freeBytes), size(state.diskBytes)) },
    {
      name: facts.search,
      value: search.enabled ? searchLag(words.articles(search.articles), number(search.behind)) : searchOff,
    },
  ]
}

export const refusalsPage = withOffice(async (site, visit, { refusals }) => {
  const { admin } = visit.words
  const latest = refusals.latest(rowsAtOnce)
  return officePage(site, visit, {
    heading: admin.refusals,
    here: adminRefusalsAddress,
    notes: [admin.refusalsAbout],
    columns: [admin.columns.messageId, admin.columns.time, admin.columns.source, admin.columns.reason],
    rows: latest.map(({ messageId, time, source, text }) => ({
      text: visibleLine(messageId),
      to: '',
      cells: [whenAt(time, visit.words).text, visibleLine(source), visibleLine(text)],
      buttons: [],
    })),
    data: { refusals: latest },
  })
})
