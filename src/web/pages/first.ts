/** `/first`: the first minute of a node. Whoever opens its printed link becomes the administrator. */
import { accountName, provenAs } from '../../account.ts'
import { faultsOf, hashOf, makeAccount } from '../account/new-account.ts'
import { type FormPage, formPage, typedLine } from '../form.ts'
import type { Answer, Site, Visit } from '../site.ts'
import { begin, takesPasswords } from './login.ts'
import { saidPage } from './said.ts'

export async function firstForm(site: Site, visit: Visit): Promise<Answer> {
  const token = visit.query.get('token') ?? ''
  if (!(await site.first.isGood(token))) return spent(site, visit)
  return page(site, visit, { token, name: '' })
}

const spent = (site: Site, visit: Visit): Answer =>
  saidPage(site, visit, { ...visit.words.first.spent, status: 404 })

interface Showing extends Pick<FormPage, 'status' | 'alert' | 'retryAfter'> {
  readonly token: string
  readonly name: string
  readonly problems?: Readonly<Record<string, string>>
}

function page(site: Site, visit: Visit, { token, name, problems, ...rest }: Showing): Answer {
  const { first, register, login } = visit.words
  return formPage(site, visit, {
    heading: first.heading,
    notes: [first.text, ...(takesPasswords(site, visit) ? [] : [login.needsTls])],
    ...rest,
    forms: [
      {
        action: '/first',
        button: first.button,
        hidden: { first: token },
        entries: [
          { id: 'name', label: register.name, autocomplete: 'username', value: name },
          {
            id: 'password',
            label: register.password,
            type: 'password',
            autocomplete: 'new-password',
            hint: register.passwordHint,
          },
        ],
        ...(problems && { problems }),
      },
    ],
  })
}

export async function makeFirst(site: Site, visit: Visit): Promise<Answer> {
  const { form, words } = visit
  const token = form.get('first') ?? ''
  const typed = typedLine(form, 'name')
  if (!(await site.first.isGood(token))) return spent(site, visit)
  const again = (more: Omit<Showing, 'token' | 'name'>) => page(site, visit, { token, name: typed, ...more })
  if (!visit.trusted) return again({ status: 403, alert: words.login.oldForm })
  if (!takesPasswords(site, visit)) return again({ status: 403 })
  const password = form.get('password') ?? ''
  // An administrator may be called admin.
  const name = accountName(typed)
  const problems = faultsOf({ password }, { words, around: [typed] })
  if (name === undefined) problems.name = words.first.badName
  if (name === undefined || Object.keys(problems).length > 0)
    return again({ status: 422, alert: words.register.incomplete, problems })
  const hash = await hashOf(site, password)
  if (hash === undefined) return again({ status: 503, alert: words.login.busy, retryAfter: 30 })
  let answer = again({ status: 503, alert: words.register.later, retryAfter: 30 })
  const done = await site.first.use(token, async () => {
    const outcome = await makeAccount(site, {
      name,
      hash,
      roles: ['admin', 'moderator', 'reader', 'poster'],
      registered: false,
      from: visit.client.address,
    })
    if (outcome.kind === 'duplicate')
      answer = again({ status: 422, problems: { name: words.register.taken } })
    if (outcome.kind !== 'stored') return false
    const cookies = await begin(site, visit, provenAs(outcome.account))
    answer = { kind: 'redirect', status: 303, to: '/register/done', cookies }
    return true
  })
  return done ? answer : spent(site, visit)
}
