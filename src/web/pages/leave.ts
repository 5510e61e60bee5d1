/** `/settings/export` and `/settings/delete`: everything of an account, taken along or away. */
import type { AccountName } from '../../account.ts'
import { accountCopy } from '../account/account-copy.ts'
import { invitesOf } from '../account/invites.ts'
import { nameOf, unproven, withPerson } from '../account/prove.ts'
import { type FormPage, formPage } from '../form.ts'
import type { Answer, Site, Visit } from '../site.ts'
import { mainCookie } from '../visits.ts'
import { saidPage } from './said.ts'

export const exportAccount = withPerson(async (site, visit, person) => {
  site.audit.record('account-export', { account: person.account.name, address: visit.client.address })
  return {
    kind: 'stream',
    type: 'application/jsonl; charset=utf-8',
    chunks: accountCopy(site, nameOf(person)),
    disposition: 'attachment; filename="account.jsonl"',
  }
})

export const deleteForm = withPerson(async (site, visit) => page(site, visit, {}))

function page(site: Site, visit: Visit, more: Pick<FormPage, 'status' | 'alert' | 'retryAfter'>): Answer {
  const { account } = visit.words
  return formPage(site, visit, {
    heading: account.delete,
    notes: [account.deleteText],
    ...more,
    forms: [
      {
        action: '/settings/delete',
        button: account.delete,
        entries: [
          { id: 'password', label: account.password, type: 'password', autocomplete: 'current-password' },
        ],
      },
    ],
    links: [{ text: account.export, to: '/settings/export' }],
  })
}

export const deleteAccount = withPerson(async (site, visit, person) => {
  const { words, client } = visit
  const wrong = await unproven(site, visit, person)
  if (wrong !== undefined) return page(site, visit, wrong)
  const name = nameOf(person)
  if (await isLastAdministrator(site, name))
    return page(site, visit, { status: 422, alert: words.account.lastAdministrator })
  await site.addresses.drop(name)
  for (const { id } of await invitesOf(site, name)) await site.tickets.end(id)
  // With its shelf, and all of its sessions.
  const failed = await site.accounts.remove({ name, source: 'web' })
  if (failed !== undefined)
    return page(site, visit, { status: 503, alert: words.register.later, retryAfter: 30 })
  site.audit.record('account-deleted', { account: name, address: client.address })
  return { kind: 'redirect', status: 303, to: '/deleted', cookies: [{ name: mainCookie, value: '' }] }
})

/** Nobody could look after the node any more. */
async function isLastAdministrator({ accounts }: Site, name: AccountName): Promise<boolean> {
  const account = await accounts.find(name)
  if (account?.roles.includes('admin') !== true) return false
  for await (const batch of accounts.list())
    if (batch.some(each => each.name !== name && !each.disabled && each.roles.includes('admin'))) return false
  return true
}

export async function deletedPage(site: Site, visit: Visit): Promise<Answer> {
  return saidPage(site, visit, visit.words.account.deleted)
}
