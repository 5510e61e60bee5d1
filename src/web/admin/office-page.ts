/** A page of `/admin/`: facts, a table with buttons, and forms. */

import {
  adminAccountsAddress,
  adminAddress,
  adminGroupsAddress,
  adminPeersAddress,
  adminQueueAddress,
  adminRefusalsAddress,
  adminSessionsAddress,
  twinAddress,
} from '../addresses.ts'
import { type FormParts, shownForms } from '../form.ts'
import { noSuchPage } from '../missing.ts'
import type { Office } from '../office.ts'
import type { Link } from '../render.ts'
import type { OfficeShown } from '../shown/office.ts'
import type { Answer, Page, Site, Status, Visit } from '../site.ts'

/** In a page. */
export const rowsAtOnce = 100

export interface OfficePage
  extends Partial<Omit<OfficeShown, 'heading' | 'here' | 'alert' | 'tabs' | 'token' | 'acts'>>,
    Pick<OfficeShown, 'heading' | 'here'> {
  readonly forms?: readonly FormParts[]
  /** What went wrong. */
  readonly alert?: string | undefined
  readonly status?: Status
  /** For programs. */
  readonly data: object
}

export function officePage(site: Site, visit: Visit, page: OfficePage): Answer {
  const { heading, here, alert = '', rows = [], forms = [], columns = [], data } = page
  const { words } = visit
  const token = site.tokens.of(visit.cookie)
  const { status = alert === '' ? 200 : 422 } = page
  return {
    kind: 'page',
    status,
    keepsCookie: true,
    html: () =>
      site.render(
        'office',
        {
          notes: [],
          facts: [],
          filters: false,
          filter: '',
          empty: rows.length === 0 && columns.length > 0 ? words.admin.none : '',
          pager: [],
          ...page,
          frame: site.frame(visit, heading, twinAddress(here)),
          alert,
          columns,
          rows,
          acts: rows.some(({ buttons }) => buttons.length > 0),
          tabs: tabsOf(visit, here),
          token,
          forms: shownForms(forms, token),
        },
        words,
      ),
    data,
  }
}

function tabsOf({ words: { admin } }: Visit, here: string): OfficeShown['tabs'] {
  const links: Link[] = [
    { text: admin.overview, to: adminAddress },
    { text: admin.groups, to: adminGroupsAddress },
    { text: admin.peers, to: adminPeersAddress },
    { text: admin.accounts, to: adminAccountsAddress },
    { text: admin.sessions, to: adminSessionsAddress },
    { text: admin.queue, to: adminQueueAddress },
    { text: admin.refusals, to: adminRefusalsAddress },
  ]
  return links.map(link => ({ ...link, current: link.to === here ? 'page' : '' }))
}

/** The button that a form was sent by, where it is one of these, and what it stands beside. */
export function pressed<Name extends string>(
  form: URLSearchParams,
  names: readonly Name[],
): { readonly act: Name; readonly of: string } | undefined {
  const act = names.find(name => form.has(name))
  return act && { act, of: form.get(act) ?? '' }
}

/** Links to further rows: the first page, and what is behind the last row. */
export function pagerOf(
  { words: { admin } }: Visit,
  address: string,
  at: { readonly filter: string; readonly after: string; readonly next: string },
): Link[] {
  const link = (after: string) => {
    const query = new URLSearchParams()
    if (at.filter !== '') query.set('q', at.filter)
    if (after !== '') query.set('after', after)
    return query.size === 0 ? address : `${address}?${query}`
  }
  return [
    ...(at.after === '' ? [] : [{ text: admin.first, to: link('') }]),
    ...(at.next === '' ? [] : [{ text: admin.further, to: link(at.next) }]),
  ]
}

/** A page that is there only where the node has handed its functions in. */
export const withOffice =
  (page: (site: Site, visit: Visit, office: Office) => Promise<Answer>): Page =>
  async (site, visit) =>
    site.office === undefined ? noSuchPage : page(site, visit, site.office)
