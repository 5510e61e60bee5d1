/** `/settings/password`: another password, which ends all other sessions. */
import { provenAs } from '../../account.ts'
import { faultsOf, hashOf } from '../account/new-account.ts'
import { nameOf, unproven, withPerson } from '../account/prove.ts'
import { type FormPage, formPage } from '../form.ts'
import type { Person } from '../person.ts'
import type { Answer, Site, Visit } from '../site.ts'
import { begin } from './login.ts'

export const passwordForm = withPerson(async (site, visit, person) => page(site, visit, { person }))

interface Showing extends Pick<FormPage, 'status' | 'alert' | 'retryAfter'> {
  readonly person: Person
  readonly problems?: Readonly<Record<string, string>>
}

async function page(site: Site, visit: Visit, { person, problems, ...rest }: Showing): Promise<Answer> {
  const { account, register } = visit.words
  const heading = account.newPassword
  // One that is kept elsewhere is changed elsewhere.
  if ((await site.accounts.find(nameOf(person))) === undefined)
    return formPage(site, visit, { heading, notes: [account.elsewhere], forms: [] })
  const hint = register.passwordHint
  return formPage(site, visit, {
    heading,
    ...rest,
    forms: [
      {
        action: '/settings/password',
        button: visit.words.settings.save,
        entries: [
          { id: 'password', label: account.password, type: 'password', autocomplete: 'current-password' },
          { id: 'chosen', label: account.newPassword, type: 'password', autocomplete: 'new-password', hint },
        ],
        ...(problems && { problems }),
      },
    ],
  })
}

export const changePassword = withPerson(async (site, visit, person) => {
  const { form, words, client } = visit
  const again = (more: Omit<Showing, 'person'>) => page(site, visit, { person, ...more })
  const wrong = await unproven(site, visit, person)
  if (wrong !== undefined) return again(wrong)
  const chosen = form.get('chosen') ?? ''
  const { password: problem } = faultsOf({ password: chosen }, { words, around: [person.account.name] })
  if (problem !== undefined)
    return again({ status: 422, alert: words.settings.notSaved, problems: { chosen: problem } })
  const hash = await hashOf(site, chosen)
  if (hash === undefined) return again({ status: 503, alert: words.login.busy, retryAfter: 30 })
  const outcome = await site.accounts.set({ name: nameOf(person), change: hash, source: 'web' })
  if (outcome.kind !== 'stored') return again({ status: 503, alert: words.register.later, retryAfter: 30 })
  site.audit.record('password-changed', { account: person.account.name, address: client.address })
  const cookies = await begin(site, visit, provenAs(outcome.account))
  return { kind: 'redirect', status: 303, to: '/settings?saved', cookies }
})
