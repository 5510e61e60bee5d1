/** `/admin/accounts/`: the accounts, to be disabled and enabled, and what each may do. */
import { accountName } from '../../account.ts'
import { visibleLine } from '../../article-text/visible.ts'
import { roles } from '../../client.ts'
import { adminAccountsAddress } from '../addresses.ts'
import { done } from '../admin/act.ts'
import { officePage, pagerOf, pressed, rowsAtOnce, withOffice } from '../admin/office-page.ts'
import { type FormParts, typedLine } from '../form.ts'
import type { AccountState, AccountWish, Office } from '../office.ts'
import type { OfficeRow } from '../shown/office.ts'
import type { Answer, Site, Visit } from '../site.ts'
import { whenAt } from '../wording.ts'

/** Where the roles of an account are changed. */
const oneAddress = (name: string): string =>
  `${adminAccountsAddress}?${new URLSearchParams({ account: name })}`

interface Showing {
  readonly office: Office
  readonly alert?: string | undefined
}

export const accountsPage = withOffice((site, visit, office) => page(site, visit, { office }))

export const changeAccount = withOffice(async (site, visit, office) => {
  const wish = wishOf(visit)
  const alert = wish === undefined ? visit.words.admin.unknown : await changed(wish)
  if (alert !== undefined) return page(site, visit, { office, alert })
  return { kind: 'redirect', status: 303, to: adminAccountsAddress }

  async function changed(change: AccountWish): Promise<string | undefined> {
    const own = accountName(change.name) === accountName(visit.person?.account.name ?? '')
    // Somebody has to be left who can undo it.
    if (own && (change.disabled === true || change.roles?.includes('admin') === false))
      return visit.words.admin.oneself
    const run = () => office.control.users.set(change, '')
    return done(site, visit, { office, cmd: 'user.set', args: change, run })
  }
})

function wishOf({ form }: Visit): AccountWish | undefined {
  const wish = pressed(form, ['disable', 'enable', 'roles'])
  if (wish === undefined) return undefined
  if (wish.act !== 'roles') return { name: wish.of, disabled: wish.act === 'disable' }
  return { name: wish.of, roles: roles.filter(role => form.get(`role-${role}`) === 'on') }
}

async function page(site: Site, visit: Visit, { office, alert }: Showing): Promise<Answer> {
  const { query, words } = visit
  const { admin } = words
  const filter = typedLine(query, 'q')
  const after = query.get('after') ?? ''
  const asked = query.get('account') ?? visit.form.get('roles')
  const all = await accountsOf(office)
  const one = all.find(({ name }) => name === asked)
  const matching = all.filter(({ name }) => name.includes(filter) && name > after)
  const shown = one === undefined ? matching.slice(0, rowsAtOnce) : [one]
  const next = one === undefined && matching.length > rowsAtOnce ? (shown.at(-1)?.name ?? '') : ''
  const counted = await Promise.all(
    shown.map(async account => ({ account, sessions: await sessionsOf(site, account) })),
  )
  return officePage(site, visit, {
    heading: admin.accounts,
    here: adminAccountsAddress,
    alert,
    filters: true,
    filter,
    columns: [
      admin.columns.name,
      admin.columns.roles,
      admin.columns.state,
      admin.columns.created,
      admin.columns.sessions,
    ],
    rows: counted.map(({ account, sessions }) => rowOf(account, sessions, visit)),
    pager: pagerOf(visit, adminAccountsAddress, {
      filter,
      after: one === undefined ? after : one.name,
      next,
    }),
    forms: one === undefined ? [] : [rolesForm(one, visit)],
    data: { accounts: counted.map(({ account, sessions }) => ({ ...account, sessions })), next },
  })
}

async function accountsOf({ control }: Office): Promise<readonly AccountState[]> {
  const all: AccountState[] = []
  for await (const accounts of control.users.list()) all.push(...accounts)
  return all
}

async function sessionsOf(site: Site, { name }: AccountState): Promise<number> {
  const known = accountName(name)
  return known === undefined ? 0 : (await site.people.sessionsOf(known)).length
}

function rowOf(
  { name, roles, disabled, created }: AccountState,
  sessions: number,
  { words }: Visit,
): OfficeRow {
  const { admin } = words
  const shown = visibleLine(name)
  const act = disabled ? 'enable' : 'disable'
  return {
    text: shown,
    to: oneAddress(name),
    cells: [
      roles.join(', '),
      disabled ? admin.disabled : admin.enabled,
      whenAt(created, words).text,
      words.number(sessions),
    ],
    buttons: [{ act, of: name, text: admin.acts[act], about: admin.about(admin.acts[act], shown) }],
  }
}

function rolesForm(account: AccountState, { words: { admin } }: Visit): FormParts {
  return {
    action: adminAccountsAddress,
    heading: admin.rolesOf(visibleLine(account.name)),
    button: admin.acts.set,
    hidden: { roles: account.name },
    entries: roles.map(role => ({
      id: `role-${role}`,
      label: role,
      box: true,
      on: account.roles.includes(role),
    })),
  }
}
