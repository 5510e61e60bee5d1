/** Whoever sits at the browser proves once more that the account is theirs. */
import type { AccountName } from '../../account.ts'
import { accountName } from '../../account.ts'
import type { FormPage } from '../form.ts'
import type { Person } from '../person.ts'
import type { Answer, Page, Site, Visit } from '../site.ts'

/** Undefined where the password is right; else what the form says. */
export async function unproven(
  site: Site,
  { words, client, form }: Visit,
  { account }: Person,
): Promise<Pick<FormPage, 'status' | 'alert' | 'retryAfter'> | undefined> {
  const password = form.get('password') ?? ''
  const outcome = await site.logins.password({ name: account.name, password, address: client.address })
  if (outcome.kind === 'proven') return undefined
  return outcome.kind === 'busy'
    ? { status: 429, alert: words.login.busy, retryAfter: 30 }
    : { status: 422, alert: words.account.wrongPassword }
}

/** Of a row that needs a person: the page with who that is. */
export const withPerson =
  (page: (site: Site, visit: Visit, person: Person) => Promise<Answer>): Page =>
  async (site, visit) => {
    if (visit.person === undefined) return { kind: 'redirect', status: 303, to: '/login' }
    return page(site, visit, visit.person)
  }

/** The name of who is signed in, as it is stored. */
export function nameOf({ account }: Person): AccountName {
  const name = accountName(account.name)
  if (name === undefined) throw new Error('somebody is signed in under a name that nobody can have')
  return name
}
