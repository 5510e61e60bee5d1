/** `/login` and `/logout`: sessions begin and end. RFC 6265 */
import { isLoopback } from '../../address.ts'
import { isWithin } from '../../address-blocks.ts'
import type { ProvenAccount } from '../../client.ts'
import { moveIn } from '../account/move-in.ts'
import { type FormPage, formPage, typedLine } from '../form.ts'
import type { Cookie } from '../http/cookie.ts'
import { loginAddress, ownAddress } from '../people/own-address.ts'
import { freshProof, sessionSeconds } from '../person.ts'
import type { Answer, Site, Visit } from '../site.ts'
import { mainCookie } from '../visits.ts'

interface Showing extends Pick<FormPage, 'status' | 'alert' | 'retryAfter'> {
  readonly name: string
  readonly next: string
  /** Whoever comes has just chosen a new password. */
  readonly chosen?: boolean
}

/** Whether a password may come this way. The rule of NNTP, but that loopback always may. */
export function takesPasswords(site: Site, { secure, client }: Visit): boolean {
  const { plaintext_from } = site.config().auth
  return secure || isLoopback(client.address) || isWithin(plaintext_from, client.address)
}

export async function loginForm(site: Site, visit: Visit): Promise<Answer> {
  const name = visit.person?.account.name ?? ''
  const next = visit.query.get('next') ?? ''
  return page(site, visit, { name, next, chosen: visit.query.has('reset') })
}

function page(site: Site, visit: Visit, showing: Showing): Answer {
  const { person, words } = visit
  const { login } = words
  const { name, next, chosen = false, ...rest } = showing
  const stale = person !== undefined && site.clock.now() - person.provenAt > freshProof
  const notes = [
    ...(chosen ? [words.reset.done] : []),
    ...(takesPasswords(site, visit) ? [] : [login.needsTls]),
    ...(person === undefined ? [] : [login.signedInAs(person.account.name)]),
    ...(stale ? [login.proveAgain] : []),
  ]
  return formPage(site, visit, {
    heading: login.heading,
    notes,
    ...rest,
    links: [
      ...(site.config().web.registration === 'closed'
        ? []
        : [{ text: words.register.heading, to: '/register' }]),
      { text: words.reset.forgotten, to: '/reset' },
    ],
    forms: [
      {
        action: '/login',
        button: login.button,
        hidden: { next: ownAddress(next) },
        entries: [
          { id: 'name', label: login.name, autocomplete: 'username', value: name },
          { id: 'password', label: login.password, type: 'password', autocomplete: 'current-password' },
        ],
      },
    ],
  })
}

export async function logIn(site: Site, visit: Visit): Promise<Answer> {
  const { form, words, client } = visit
  const name = typedLine(form, 'name')
  const next = form.get('next') ?? ''
  const again = (more: Pick<FormPage, 'status' | 'alert' | 'retryAfter'>) =>
    page(site, visit, { name, next, ...more })
  if (!visit.trusted) return again({ status: 403, alert: words.login.oldForm })
  if (!takesPasswords(site, visit)) return again({ status: 403 })
  const password = form.get('password') ?? ''
  const outcome = await site.logins.password({ name, password, address: client.address })
  if (outcome.kind === 'busy') return again({ status: 429, alert: words.login.busy, retryAfter: 30 })
  // The same for a name that nobody has. RFC 4643 2.3.2
  if (outcome.kind === 'refused') return again({ status: 422, alert: words.login.refused })
  return {
    kind: 'redirect',
    status: 303,
    to: ownAddress(next),
    cookies: await begin(site, visit, outcome.account),
  }
}

/** A session for this browser, under a cookie that nobody can have planted. */
export async function begin(site: Site, visit: Visit, account: ProvenAccount): Promise<readonly Cookie[]> {
  const { client, agent, cookie, hadCookie } = visit
  const moved = await moveIn(site, visit, account)
  const before = hadCookie ? { before: cookie } : {}
  const value = await site.people.signIn({ account, address: client.address, agent, ...before })
  return [{ name: mainCookie, value, maxAge: sessionSeconds }, ...moved]
}

export async function logOut(site: Site, visit: Visit): Promise<Answer> {
  const { person, cookie, client } = visit
  if (person !== undefined) {
    await site.people.signOut(cookie)
    site.audit.record('sign-out', { account: person.account.name, address: client.address })
  }
  return { kind: 'redirect', status: 303, to: '/', cookies: [{ name: mainCookie, value: '' }] }
}

/** For those who come without JavaScript or from a bookmark. */
export async function logoutForm(site: Site, visit: Visit): Promise<Answer> {
  const { person, words } = visit
  if (person === undefined) return { kind: 'redirect', status: 303, to: loginAddress('/') }
  return formPage(site, visit, {
    heading: words.login.signOut,
    notes: [words.login.signedInAs(person.account.name)],
    forms: [{ action: '/logout', button: words.login.signOut }],
  })
}
