/** `/admin/queue/`: what waits to go out: articles for each peer, and mails, to be tried again or dropped. */
import { visibleLine } from '../../article-text/visible.ts'
import { adminQueueAddress } from '../addresses.ts'
import { done } from '../admin/act.ts'
import { officePage, pressed, rowsAtOnce, withOffice } from '../admin/office-page.ts'
import type { MailState, Office, PeerState } from '../office.ts'
import type { Fact, OfficeRow, RowButton } from '../shown/office.ts'
import type { Answer, Site, Visit } from '../site.ts'
import { whenAt } from '../wording.ts'

export const queuePage = withOffice((site, visit, office) => page(site, visit, { office }))

export const changeQueue = withOffice(async (site, visit, office) => {
  const alert = await changed(site, visit, office)
  if (alert !== undefined) return page(site, visit, { office, alert })
  return { kind: 'redirect', status: 303, to: adminQueueAddress }
})

async function changed(site: Site, visit: Visit, office: Office): Promise<string | undefined> {
  const wish = pressed(visit.form, ['retry', 'drop', 'retryAll'])
  const { mail } = office.control
  const id = /^\d{1,15}$/.test(wish?.of ?? '') ? Number(wish?.of) : undefined
  if (wish?.act === 'retryAll')
    return done(site, visit, { office, cmd: 'mail.retry', args: {}, run: () => mail.retry() })
  if (wish === undefined || id === undefined) return visit.words.admin.unknown
  const { act } = wish
  const run = () => (act === 'retry' ? mail.retry(id) : mail.drop(id))
  return done(site, visit, { office, cmd: `mail.${act}`, args: { id }, run })
}

interface Showing {
  readonly office: Office
  readonly alert?: string | undefined
}

async function page(site: Site, visit: Visit, { office, alert }: Showing): Promise<Answer> {
  const { admin, number } = visit.words
  const { columns } = admin
  const [peers, mails] = await Promise.all([office.control.peers.list(), office.control.mail.list()])
  const shown = mails.slice(0, rowsAtOnce)
  const unsent = mails.some(({ retryIn }) => retryIn === undefined)
  return officePage(site, visit, {
    heading: admin.queue,
    here: adminQueueAddress,
    alert,
    notes: [
      admin.mailsWait(mails.length),
      ...(unsent ? [admin.noMailServer] : []),
      ...(mails.length > shown.length ? [admin.notAll(number(shown.length))] : []),
    ],
    facts: peers.flatMap(peer => factOf(peer, visit)),
    columns: [columns.to, columns.subject, columns.since, columns.tries, columns.next, columns.error],
    empty: '',
    rows: shown.map(mail => rowOf(mail, visit)),
    forms:
      unsent || mails.length === 0
        ? []
        : [{ action: adminQueueAddress, button: admin.acts.retryAll, hidden: { retryAll: 'all' } }],
    data: { peers: peers.flatMap(({ name, out }) => (out === undefined ? [] : [{ name, ...out }])), mails },
  })
}

function factOf({ name, out }: PeerState, { words }: Visit): Fact[] {
  if (out === undefined) return []
  const { admin, articles, number, span } = words
  const waits =
    out.waiting === 0 ? admin.nothingWaits : admin.articlesWait(articles(out.waiting), span(out.lag))
  const deferred = out.deferred === 0 ? '' : `; ${admin.putOff(number(out.deferred))}`
  const state = admin.states.get(out.state) ?? visibleLine(out.state)
  const next = out.retryIn > 0 ? ` (${admin.inSpan(span(out.retryIn))})` : ''
  const error = out.lastError === '' || out.waiting === 0 ? '' : ` — ${visibleLine(out.lastError)}`
  return [{ name: visibleLine(name), value: `${waits}${deferred}; ${state}${next}${error}` }]
}

function rowOf({ id, to, subject, time, tries, lastError, retryIn }: MailState, { words }: Visit): OfficeRow {
  const { admin } = words
  const shown = visibleLine(to)
  const button = (act: 'retry' | 'drop'): RowButton => ({
    act,
    of: String(id),
    text: admin.acts[act],
    about: admin.about(admin.acts[act], shown),
  })
  const next = retryIn === undefined ? '' : retryIn === 0 ? admin.now : admin.inSpan(words.span(retryIn))
  return {
    text: shown,
    to: '',
    cells: [
      visibleLine(subject),
      whenAt(time, words).text,
      words.number(tries),
      next,
      visibleLine(lastError),
    ],
    buttons: [...(retryIn === undefined ? [] : [button('retry')]), button('drop')],
  }
}
