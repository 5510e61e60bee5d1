/** `/admin/sessions/`: who is signed in, since when and from where; one session is ended, or all of an account. */
import { accountName } from '../../account.ts'
import { networkText } from '../../address.ts'
import { visibleLine } from '../../article-text/visible.ts'
import { adminSessionsAddress } from '../addresses.ts'
import { done } from '../admin/act.ts'
import { officePage, pagerOf, pressed, rowsAtOnce, withOffice } from '../admin/office-page.ts'
import { typedLine } from '../form.ts'
import type { Office } from '../office.ts'
import type { SessionLine } from '../person.ts'
import type { OfficeRow, RowButton } from '../shown/office.ts'
import type { Answer, Site, Visit } from '../site.ts'
import { whenAt } from '../wording.ts'

/** Sessions that are looked at for one page. */
const mostRead = 10_000

export const allSessionsPage = withOffice((site, visit) => page(site, visit))

export const endSessions = withOffice(async (site, visit, office) => {
  const alert = await ended(site, visit, office)
  if (alert !== undefined) return page(site, visit, alert)
  return { kind: 'redirect', status: 303, to: adminSessionsAddress }
})

async function ended(site: Site, visit: Visit, office: Office): Promise<string | undefined> {
  const wish = pressed(visit.form, ['end', 'endAll'])
  const { admin } = visit.words
  if (wish === undefined) return admin.unknown
  // No name of a session has a blank in it, and the name of an account may.
  const [id = '', ...words] = wish.act === 'end' ? wish.of.split(' ') : ['', wish.of]
  const account = accountName(words.join(' '))
  const lines = account === undefined ? [] : await site.people.sessionsOf(account)
  const meant = wish.act === 'end' ? lines.filter(line => line.id === id) : lines
  if (account === undefined || meant.length === 0) return admin.noSession
  return done(site, visit, {
    office,
    cmd: wish.act === 'end' ? 'session.end' : 'session.end-all',
    args: { account, sessions: meant.length },
    async run() {
      // What began meanwhile ends too; an account that is kept elsewhere has no such mark.
      if (wish.act === 'endAll')
        await site.accounts.set({ name: account, change: site.accounts.endOfSessions(), source: 'web' })
      for (const line of meant) await site.people.end(account, line.id)
    },
  })
}

async function page(site: Site, visit: Visit, alert?: string): Promise<Answer> {
  const { words, query } = visit
  const { admin } = words
  const filter = typedLine(query, 'q')
  const from = Number(/^\d{1,6}$/.exec(query.get('after') ?? '')?.[0] ?? 0)
  const { lines, cut } = await sessionsOf(site, filter)
  const shown = lines.slice(from, from + rowsAtOnce)
  const next = lines.length > from + rowsAtOnce ? String(from + rowsAtOnce) : ''
  return officePage(site, visit, {
    heading: admin.sessions,
    here: adminSessionsAddress,
    alert,
    notes: cut ? [admin.notAll(words.number(mostRead))] : [],
    filters: true,
    filter,
    columns: [
      admin.columns.name,
      admin.columns.begun,
      admin.columns.seen,
      admin.columns.network,
      admin.columns.browser,
    ],
    rows: shown.map(line => rowOf(line, site, visit)),
    pager: pagerOf(visit, adminSessionsAddress, { filter, after: from === 0 ? '' : String(from), next }),
    data: {
      sessions: shown.map(({ account, begun, seen, network, agent }) => ({
        account,
        begun: Math.floor(begun / 1000),
        seen: Math.floor(seen / 1000),
        network: networkText(network),
        agent,
      })),
      next,
    },
  })
}

/** Of the accounts whose name has `filter` in it, those seen last first. `cut`: there may be more. */
async function sessionsOf(
  site: Site,
  filter: string,
): Promise<{ readonly lines: readonly SessionLine[]; readonly cut: boolean }> {
  const name = accountName(filter)
  const own = name === undefined ? [] : await site.people.sessionsOf(name)
  const found: SessionLine[] = [...own]
  let read = 0
  // A name that is typed whole is not looked for in all others.
  if (own.length === 0)
    for await (const lines of site.people.everySession()) {
      found.push(...lines.filter(({ account }) => account.includes(filter)))
      read += lines.length
      if (read >= mostRead) break
    }
  return { lines: found.sort((one, other) => other.seen - one.seen), cut: read >= mostRead }
}

function rowOf(line: SessionLine, site: Site, { words, person }: Visit): OfficeRow {
  const { admin, account } = words
  const { id, begun, seen, network, agent } = line
  const name = visibleLine(line.account)
  const button = (act: 'end' | 'endAll', of: string): RowButton => ({
    act,
    of,
    text: admin.acts[act],
    about: admin.about(admin.acts[act], name),
  })
  return {
    text: id === person?.session ? `${name} (${account.thisBrowser})` : name,
    to: `${adminSessionsAddress}?${new URLSearchParams({ q: line.account })}`,
    cells: [
      whenAt(begun / 1000, words).text,
      words.ago((site.clock.now() - seen) / 1000),
      networkText(network),
      visibleLine(agent),
    ],
    buttons: [button('end', `${id} ${line.account}`), button('endAll', line.account)],
  }
}
