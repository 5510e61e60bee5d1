/**
 * `/register/confirm`: where the link in a letter leads. The account is made by a button, not by looking, and in another
 * browser than the one where the password was typed only with that password: else whoever gives a stranger's address
 * would have an account under it as soon as the stranger pressed the button.
 */
import { accountName } from '../../account.ts'
import { faultsOf } from '../account/new-account.ts'
import { type Completed, complete, type Registration, registrationKind } from '../account/registration.ts'
import { type FormPage, formPage, typedLine } from '../form.ts'
import type { Answer, Site, Visit } from '../site.ts'
import { begin, takesPasswords } from './login.ts'
import { saidPage } from './said.ts'

export async function confirmForm(site: Site, visit: Visit): Promise<Answer> {
  const token = visit.query.get('token') ?? ''
  const holds = await site.tickets.look(registrationKind, token)
  if (holds === undefined) return spent(site, visit)
  const name = accountName(holds.name)
  const taken = name !== undefined && (await site.accounts.find(name)) !== undefined
  return page(site, visit, {
    token,
    holds,
    name: holds.name,
    problems: taken ? { name: visit.words.register.taken } : {},
  })
}

interface Showing extends Pick<FormPage, 'status' | 'alert' | 'retryAfter'> {
  readonly token: string
  readonly holds: Registration
  readonly name: string
  readonly problems: Readonly<Record<string, string>>
}

/** Whoever sits there has typed the password there. */
const isHere = (site: Site, { cookie }: Visit, { browser }: Registration): boolean =>
  site.tokens.matches(cookie, browser)

function page(site: Site, visit: Visit, showing: Showing): Answer {
  const { register, login } = visit.words
  const { token, holds, name, problems, ...rest } = showing
  const elsewhere = !isHere(site, visit, holds)
  return formPage(site, visit, {
    heading: register.heading,
    notes: [
      ...(elsewhere && !takesPasswords(site, visit) ? [login.needsTls] : []),
      register.lastStep(holds.address),
    ],
    ...(Object.keys(problems).length > 0 && { alert: register.incomplete, status: 422 }),
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
          ...(elsewhere
            ? [
                {
                  id: 'password',
                  label: register.password,
                  type: 'password' as const,
                  autocomplete: 'current-password',
                  hint: register.sameAgain,
                },
              ]
            : []),
        ],
        problems,
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
    return page(site, visit, { token, name, holds, problems: {}, ...more })
  }
  const problems = faultsOf({ name }, { words })
  if (problems.name !== undefined) return again({ problems })
  const made = await site.tickets.use<Registration, Completed | Unproven>(
    registrationKind,
    token,
    async holds => {
      const unproven = isHere(site, visit, holds) ? undefined : await proofFails(site, visit, holds)
      if (unproven !== undefined) return { result: unproven, ticket: 'keep' }
      const { password, scram, address, invite } = holds
      const hash = { password, scram, ...site.accounts.endOfSessions() }
      const result = await complete(site, visit, {
        name,
        hash,
        invite,
        mail: { address, proven: true },
      })
      return { result, ticket: typeof result === 'string' ? 'keep' : 'spent' }
    },
  )
  if (made === undefined) return spent(site, visit)
  if (made === 'taken') return again({ problems: { name: words.register.taken } })
  if (made === 'wrong') return again({ problems: { password: words.account.wrongPassword } })
  if (made === 'busy') return again({ status: 429, alert: words.login.busy, retryAfter: 30 })
  if (made === 'open') return again({ status: 403 })
  if (made === 'uninvited')
    return saidPage(site, visit, {
      heading: words.register.heading,
      text: words.register.not.invitedOnly,
      status: 403,
    })
  if (made === 'later') return again({ status: 503, alert: words.register.later, retryAfter: 30 })
  return { kind: 'redirect', status: 303, to: '/register/done', cookies: await begin(site, visit, made) }
}

/** The password is another one; too many are tried; or none may come this way. */
type Unproven = 'wrong' | 'busy' | 'open'

async function proofFails(
  site: Site,
  visit: Visit,
  { password: stored }: Registration,
): Promise<Unproven | undefined> {
  if (!takesPasswords(site, visit)) return 'open'
  const { form, client } = visit
  const said = await site.logins.isPassword(stored, {
    password: form.get('password') ?? '',
    address: client.address,
    counted: site.tickets.idOf(form.get('ticket') ?? ''),
  })
  return said === 'right' ? undefined : said
}
