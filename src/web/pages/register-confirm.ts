/** `/register/confirm`: where the link in a letter leads. The account is made by a button, not by looking. */
import { accountName } from '../../account.ts'
import { type FormPage, formPage, typedLine } from '../people/form.ts'
import { faultsOf } from '../people/new-account.ts'
import { type Completed, complete, type Registration, registrationKind } from '../people/registration.ts'
import type { Answer, Site, Visit } from '../site.ts'
import { begin } from './login.ts'
import { saidPage } from './said.ts'

export async function confirmForm(site: Site, visit: Visit): Promise<Answer> {
  const token = visit.query.get('token') ?? ''
  const holds = await site.tickets.look(registrationKind, token)
  if (holds === undefined) return spent(site, visit)
  const name = accountName(holds.name)
  const taken = name !== undefined && (await site.accounts.find(name)) !== undefined
  const problem = taken ? visit.words.register.taken : ''
  return page(site, visit, { token, name: holds.name, address: holds.address, problem })
}

interface Showing extends Pick<FormPage, 'status' | 'alert' | 'retryAfter'> {
  readonly token: string
  readonly name: string
  readonly address: string
  readonly problem: string
}

function page(site: Site, visit: Visit, showing: Showing): Answer {
  const { register } = visit.words
  const { token, name, address, problem, ...rest } = showing
  return formPage(site, visit, {
    heading: register.heading,
    notes: [register.lastStep(address)],
    ...(problem !== '' && { alert: register.incomplete, status: 422 }),
    ...rest,
    forms: [
      {
        action: '/register/confirm',
        button: register.confirm,
        hidden: { ticket: token },
        entries: [
          {
            id: 'name',
            label: register.name,
            value: name,
            autocomplete: 'username',
            hint: register.nameHint,
          },
        ],
        problems: problem === '' ? {} : { name: problem },
      },
    ],
  })
}

const spent = (site: Site, visit: Visit): Answer =>
  saidPage(site, visit, { ...visit.words.register.spent, status: 404 })

export async function confirm(site: Site, visit: Visit): Promise<Answer> {
  const { form, words } = visit
  const token = form.get('ticket') ?? ''
  const name = typedLine(form, 'name')
  const again = async (more: Partial<Showing>) => {
    const holds = await site.tickets.look(registrationKind, token)
    if (holds === undefined) return spent(site, visit)
    return page(site, visit, { token, name, address: holds.address, problem: '', ...more })
  }
  const { name: bad } = faultsOf({ name }, { words })
  if (bad !== undefined) return again({ problem: bad })
  let used: Registration | undefined
  const made = await site.tickets.use(registrationKind, token, async holds => {
    used = holds
    const { password, scram, address, invite } = holds
    const hash = { password, scram, ...site.accounts.endOfSessions() }
    const result: Completed = await complete(site, visit, {
      name,
      hash,
      invite,
      mail: { address, proven: true },
    })
    return { result, ticket: typeof result === 'string' ? 'keep' : 'spent' }
  })
  if (made === undefined || used === undefined) return spent(site, visit)
  if (made === 'taken') return again({ problem: words.register.taken })
  if (made === 'uninvited')
    return saidPage(site, visit, {
      heading: words.register.heading,
      text: words.register.not.invitedOnly,
      status: 403,
    })
  if (made === 'later') return again({ status: 503, alert: words.register.later, retryAfter: 30 })
  // Whoever typed the password knows it; whoever only has the letter may not be the same.
  if (!site.tokens.matches(visit.cookie, used.browser))
    return { kind: 'redirect', status: 303, to: '/login?next=/register/done' }
  return { kind: 'redirect', status: 303, to: '/register/done', cookies: await begin(site, visit, made) }
}
