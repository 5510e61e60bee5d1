/** `/register`: an account of one's own, at once or by a link in a letter. */
import type { AccountChange } from '../../account.ts'
import { goodInvite } from '../account/invites.ts'
import { faultsOf, hashOf } from '../account/new-account.ts'
import { strengthOf } from '../account/new-names.ts'
import { complete, letterSeconds, registrationKind, wayOf } from '../account/registration.ts'
import { type FormPage, formPage, typedLine } from '../form.ts'
import type { Answer, Site, Visit } from '../site.ts'
import { begin, takesPasswords } from './login.ts'
import { saidPage } from './said.ts'

interface Typed {
  readonly name: string
  readonly address: string
  readonly invite: string
}

export async function registerForm(site: Site, visit: Visit): Promise<Answer> {
  return page(site, visit, { typed: { name: '', address: '', invite: visit.query.get('invite') ?? '' } })
}

interface Showing extends Pick<FormPage, 'status' | 'alert' | 'retryAfter'> {
  readonly typed: Typed
  readonly problems?: Readonly<Record<string, string>>
}

async function page(site: Site, visit: Visit, { typed, problems, ...rest }: Showing): Promise<Answer> {
  const { register } = visit.words
  const invite = await goodInvite(site, typed.invite)
  const way = wayOf(site, visit, invite)
  if (way !== 'letter' && way !== 'atOnce')
    return saidPage(site, visit, { heading: register.heading, text: register.not[way] })
  const notes = [
    ...(invite === undefined ? [] : [register.invitedBy(invite.by)]),
    ...(takesPasswords(site, visit) ? [] : [visit.words.login.needsTls]),
    register.ways[way],
  ]
  return formPage(site, visit, {
    heading: register.heading,
    notes,
    ...rest,
    forms: [
      {
        action: '/register',
        button: register.button,
        hidden: { invite: typed.invite },
        entries: [
          {
            id: 'name',
            label: register.name,
            autocomplete: 'username',
            value: typed.name,
            hint: register.nameHint,
          },
          {
            id: 'address',
            label: register.address,
            type: 'email',
            autocomplete: 'email',
            value: typed.address,
            hint: register.addressHint,
          },
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

export async function register(site: Site, visit: Visit): Promise<Answer> {
  const { form, words, client } = visit
  const typed = {
    name: typedLine(form, 'name'),
    address: typedLine(form, 'address'),
    invite: typedLine(form, 'invite'),
  }
  const again = (more: Omit<Showing, 'typed'>) => page(site, visit, { typed, ...more })
  if (!visit.trusted) return again({ status: 403, alert: words.login.oldForm })
  const way = wayOf(site, visit, await goodInvite(site, typed.invite))
  if (way !== 'letter' && way !== 'atOnce') return again({})
  if (!takesPasswords(site, visit)) return again({ status: 403 })
  const password = form.get('password') ?? ''
  const problems = faultsOf({ ...typed, password }, { words })
  if (Object.keys(problems).length > 0)
    return again({ status: 422, alert: words.register.incomplete, problems })
  if (way === 'letter' && !site.letters.allow(typed.address, client.address))
    return again({ status: 429, alert: words.register.tooMany, retryAfter: 3600 })
  const hash = await hashOf(site, password)
  if (hash === undefined) return again({ status: 503, alert: words.login.busy, retryAfter: 30 })
  return way === 'letter'
    ? byLetter(site, visit, { typed, hash })
    : atOnce(site, visit, { typed, hash, password, again })
}

/** Says the same and does the same work whether name or address are known here or not. */
async function byLetter(
  site: Site,
  { words, cookie, client }: Visit,
  { typed, hash: { password = '', scram = '' } }: { readonly typed: Typed; readonly hash: AccountChange },
): Promise<Answer> {
  const owner = await site.addresses.accountOf(typed.address)
  const token = await site.tickets.issue(
    registrationKind,
    { ...typed, password, scram, browser: site.tokens.of(cookie) },
    // The address has an account: its owner is told, and the link leads nowhere.
    owner === undefined ? letterSeconds : -1,
  )
  const link = `${site.baseUrl()}/register/confirm?${new URLSearchParams({ token })}`
  const title = site.config().web.title
  const letter =
    owner === undefined
      ? words.letters.register({ title, name: typed.name, link })
      : words.letters.known({ title, name: owner.name, link: `${site.baseUrl()}/reset` })
  await site.letters.send({ to: typed.address, ...letter })
  site.audit.record('register', { name: typed.name, address: client.address, known: owner !== undefined })
  return { kind: 'redirect', status: 303, to: '/register/sent' }
}

export async function registerSent(site: Site, visit: Visit): Promise<Answer> {
  return saidPage(site, visit, visit.words.register.sent)
}

interface AtOnce {
  readonly typed: Typed
  readonly hash: AccountChange
  readonly password: string
  readonly again: (more: Omit<Showing, 'typed'>) => Promise<Answer>
}

async function atOnce(site: Site, visit: Visit, { typed, hash, password, again }: AtOnce): Promise<Answer> {
  const { register } = visit.words
  const { name, address, invite } = typed
  const made = await complete(site, visit, { name, hash, invite, mail: { address, proven: false } })
  if (made === 'taken')
    return again({ status: 422, alert: register.incomplete, problems: { name: register.taken } })
  if (made === 'uninvited') return again({})
  if (made === 'later') return again({ status: 503, alert: register.later, retryAfter: 30 })
  const strength = strengthOf(password, [name, address])
  const to = `/register/done?${new URLSearchParams({ strength })}`
  return { kind: 'redirect', status: 303, to, cookies: await begin(site, visit, made) }
}

/** Shown to whoever has just come. */
export async function registerDone(site: Site, visit: Visit): Promise<Answer> {
  const { person, words, query } = visit
  if (person === undefined) return { kind: 'redirect', status: 303, to: '/login' }
  const { register } = words
  const strength = (['fair', 'good', 'strong'] as const).find(each => each === query.get('strength'))
  const texts = [
    register.done.text,
    ...(strength === undefined ? [] : [register.unproven, register.strengths[strength]]),
  ]
  return saidPage(site, visit, { heading: register.done.heading, text: texts.join(' ') })
}
